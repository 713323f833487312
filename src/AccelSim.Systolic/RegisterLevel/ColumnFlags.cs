namespace AccelSim.Systolic.RegisterLevel;

/// <summary>One flag register in each processing element that moves down its column: a column is a shift register of 64 rows to a word.</summary>
internal sealed class ColumnFlags(int rows, int columns)
{
    private const int WordBits = 64;

    private readonly int _words = (rows + WordBits - 1) / WordBits;
    private readonly ulong[] _bits = new ulong[columns * ((rows + WordBits - 1) / WordBits)];

    public bool this[int row, int column] => (_bits[column * _words + row / WordBits] >> (row % WordBits) & 1) != 0;

    /// <summary>Moves the flags of the first <paramref name="length"/> rows of a column one row down; those below keep theirs.</summary>
    public void ShiftDown(int column, int length, bool entering)
    {
        Span<ulong> words = _bits.AsSpan(column * _words, _words);
        ulong carry = entering ? 1UL : 0;
        for (int i = 0; length > 0; i++, length -= WordBits)
        {
            ulong moving = length >= WordBits ? ulong.MaxValue : (1UL << length) - 1;
            ulong leaving = words[i] >> (WordBits - 1);
            words[i] = (words[i] & ~moving) | ((words[i] << 1 | carry) & moving);
            carry = leaving;
        }
    }
}
