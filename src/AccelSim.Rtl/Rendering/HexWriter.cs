namespace AccelSim.Rtl.Rendering;

/// <summary>
/// Writes a $readmemh image: one word a line, assembled from fields of which the first is the lowest.
/// </summary>
internal sealed class HexWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly int _wordBits;
    private readonly ulong[] _word;
    private readonly byte[] _line;
    private int _filled;

    /// <param name="path">The file to write.</param>
    /// <param name="wordBits">Bits a word; the fields of each must add up to it.</param>
    public HexWriter(string path, int wordBits)
    {
        _stream = new BufferedStream(File.Create(path), 1 << 16);
        _wordBits = wordBits;
        _word = new ulong[(wordBits + 63) / 64];
        _line = new byte[(wordBits + 3) / 4 + 1];
        _line[^1] = (byte)'\n';
    }

    /// <summary>Appends a field; the word is written when it is full.</summary>
    /// <param name="value">Its lowest <paramref name="bits"/> bits, two's complement.</param>
    /// <param name="bits">1 to 64.</param>
    public void Append(long value, int bits)
    {
        ulong field = bits == 64 ? (ulong)value : (ulong)value & ((1UL << bits) - 1);
        int offset = _filled % 64;
        _word[_filled / 64] |= field << offset;
        if (offset + bits > 64)
            _word[_filled / 64 + 1] |= field >> (64 - offset);
        _filled += bits;
        if (_filled == _wordBits)
            Flush();
    }

    public void Dispose()
    {
        if (_filled != 0)
            throw new InvalidOperationException($"A word of {_wordBits} bits was left with {_filled}.");
        _stream.Dispose();
    }

    private void Flush()
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        for (int digit = 0; digit < _line.Length - 1; digit++)
            _line[_line.Length - 2 - digit] = digits[(int)(_word[digit / 16] >> (4 * (digit % 16))) & 15];
        _stream.Write(_line);
        Array.Clear(_word);
        _filled = 0;
    }
}
