namespace AccelSim.Graph;

/// <summary>int8 codes to float32: (q − z)·s, one float32 product (ONNX DequantizeLinear).</summary>
public sealed record Dequantize : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireElement(inputs[0], ElementType.Int8, "The input");
        if (inputs[0].Quantization is null)
            throw new GraphException("The input has no scale and zero point.");
        return Activations(inputs[0].Shape, null);
    }

    /// <summary>The real of one code.</summary>
    public static float Real(sbyte code, Quantization input) => (code - input.ZeroPoint) * (float)input.Scale;
}
