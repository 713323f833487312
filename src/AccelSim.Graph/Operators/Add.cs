namespace AccelSim.Graph;

/// <summary>
/// The integer constants of a residual add: y = clamp(z_y + RoundShift((a − z_a)·M_a + (b − z_b)·M_b, S), low, high).
/// One S for both, so that only the larger multiplier has its full <paramref name="MultiplierBits"/> bits.
/// </summary>
public sealed record AddArithmetic(
    int MultiplierA,
    int MultiplierB,
    int Shift,
    int MultiplierBits,
    Quantization Output,
    int Low,
    int High)
{
    /// <summary>Encodes s_a ÷ s_y and s_b ÷ s_y.</summary>
    public static AddArithmetic Encode(double ratioA, double ratioB, int bits, Quantization output, int low, int high)
    {
        (_, int shift) = Requantization.Encode(Math.Max(ratioA, ratioB), bits);
        return new AddArithmetic(At(ratioA), At(ratioB), shift, bits, output, low, high);

        int At(double ratio) => (int)Math.Floor(Math.ScaleB(ratio, shift) + 0.5);
    }

    internal void Validate()
    {
        FixedPointRanges.CheckMultiplierBits(MultiplierBits);
        foreach (int multiplier in (int[])[MultiplierA, MultiplierB])
        {
            if (multiplier < 0 || multiplier >= 1L << MultiplierBits)
                throw new GraphException($"The multiplier {multiplier} must have at most {MultiplierBits} bits.");
        }
        FixedPointRanges.CheckShift(Shift);
        FixedPointRanges.CheckCodes(Output, Low, High);
    }
}

/// <summary>Elementwise sum (<see cref="Broadcasting"/>), then a clamp.</summary>
public sealed record Add(ClampKind Clamp = ClampKind.None, AddArithmetic? Integer = null) : Operator, IClamped
{
    public override int FewestInputs => 2;

    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0], "The first operand");
        RequireActivation(inputs[1], "The second operand");
        Integer?.Validate();
        return Activations(Broadcasting.Shape(inputs[0].Shape, inputs[1].Shape), Integer?.Output);
    }

    public Operator WithClamp(ClampKind clamp) => this with { Clamp = clamp };

    public override string Describe() => Clamp.Suffix().TrimStart();
}
