using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Softmax and its logarithm. Before operator set 13 the input is seen as a matrix, all dimensions from the axis on being its columns.</summary>
internal static class Probabilities
{
    [OnnxOperator("Softmax")]
    public static void Softmax(OnnxNode node) => Apply(node, (x, axis) => node.Layer(new Softmax(axis), x));

    /// <summary>x − max − log Σ exp(x − max), finite also where the softmax underflows.</summary>
    [OnnxOperator("LogSoftmax")]
    public static void LogSoftmax(OnnxNode node) => Apply(node, (x, axis) =>
    {
        string largest = node.Layer(new Reduce(ReduceKind.Maximum, [axis]), x);
        string shifted = node.Layer(new Arithmetic(ArithmeticKind.Subtract), [x, largest]);
        string sum = node.Layer(new Reduce(ReduceKind.Sum, [axis]), node.Layer(new Activation(ActivationKind.Exp), shifted));
        return node.Layer(new Arithmetic(ArithmeticKind.Subtract), [shifted, node.Layer(new Activation(ActivationKind.Log), sum)]);
    });

    private static void Apply(OnnxNode node, Func<string, int, string> apply)
    {
        string x = node.Float(0);
        var shape = node.ShapeOf(x);
        if (node.Opset >= 13)
        {
            node.Set(0, apply(x, OnnxNode.Axis(node.Attributes.Int("axis", -1), shape.Rank)));
            return;
        }
        int axis = OnnxNode.Axis(node.Attributes.Int("axis", 1), shape.Rank);
        if (shape.Skip(axis + 1).All(extent => extent == 1))
        {
            node.Set(0, apply(x, axis));
            return;
        }
        int rows = checked((int)shape.Take(axis).Aggregate(1L, (product, extent) => product * extent));
        string matrix = node.Reshaped(x, rows, checked((int)(shape.Elements / rows)));
        node.Set(0, node.Reshaped(apply(matrix, 1), [.. shape]));
    }
}
