using System.Runtime.InteropServices;
using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using Google.Protobuf;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>A constant of the ONNX graph, whose bytes are copied only when it is known where they go.</summary>
internal sealed class OnnxInitializer(string name, DataType element, IReadOnlyList<long> dimensions, OnnxInitializer.Source bytes)
{
    /// <summary>The elements, little-endian.</summary>
    public delegate ReadOnlySpan<byte> Source();

    public string Name => name;

    public ReadOnlySpan<byte> Bytes => bytes();

    public static OnnxInitializer Of(string name, Tensor tensor, Shape shape) => tensor.Element switch
    {
        ElementType.Float32 => new(name, DataType.Float, Dimensions(shape), () => MemoryMarshal.AsBytes(tensor.Float32)),
        ElementType.Int8 => new(name, DataType.Int8, Dimensions(shape), () => MemoryMarshal.AsBytes(tensor.Int8)),
        _ => new(name, DataType.Int32, Dimensions(shape), () => MemoryMarshal.AsBytes(tensor.Int32)),
    };

    public static OnnxInitializer Of<T>(string name, DataType element, IReadOnlyList<long> dimensions, T[] data) where T : unmanaged =>
        new(name, element, dimensions, () => MemoryMarshal.AsBytes(data.AsSpan()));

    /// <summary>The tensor with its data inside.</summary>
    public TensorProto WithData()
    {
        var tensor = Declared();
        tensor.RawData = ByteString.CopyFrom(Bytes);
        return tensor;
    }

    /// <summary>The tensor with its data in another file beside the model, from <paramref name="offset"/> on.</summary>
    public TensorProto Beside(string file, long offset)
    {
        var tensor = Declared();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = file });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = FormattableString.Invariant($"{offset}") });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = FormattableString.Invariant($"{Bytes.Length}") });
        return tensor;
    }

    private TensorProto Declared() => new() { Name = name, DataType = (int)element, Dims = { dimensions } };

    private static long[] Dimensions(Shape shape) => [.. shape.Select(extent => (long)extent)];
}
