using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>What a graph asks of its values' shapes and types: constants here, since all shapes are known.</summary>
internal static class Queries
{
    [OnnxOperator("Shape")]
    public static void Shape(OnnxNode node) => node.Set(0, Folding.ShapeFoldings.ShapeOf([.. node.ShapeOf(0)], node.Attributes));

    [OnnxOperator("Size")]
    public static void Size(OnnxNode node) => node.Set(0, HostTensor.Of([], [node.ShapeOf(0).Elements]));

    /// <summary>Between floats and to wider integers nothing changes, since all are held in float32; a float is truncated towards 0.</summary>
    [OnnxOperator("Cast")]
    public static void Cast(OnnxNode node)
    {
        var to = (DataType)node.Attributes.Int("to", 0);
        if (!to.IsFloat() && !to.IsInteger())
            throw new OnnxException($"a cast to {to.Text()} is not supported.");
        Convert(node, to);
    }

    [OnnxOperator("CastLike")]
    public static void CastLike(OnnxNode node) => Convert(node, node.TypeOf(1));

    private static void Convert(OnnxNode node, DataType to)
    {
        var from = node.TypeOf(0);
        if (from == to)
        {
            node.Alias(0);
            return;
        }
        string x = node.Number(0);
        if (to == DataType.Bool)
            node.Set(0, node.Layer(new Activation(ActivationKind.Absolute), node.Layer(new Activation(ActivationKind.Sign), x)), to);
        else if (to.IsFloat())
            node.Set(0, x, to);
        else if (from.IsInteger() && to.Range() is var (low, high) && (from.Range().Low < low || from.Range().High > high) && to is not (DataType.Int32 or DataType.Int64))
            throw new OnnxException($"a cast of {from.Text()} to {to.Text()} at run time is not supported: it wraps around.");
        else if (from.IsInteger())
            node.Set(0, x, to);
        else
            node.Set(0, Truncated(node, x), to);
        if (!to.IsFloat())
            node.Note(Quantized.HeldNote);
    }

    /// <summary>sign(x)·⌊|x|⌋.</summary>
    private static string Truncated(OnnxNode node, string x)
    {
        string magnitude = node.Layer(new Activation(ActivationKind.Floor), node.Layer(new Activation(ActivationKind.Absolute), x));
        return node.Layer(new Multiply(), [node.Layer(new Activation(ActivationKind.Sign), x), magnitude]);
    }
}
