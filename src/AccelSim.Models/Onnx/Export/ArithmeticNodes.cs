using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Functions of two elements, and concatenation.</summary>
internal static class ArithmeticNodes
{
    public static OnnxValue Sum(Add op, LayerNodes nodes)
    {
        if (op.Integer is not { } integer)
            return nodes.Clamped(nodes.Pair("Add", nodes.Input(0), nodes.Input(1)), op.Clamp);
        double[] ratios = [QuantizedReals.Ratio(integer.MultiplierA, integer.Shift), QuantizedReals.Ratio(integer.MultiplierB, integer.Shift)];
        var codes = ratios.Select((_, i) => nodes.InputType(i).Quantization!.Value).ToArray();
        double deviation = ratios.Zip(codes, (ratio, operand) => Math.Abs(ratio - operand.Scale / integer.Output.Scale) * QuantizedReals.Reach(operand)).Sum();
        OnnxValue Operand(int i) => QuantizedReals.Agree(deviation) ? nodes.Input(i) : nodes.Input(i, ratios[i] * integer.Output.Scale);
        return nodes.Clamped(nodes.Pair("Add", Operand(0), Operand(1)), integer.Output, integer.Low, integer.High, op.Clamp);
    }

    public static OnnxValue Product(Multiply op, LayerNodes nodes)
    {
        if (op.Integer is not { } integer)
            return nodes.Pair("Mul", nodes.Input(0), nodes.Input(1));
        var (a, b) = (nodes.InputType(0).Quantization!.Value, nodes.InputType(1).Quantization!.Value);
        double ratio = integer.Ratio(0), deviation = Math.Abs(ratio - a.Scale * b.Scale / integer.Output.Scale) * QuantizedReals.Reach(a) * QuantizedReals.Reach(b);
        var second = QuantizedReals.Agree(deviation) ? nodes.Input(1) : nodes.Input(1, ratio * integer.Output.Scale / a.Scale);
        return nodes.Clamped(nodes.Pair("Mul", nodes.Input(0), second), integer);
    }

    public static OnnxValue Arithmetic(Arithmetic op, LayerNodes nodes)
    {
        var (a, b) = (nodes.Input(0), nodes.Input(1));
        return op.Kind switch
        {
            ArithmeticKind.Subtract => nodes.Pair("Sub", a, b),
            ArithmeticKind.Divide => nodes.Pair("Div", a, b),
            ArithmeticKind.Power => nodes.Pair("Pow", a, b),
            ArithmeticKind.Maximum => nodes.Pair("Max", a, b),
            ArithmeticKind.Minimum => nodes.Pair("Min", a, b),
            // PRelu repeats its slope, but never its input.
            ArithmeticKind.LeakySlope when nodes.Type.Shape == a.Shape => nodes.Pair("PRelu", a, b),
            ArithmeticKind.LeakySlope => nodes.Where(nodes.Compare("Less", a, nodes.Scalar("zero", 0)), nodes.Pair("Mul", a, b), a),
            _ => throw new GraphException($"ONNX has no {op.Kind}."),
        };
    }

    public static OnnxValue Concat(Concat op, LayerNodes nodes) => nodes.Node(
        "Concat", nodes.Type.Shape, [.. Enumerable.Range(0, nodes.InputCount).Select(i => Operand(op, nodes, i))], OnnxAttribute.Of("axis", op.Axis));

    private static OnnxValue Operand(Concat op, LayerNodes nodes, int i)
    {
        if (op.Integer is not { } integer || op.Copies(nodes.InputType(i)))
            return nodes.Input(i);
        var codes = nodes.InputType(i).Quantization!.Value;
        double deviation = Math.Abs(integer.Ratio(i) - codes.Scale / integer.Output.Scale) * QuantizedReals.Reach(codes);
        var x = QuantizedReals.Agree(deviation) ? nodes.Input(i) : nodes.Input(i, integer.Ratio(i) * integer.Output.Scale);
        return nodes.Clamped(x, integer);
    }
}
