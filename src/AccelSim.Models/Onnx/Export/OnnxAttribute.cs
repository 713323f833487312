using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using Google.Protobuf;
using AttributeType = AccelSim.Models.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Attributes of nodes, each with its type, as IR version 2 and later demand.</summary>
internal static class OnnxAttribute
{
    public static AttributeProto Of(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Of(string name, double value) => new() { Name = name, Type = AttributeType.Float, F = (float)value };

    public static AttributeProto Of(string name, string value) => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Of(string name, IEnumerable<int> values) => new() { Name = name, Type = AttributeType.Ints, Ints = { values.Select(value => (long)value) } };

    public static AttributeProto Of(string name, IEnumerable<double> values) => new() { Name = name, Type = AttributeType.Floats, Floats = { values.Select(value => (float)value) } };

    public static AttributeProto Of(string name, IEnumerable<string> values) => new() { Name = name, Type = AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } };

    public static AttributeProto Of(string name, GraphProto body) => new() { Name = name, Type = AttributeType.Graph, G = body };

    /// <summary>Height, then width.</summary>
    public static AttributeProto Of(string name, Size2 size) => Of(name, [size.Height, size.Width]);

    /// <summary>ONNX lists the padding before each axis, then that after each.</summary>
    public static AttributeProto Pads(Padding padding) => Of("pads", [padding.Top, padding.Left, padding.Bottom, padding.Right]);
}
