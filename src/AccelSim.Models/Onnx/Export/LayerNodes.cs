using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>
/// The nodes of one layer: its operands as ONNX values, and the nodes added for it. Operands that are int8 codes are read through DequantizeLinear, so that an
/// operator's export is the same in float and quantized graphs.
/// </summary>
internal sealed class LayerNodes(OnnxGraphWriter writer, LayerGraph graph, Layer layer)
{
    public int InputCount => layer.Inputs.Length;

    public int ConstantCount => layer.Constants.Length;

    /// <summary>The type of the layer's value.</summary>
    public TensorType Type => graph.TypeOf(layer.Name);

    public bool IsOutput => graph.Outputs.Contains(layer.Name);

    public OnnxGraphWriter Writer => writer;

    public TensorType InputType(int index) => graph.TypeOf(layer.Inputs[index]);

    /// <summary>An input as reals.</summary>
    public OnnxValue Input(int index = 0) =>
        InputType(index).Quantization is { } codes ? writer.Dequantized(layer.Inputs[index], codes.Scale) : writer.Value(layer.Inputs[index]);

    /// <summary>An input of codes as reals of another scale than its own.</summary>
    public OnnxValue Input(int index, double scale) => writer.Dequantized(layer.Inputs[index], scale);

    /// <summary>An input as it is.</summary>
    public OnnxValue Codes(int index) => writer.Value(layer.Inputs[index]);

    /// <summary>The constant of the layer graph at a position, or null where an activation stands in its place.</summary>
    public Constant? FixedConstant(int index) => graph.Constants.GetValueOrDefault(layer.Constants[index]);

    /// <summary>A constant operand, or null when it is absent.</summary>
    public OnnxValue? Constant(int index) => index < layer.Constants.Length ? writer.Value(layer.Constants[index]) : null;

    /// <summary>A constant operand under another shape of as many elements.</summary>
    public OnnxValue Constant(int index, Shape shape) => FixedConstant(index) is { } constant ? writer.Reshaped(constant, shape) : Reshape(Constant(index)!, shape);

    public OnnxValue Node(string operation, Shape shape, IReadOnlyList<OnnxValue?> inputs, params IReadOnlyList<AttributeProto> attributes) =>
        Node(operation, DataType.Float, shape, inputs, attributes);

    public OnnxValue Node(string operation, DataType element, Shape shape, IReadOnlyList<OnnxValue?> inputs, params IReadOnlyList<AttributeProto> attributes) =>
        Nodes(operation, inputs, [(element, shape)], attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public OnnxValue[] Nodes(string operation, IReadOnlyList<OnnxValue?> inputs, IReadOnlyList<(DataType Element, Shape Shape)> outputs, params IReadOnlyList<AttributeProto> attributes)
    {
        OnnxValue[] results = [.. outputs.Select(output => new OnnxValue(writer.Unique($"{layer.Name}/{operation.ToLowerInvariant()}"), output.Element, output.Shape))];
        writer.Node(operation, inputs, results, attributes);
        return results;
    }

    /// <summary>A function of one element.</summary>
    public OnnxValue Each(string operation, OnnxValue x, params IReadOnlyList<AttributeProto> attributes) => Node(operation, x.Element, x.Shape, [x], attributes);

    /// <summary>A function of two elements, broadcast.</summary>
    public OnnxValue Pair(string operation, OnnxValue a, OnnxValue b) => Node(operation, a.Element, Broadcasting.Shape(a.Shape, b.Shape), [a, b]);

    /// <summary>A comparison of two elements, broadcast.</summary>
    public OnnxValue Compare(string operation, OnnxValue a, OnnxValue b) => Node(operation, DataType.Bool, Broadcasting.Shape(a.Shape, b.Shape), [a, b]);

    /// <summary>The first value where the condition holds, else the second, all broadcast.</summary>
    public OnnxValue Where(OnnxValue condition, OnnxValue then, OnnxValue otherwise) =>
        Node("Where", then.Element, Broadcasting.Shape(condition.Shape, Broadcasting.Shape(then.Shape, otherwise.Shape)), [condition, then, otherwise]);

    public OnnxValue Reshape(OnnxValue x, Shape shape) => x.Shape == shape ? x : Node("Reshape", x.Element, shape, [x, Integers("shape", [.. shape.Select(extent => (long)extent)])]);

    public OnnxValue Transpose(OnnxValue x, params IReadOnlyList<int> permutation) =>
        Node("Transpose", x.Element, Shape.Of([.. permutation.Select(dimension => x.Shape[dimension])]), [x], OnnxAttribute.Of("perm", permutation));

    /// <summary>Elements [start, start + length) along an axis.</summary>
    public OnnxValue Slice(OnnxValue x, int axis, int start, int length) => length == x.Shape[axis]
        ? x
        : Node("Slice", x.Element, x.Shape.With(axis, length), [x, Integers("starts", start), Integers("ends", start + length), Integers("axes", axis)]);

    /// <summary>Elements before and after each dimension, of one value.</summary>
    public OnnxValue Pad(OnnxValue x, IReadOnlyList<int> before, IReadOnlyList<int> after, double value) => Node(
        "Pad", Shape.Of([.. x.Shape.Select((extent, d) => before[d] + extent + after[d])]), [x, Integers("pads", [.. before.Concat(after).Select(count => (long)count)]), Scalar("pad_value", value)]);

    /// <summary>Rows and columns of one value around an image.</summary>
    public OnnxValue Pad(OnnxValue image, Padding padding, double value) => padding == Padding.None
        ? image
        : Pad(image, [0, 0, padding.Top, padding.Left], [0, 0, padding.Bottom, padding.Right], value);

    public OnnxValue Scalar(string role, double value) => writer.Constant($"{layer.Name}/{role}", DataType.Float, Shape.Of(), [(float)value]);

    public OnnxValue Floats(string role, Shape shape, float[] values) => writer.Constant($"{layer.Name}/{role}", DataType.Float, shape, values);

    public OnnxValue Integers(string role, params IReadOnlyList<long> values) => writer.Integers($"{layer.Name}/{role}", values);

    /// <summary>A single integer as a scalar.</summary>
    public OnnxValue Integer(string role, long value) => writer.Constant<long>($"{layer.Name}/{role}", DataType.Int64, Shape.Of(), [value]);

    public OnnxValue Clamped(OnnxValue x, ClampKind clamp) => clamp switch
    {
        ClampKind.None => x,
        ClampKind.Relu => Each("Relu", x),
        _ => Clipped(x, clamp.Low(), clamp.High()),
    };

    /// <summary>min(max(x, low), high); an infinite bound is left out.</summary>
    public OnnxValue Clipped(OnnxValue x, double low, double high) => Node(
        "Clip", x.Shape, [x, double.IsInfinity(low) ? null : Scalar("low", low), double.IsInfinity(high) ? null : Scalar("high", high)]);

    /// <summary>The layer's own node, whose output bears the layer's name.</summary>
    public void Finish(OnnxValue value)
    {
        if (Type.Quantization is { } codes && value.Element == DataType.Float)
            value = Node("QuantizeLinear", DataType.Int8, value.Shape, [value, .. writer.Parameters(layer.Name, codes)]);
        if (value.Shape != Type.Shape || value.Element != Type.Element.ToOnnx())
            throw new GraphException($"its nodes give {value.Element} {value.Shape}, but the layer is {Type}.");
        string attributes = layer.Operator.Describe();
        writer.Name(value, layer.Name, attributes.Length == 0 ? layer.Operator.Name : $"{layer.Operator.Name} {attributes}");
    }
}
