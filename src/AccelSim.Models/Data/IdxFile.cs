using System.Buffers.Binary;
using System.IO.Compression;
using AccelSim.Graph;

namespace AccelSim.Models.Data;

/// <summary>
/// The IDX format of MNIST and Fashion-MNIST (http://yann.lecun.com/exdb/mnist): a big-endian magic number 0x0000080D with D dimensions,
/// the extents, then unsigned bytes. Read plain or gzip-compressed.
/// </summary>
public static class IdxFile
{
    private const int UnsignedBytes = 0x08;

    /// <summary>No file may claim more elements than this.</summary>
    private const long LargestElements = 1L << 30;

    /// <exception cref="GraphException">The file is missing, is not IDX, or is shorter than it claims.</exception>
    public static (int[] Extents, byte[] Data) Read(string path)
    {
        if (!File.Exists(path))
            throw new GraphException($"There is no file {path}.");
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(stream, path);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new GraphException($"{path} is damaged: {error.Message}", error);
        }
    }

    public static void Write(string path, int[] extents, ReadOnlySpan<byte> data)
    {
        using var stream = File.Create(path);
        Span<byte> word = stackalloc byte[4];
        foreach (int value in (int[])[UnsignedBytes << 8 | extents.Length, .. extents])
        {
            BinaryPrimitives.WriteInt32BigEndian(word, value);
            stream.Write(word);
        }
        stream.Write(data);
    }

    private static (int[] Extents, byte[] Data) Read(Stream stream, string path)
    {
        int magic = ReadWord(stream);
        if (magic >> 8 != UnsignedBytes || (magic & 0xff) is < 1 or > 4)
            throw new GraphException($"{path} is not an IDX file of unsigned bytes: it begins with 0x{magic:X8}, not 0x00000801 to 0x00000804.");
        int[] extents = new int[magic & 0xff];
        long elements = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = ReadWord(stream);
            if (extents[i] < 1 || (elements *= extents[i]) > LargestElements)
                throw new GraphException($"{path} claims extents that no data set has ({string.Join(" × ", extents.Take(i + 1))}).");
        }
        byte[] data = new byte[elements];
        stream.ReadExactly(data);
        return (extents, data);
    }

    private static int ReadWord(Stream stream)
    {
        Span<byte> word = stackalloc byte[4];
        stream.ReadExactly(word);
        return BinaryPrimitives.ReadInt32BigEndian(word);
    }
}
