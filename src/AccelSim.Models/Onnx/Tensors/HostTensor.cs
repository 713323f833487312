using System.Collections.Immutable;
using AccelSim.Graph;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Tensors;

/// <summary>
/// An ONNX tensor on the host: weights, shape arithmetic, test data. Row-major; extents may be 0. Floats of every width are float32,
/// integers keep their value. A tensor whose elements are all equal may be stored as one element, and a dequantized one as its codes.
/// </summary>
public sealed class HostTensor
{
    /// <summary>More dimensions than any operator has; a limit for files that claim thousands.</summary>
    internal const int LargestRank = 32;

    private readonly Array _data;

    private HostTensor(DataType type, ImmutableArray<int> extents, Array data, QuantizedOrigin? origin = null)
    {
        (Type, Extents, _data, Origin) = (type, extents, data, origin);
        if (extents.Length > LargestRank)
            throw new GraphException($"A tensor has at most {LargestRank} dimensions, but {extents.Length} were given.");
        Elements = Count(extents);
        if (origin is null && data.LongLength != Elements && data.LongLength != 1)
            throw new GraphException($"A tensor of shape {Text(extents)} has {Elements} elements, but {data.LongLength} were given.");
    }

    public DataType Type { get; }

    public ImmutableArray<int> Extents { get; }

    public long Elements { get; }

    public int Rank => Extents.Length;

    /// <summary>The codes that it was dequantized from, or null.</summary>
    public QuantizedOrigin? Origin { get; }

    /// <summary>One element is stored for all.</summary>
    public bool IsUniform => Origin is null && _data.LongLength == 1 && Elements != 1;

    /// <summary>Bytes that a float32 copy would newly take: 0 where the elements are stored as float32.</summary>
    public long BytesToExpand => _data is float[] && !IsUniform ? 0 : 4 * Elements;

    /// <exception cref="GraphException">The array's length is neither the element count nor 1.</exception>
    public static HostTensor Of(ReadOnlySpan<int> extents, float[] data, DataType type = DataType.Float) => new(type, [.. extents], data);

    /// <summary>Integers of a type of at most 8 bits, signed.</summary>
    public static HostTensor Of(ReadOnlySpan<int> extents, sbyte[] data, DataType type = DataType.Int8) => new(type, [.. extents], data);

    public static HostTensor Of(ReadOnlySpan<int> extents, byte[] data, DataType type = DataType.Uint8) => new(type, [.. extents], data);

    public static HostTensor Of(ReadOnlySpan<int> extents, int[] data, DataType type = DataType.Int32) => new(type, [.. extents], data);

    public static HostTensor Of(ReadOnlySpan<int> extents, long[] data, DataType type = DataType.Int64) => new(type, [.. extents], data);

    /// <summary>One value everywhere, stored once.</summary>
    public static HostTensor Uniform(ReadOnlySpan<int> extents, double value, DataType type) =>
        type.IsFloat() ? Of(extents, [(float)value], type) : Of(extents, [(long)value], type);

    /// <summary>The reals of codes, computed where they are read.</summary>
    public static HostTensor Of(QuantizedOrigin origin) => new(DataType.Float, origin.Codes.Extents, Array.Empty<float>(), origin);

    /// <exception cref="GraphException">The index is out of range.</exception>
    public double Real(long index) => Origin is { } origin ? origin.Real(index) : _data switch
    {
        float[] floats => floats[At(floats.Length, index)],
        _ => Integer(index),
    };

    /// <summary>The element as an integer; a float is truncated.</summary>
    public long Integer(long index) => Origin is { } origin ? (long)origin.Real(index) : _data switch
    {
        long[] longs => longs[At(longs.Length, index)],
        int[] integers => integers[At(integers.Length, index)],
        // To the runtime a byte[] is an sbyte[] too: the element type must be asked for.
        Array bytes when bytes.GetType() == typeof(byte[]) => ((byte[])bytes)[At(bytes.Length, index)],
        sbyte[] bytes => bytes[At(bytes.Length, index)],
        float[] floats => Saturated(floats[At(floats.Length, index)]),
        _ => throw new GraphException($"Unknown storage of a {Type.Text()} tensor."),
    };

    /// <summary>All elements as integers.</summary>
    public long[] Integers()
    {
        var values = new long[Elements];
        for (int i = 0; i < values.Length; i++)
            values[i] = Integer(i);
        return values;
    }

    /// <summary>All elements as float32; the tensor's own array where it has one.</summary>
    public float[] Floats()
    {
        if (_data is float[] floats && Origin is null && !IsUniform)
            return floats;
        var values = new float[Elements];
        if (IsUniform)
        {
            Array.Fill(values, (float)Real(0));
            return values;
        }
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)Real(i);
        return values;
    }

    /// <summary>As a float32 tensor of the graph.</summary>
    /// <exception cref="GraphException">It is empty.</exception>
    public Tensor ToTensor() => Tensor.Of(Shape.Of(Extents.AsSpan()), Floats());

    /// <summary>The same elements under other extents. A scale an axis is kept only where the axis stays.</summary>
    /// <exception cref="GraphException">The element count differs.</exception>
    public HostTensor Reshape(ReadOnlySpan<int> extents)
    {
        if (Count(extents) != Elements)
            throw new GraphException($"{Elements} elements of shape {Text(Extents.AsSpan())} do not fit shape {Text(extents)}.");
        if (Origin is not { } origin)
            return new HostTensor(Type, [.. extents], _data);
        var codes = origin.Codes.Reshape(extents);
        if (origin.IsPerTensor)
            return Of(origin with { Codes = codes });
        int axis = -1;
        for (int i = 0; i < extents.Length && axis < 0; i++)
        {
            if (extents[i] == origin.Scales.Length && codes.Stride(i) == origin.Codes.Stride(origin.Axis))
                axis = i;
        }
        return axis < 0 ? Of(extents, Floats(), Type) : Of(origin with { Codes = codes, Axis = axis });
    }

    /// <summary>Dimensions in another order: dimension i of the result is dimension permutation[i].</summary>
    public HostTensor Transpose(ReadOnlySpan<int> permutation)
    {
        var extents = new int[Rank];
        var strides = new long[Rank];
        for (int i = 0; i < Rank; i++)
        {
            extents[i] = Extents[permutation[i]];
            strides[i] = Stride(permutation[i]);
        }
        if (Origin is { } origin)
            return Of(origin with { Codes = origin.Codes.Transpose(permutation), Axis = origin.IsPerTensor ? 0 : permutation.IndexOf(origin.Axis) });
        if (_data.LongLength == 1)
            return new HostTensor(Type, [.. extents], _data);
        return Collect(extents, strides, 0);
    }

    /// <summary>Elements at base + Σ index·stride for every index of <paramref name="extents"/>: any slice, transposition or broadcast.</summary>
    public HostTensor Collect(ReadOnlySpan<int> extents, ReadOnlySpan<long> strides, long start)
    {
        long count = Count(extents);
        if (_data.LongLength == 1 && Origin is null)
            return new HostTensor(Type, [.. extents], _data);
        var source = Origin is null ? _data : Floats();
        var data = Array.CreateInstance(source.GetType().GetElementType()!, count);
        switch (source, data)
        {
            case (float[] from, float[] to): Copy(from, to, extents, strides, start); break;
            case (long[] from, long[] to): Copy(from, to, extents, strides, start); break;
            case (int[] from, int[] to): Copy(from, to, extents, strides, start); break;
            case (sbyte[] from, sbyte[] to): Copy(from, to, extents, strides, start); break;
            case (byte[] from, byte[] to): Copy(from, to, extents, strides, start); break;
        }
        return new HostTensor(Type, [.. extents], data);
    }

    /// <summary>Elements between two neighbours along a dimension.</summary>
    public long Stride(int dimension)
    {
        long stride = 1;
        for (int i = dimension + 1; i < Rank; i++)
            stride *= Extents[i];
        return stride;
    }

    /// <summary>The element count of extents.</summary>
    /// <exception cref="GraphException">An extent is negative or the count is beyond int64.</exception>
    public static long Count(ReadOnlySpan<int> extents)
    {
        long count = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
                throw new GraphException($"The extent {extent} is negative.");
            if (extent > 0 && count > long.MaxValue / extent)
                throw new GraphException($"The shape {Text(extents)} has more than 2^63 elements.");
            count *= extent;
        }
        return count;
    }

    /// <inheritdoc cref="Count(ReadOnlySpan{int})"/>
    public static long Count(ImmutableArray<int> extents) => Count(extents.AsSpan());

    public override string ToString() => $"{Type.Text()} {Text(Extents.AsSpan())}";

    /// <summary>Extents for messages, such as <c>1×3×224×224</c>.</summary>
    public static string Text(ReadOnlySpan<int> extents) => extents.Length == 0 ? "scalar" : string.Join('×', extents.ToArray());

    /// <inheritdoc cref="Text(ReadOnlySpan{int})"/>
    public static string Text(ImmutableArray<int> extents) => Text(extents.AsSpan());

    private static long At(int length, long index) => length == 1 ? 0 : index >= 0 && index < length ? index
        : throw new GraphException(length == 0 ? "A tensor without elements is given where a value is needed." : $"A tensor of {length} elements has no element {index}.");

    private static long Saturated(float value) => float.IsNaN(value) ? 0 : value >= 9.2233715e18f ? long.MaxValue : value <= -9.2233715e18f ? long.MinValue : (long)value;

    private static void Copy<T>(T[] from, T[] to, ReadOnlySpan<int> extents, ReadOnlySpan<long> strides, long start)
    {
        Span<int> index = stackalloc int[extents.Length];
        index.Clear();
        long at = start;
        for (long i = 0; i < to.LongLength; i++)
        {
            to[i] = from[at];
            for (int d = extents.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < extents[d])
                    break;
                at -= strides[d] * extents[d];
                index[d] = 0;
            }
        }
    }
}
