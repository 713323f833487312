using AccelSim.Graph;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Functions of one element. A table of an int8 layer is the function between DequantizeLinear and QuantizeLinear where that gives the same codes to one step, else a Gather of it.</summary>
internal static class ActivationNodes
{
    public static OnnxValue Activation(Activation op, LayerNodes nodes) => op.Integer is { } table && !IsFunction(op, table, nodes.InputType(0).Quantization!.Value)
        ? LookUp(table, nodes)
        : Apply(nodes, nodes.Input(), op.Kind, op.Alpha, op.Beta);

    public static OnnxValue Apply(LayerNodes nodes, OnnxValue x, ActivationKind kind, double alpha = 0, double beta = 0) => kind switch
    {
        ActivationKind.Relu => nodes.Clamped(x, ClampKind.Relu),
        ActivationKind.Relu6 => nodes.Clamped(x, ClampKind.Relu6),
        ActivationKind.HardSigmoid => nodes.Each("HardSigmoid", x, OnnxAttribute.Of("alpha", 1.0 / 6), OnnxAttribute.Of("beta", 0.5)),
        ActivationKind.HardSwish => nodes.Each("HardSwish", x),
        ActivationKind.Sigmoid => nodes.Each("Sigmoid", x),
        ActivationKind.Tanh => nodes.Each("Tanh", x),
        ActivationKind.LeakyRelu => nodes.Each("LeakyRelu", x, OnnxAttribute.Of("alpha", alpha)),
        ActivationKind.Elu => nodes.Each("Elu", x, OnnxAttribute.Of("alpha", alpha)),
        ActivationKind.Swish => nodes.Pair("Mul", x, nodes.Each("Sigmoid", x)),
        ActivationKind.Softplus => nodes.Each("Softplus", x),
        ActivationKind.Exp => nodes.Each("Exp", x),
        ActivationKind.Log => nodes.Each("Log", x),
        ActivationKind.Sqrt => nodes.Each("Sqrt", x),
        ActivationKind.Reciprocal => nodes.Each("Reciprocal", x),
        ActivationKind.Absolute => nodes.Each("Abs", x),
        ActivationKind.Negate => nodes.Each("Neg", x),
        ActivationKind.Power => nodes.Pair("Pow", x, nodes.Scalar("exponent", alpha)),
        ActivationKind.Clip => nodes.Clipped(x, alpha, beta),
        ActivationKind.Affine => nodes.Pair("Add", nodes.Pair("Mul", x, nodes.Scalar("factor", alpha)), nodes.Scalar("offset", beta)),
        ActivationKind.Round => nodes.Each("Round", x),
        ActivationKind.Floor => nodes.Each("Floor", x),
        ActivationKind.Sign => nodes.Each("Sign", x),
        ActivationKind.Step => nodes.Node("Cast", x.Shape, [nodes.Compare("Greater", x, nodes.Scalar("zero", 0))], OnnxAttribute.Of("to", (long)DataType.Float)),
        _ => throw new GraphException($"ONNX has no {kind}."),
    };

    /// <summary>Evaluated as a reader of the file would: from float32 reals to float32 and then to codes.</summary>
    private static bool IsFunction(Activation op, LookupTable table, Quantization input)
    {
        var codes = new Quantize(table.Output with { Scale = (float)table.Output.Scale });
        for (int q = sbyte.MinValue; q <= sbyte.MaxValue; q++)
        {
            double real = op.Kind.Evaluate(Dequantize.Real((sbyte)q, input), op.Alpha, op.Beta);
            if (double.IsNaN(real) || Math.Abs(codes.Code((float)real) - table.Entries[q + 128]) > 1)
                return false;
        }
        return true;
    }

    private static OnnxValue LookUp(LookupTable table, LayerNodes nodes)
    {
        var entries = nodes.Writer.Constant("table", DataType.Int8, Shape.Of(256), table.Entries.ToArray());
        var codes = nodes.Node("Cast", DataType.Int64, nodes.Type.Shape, [nodes.Codes(0)], OnnxAttribute.Of("to", (long)DataType.Int64));
        var indices = nodes.Pair("Add", codes, nodes.Integer("first_code", -sbyte.MinValue));
        return nodes.Node("Gather", DataType.Int8, nodes.Type.Shape, [entries, indices], OnnxAttribute.Of("axis", 0));
    }
}
