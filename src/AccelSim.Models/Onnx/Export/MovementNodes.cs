using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>
/// Operators that move elements. In a quantized graph they stand between DequantizeLinear and QuantizeLinear of one scale, which gives the same codes
/// back, as readers of such files expect.
/// </summary>
internal static class MovementNodes
{
    /// <summary>Not a node: an initializer of the layer's name, unless the graph gives it out.</summary>
    public static OnnxValue? Literal(LayerNodes nodes, string layer)
    {
        if (nodes.IsOutput)
            return nodes.Each("Identity", nodes.Constant(0)!);
        nodes.Writer.Declare(layer, nodes.FixedConstant(0)!);
        return null;
    }

    public static OnnxValue Flatten(Flatten op, LayerNodes nodes) => nodes.Node("Flatten", nodes.Type.Shape, [nodes.Input()], OnnxAttribute.Of("axis", 1));

    public static OnnxValue Reshape(Reshape op, LayerNodes nodes) =>
        nodes.Node("Reshape", nodes.Type.Shape, [nodes.Input(), nodes.Integers("shape", [.. op.Extents.Select(extent => (long)extent)])]);

    public static OnnxValue Transpose(Transpose op, LayerNodes nodes) => nodes.Transpose(nodes.Input(), op.Permutation);

    public static OnnxValue Slice(Slice op, LayerNodes nodes)
    {
        long last = op.Start + (op.Length - 1L) * op.Step;
        // Backwards to the first element, the end lies before it, which a count from the back says: −1 would be the last.
        long end = op.Step > 0 ? last + 1 : last > 0 ? last - 1 : -nodes.InputType(0).Shape[op.Axis] - 1L;
        return nodes.Node("Slice", nodes.Type.Shape,
            [nodes.Input(), nodes.Integers("starts", op.Start), nodes.Integers("ends", end), nodes.Integers("axes", op.Axis), nodes.Integers("steps", op.Step)]);
    }

    public static OnnxValue Pad(Pad op, LayerNodes nodes)
    {
        double value = nodes.Type.Quantization is { } codes ? codes.Decode(codes.Encode(op.Value)) : op.Value;
        return op.Mode == PadMode.Constant
            ? nodes.Pad(nodes.Input(), op.Before, op.After, value)
            : nodes.Node("Pad", nodes.Type.Shape,
                [nodes.Input(), nodes.Integers("pads", [.. op.Before.Concat(op.After).Select(count => (long)count)])], OnnxAttribute.Of("mode", op.Mode == PadMode.Edge ? "edge" : "reflect"));
    }

    public static OnnxValue Gather(Gather op, LayerNodes nodes) => Gather(nodes, nodes.Input(), op.Axis, op.Indices);

    public static OnnxValue ChannelShuffle(ChannelShuffle op, LayerNodes nodes)
    {
        var x = nodes.Input();
        int[] rest = [.. x.Shape.Skip(2)];
        var grouped = nodes.Reshape(x, Shape.Of([x.Shape[0], op.Groups, x.Shape[1] / op.Groups, .. rest]));
        var shuffled = nodes.Transpose(grouped, [0, 2, 1, .. Enumerable.Range(3, rest.Length)]);
        return nodes.Node("Reshape", x.Shape, [shuffled, nodes.Integers("shape", [.. x.Shape.Select(extent => (long)extent)])]);
    }

    public static OnnxValue Interpolate(Interpolate op, LayerNodes nodes)
    {
        var x = nodes.Input();
        var along = Shape.Of([.. x.Shape.Skip(op.Axis).Select((_, d) => d == 0 ? op.Low.Length : 1)]);
        OnnxValue Share(System.Collections.Immutable.ImmutableArray<int> positions, string role, Func<double, double> weight) =>
            nodes.Pair("Mul", Gather(nodes, x, op.Axis, positions), nodes.Floats(role, along, [.. op.Fraction.Select(fraction => (float)weight(fraction))]));
        return nodes.Pair("Add", Share(op.Low, "low_share", fraction => 1 - fraction), Share(op.High, "high_share", fraction => fraction));
    }

    private static OnnxValue Gather(LayerNodes nodes, OnnxValue x, int axis, IReadOnlyList<int> indices) => nodes.Node(
        "Gather", x.Shape.With(axis, indices.Count), [x, nodes.Integers("indices", [.. indices.Select(index => (long)index)])], OnnxAttribute.Of("axis", axis));
}
