namespace AccelSim.Graph;

/// <summary>
/// float32 to int8 codes: clamp(z + x ÷ s, −128, 127), the quotient in float64 and rounded half to even (ONNX QuantizeLinear). NaN becomes the zero point.
/// </summary>
public sealed record Quantize(Quantization Output) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireElement(inputs[0], ElementType.Float32, "The input");
        FixedPointRanges.CheckCodes(Output, sbyte.MinValue, sbyte.MaxValue);
        return Activations(inputs[0].Shape, Output);
    }

    /// <summary>The code of one real.</summary>
    public sbyte Code(float real) => float.IsNaN(real)
        ? (sbyte)Output.ZeroPoint
        : (sbyte)Math.Clamp(Output.ZeroPoint + Math.Round(real / Output.Scale, MidpointRounding.ToEven), sbyte.MinValue, sbyte.MaxValue);

    public override string Describe() => Output.ToString();
}
