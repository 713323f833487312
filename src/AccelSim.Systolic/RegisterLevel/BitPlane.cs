using System.Numerics;
using System.Runtime.CompilerServices;

namespace AccelSim.Systolic.RegisterLevel;

/// <summary>One flag register in each processing element: a row is a shift register of 64 columns to a word.</summary>
internal sealed class BitPlane
{
    private const int WordBits = 64;

    private readonly ulong[] _words;
    private readonly ulong _lastWord;

    public BitPlane(int rows, int columns)
    {
        Words = (columns + WordBits - 1) / WordBits;
        _words = new ulong[rows * Words];
        _lastWord = ulong.MaxValue >> (Words * WordBits - columns);
    }

    /// <summary>Words of a row.</summary>
    public int Words { get; }

    public Span<ulong> Row(int row) => _words.AsSpan(row * Words, Words);

    /// <summary>The flags of as many columns as a vector of registers has, from a column that is a multiple of it: the first in bit 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Block(int row, int column) =>
        (uint)(_words[row * Words + column / WordBits] >> (column % WordBits)) & (uint)((1UL << Vector<int>.Count) - 1);

    /// <summary>Moves a row's flags one column to the right; the last leaves the array.</summary>
    public void ShiftRight(int row, bool entering)
    {
        Span<ulong> words = Row(row);
        ulong carry = entering ? 1UL : 0;
        for (int i = 0; i < words.Length; i++)
        {
            ulong leaving = words[i] >> (WordBits - 1);
            words[i] = words[i] << 1 | carry;
            carry = leaving;
        }
        words[^1] &= _lastWord;
    }

    /// <summary>Moves a row's flags to the row below it.</summary>
    public void CopyDown(int row) => Row(row - 1).CopyTo(Row(row));

    public void Set(int row, int column, bool value)
    {
        ref ulong word = ref _words[row * Words + column / WordBits];
        ulong bit = 1UL << (column % WordBits);
        word = value ? word | bit : word & ~bit;
    }

    /// <summary>Elements of a row that have both flags.</summary>
    public static int CountBoth(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        int count = 0;
        for (int i = 0; i < a.Length; i++)
            count += BitOperations.PopCount(a[i] & b[i]);
        return count;
    }
}
