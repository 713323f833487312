using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>A function of one element. <see cref="ActivationKinds.Evaluate"/> defines each.</summary>
public enum ActivationKind
{
    Relu,
    Relu6,
    HardSigmoid,
    HardSwish,
    Sigmoid,
    Tanh,
}

public static class ActivationKinds
{
    /// <summary>The function in float64. Hard variants: Howard et al., "Searching for MobileNetV3", ICCV 2019, section 5.2.</summary>
    public static double Evaluate(this ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.Relu6 => Math.Clamp(x, 0, 6),
        ActivationKind.HardSigmoid => Math.Clamp(x + 3, 0, 6) / 6,
        ActivationKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        _ => throw new GraphException($"Unknown activation {kind}."),
    };

    /// <summary>The clamp that equals this activation, if one does.</summary>
    public static ClampKind? AsClamp(this ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => ClampKind.Relu,
        ActivationKind.Relu6 => ClampKind.Relu6,
        _ => null,
    };
}

/// <summary>A function of one int8 code as 256 entries; the entry of code q is at index q + 128.</summary>
public sealed record LookupTable(ImmutableArray<sbyte> Entries, Quantization Output)
{
    /// <summary>entry(q) = clamp(z_y + floor(f(s_x·(q − z_x)) ÷ s_y + 0.5), −128, 127), f in float64.</summary>
    public static LookupTable Of(ActivationKind kind, Quantization input, Quantization output)
    {
        var entries = ImmutableArray.CreateBuilder<sbyte>(256);
        for (int code = sbyte.MinValue; code <= sbyte.MaxValue; code++)
            entries.Add(output.Encode(kind.Evaluate(input.Decode(code))));
        return new LookupTable(entries.MoveToImmutable(), output);
    }

    internal void Validate()
    {
        if (Entries.Length != 256)
            throw new GraphException($"An activation table has 256 entries, but {Entries.Length} were given.");
        FixedPointRanges.CheckCodes(Output, sbyte.MinValue, sbyte.MaxValue);
    }
}

/// <summary>Applies a function to every element: float by <see cref="ActivationKinds.Evaluate"/>, integer by a table.</summary>
public sealed record Activation(ActivationKind Kind, LookupTable? Integer = null) : Operator
{
    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        Integer?.Validate();
        return Activations(inputs[0].Shape, Integer?.Output);
    }

    public override string Describe() => Kind.ToString().ToLowerInvariant();
}
