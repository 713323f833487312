using System.Collections.Immutable;
using System.Globalization;

namespace AccelSim.Graph;

/// <summary>A function of one element, some with parameters α and β. <see cref="ActivationKinds.Evaluate"/> defines each.</summary>
public enum ActivationKind
{
    Relu,
    Relu6,
    HardSigmoid,
    HardSwish,
    Sigmoid,
    Tanh,
    LeakyRelu,
    Elu,
    Swish,
    Softplus,
    Exp,
    Log,
    Sqrt,
    Reciprocal,
    Absolute,
    Negate,
    Power,
    Clip,
    Affine,
    Round,
    Floor,
    Sign,
    Step,
}

public static class ActivationKinds
{
    /// <summary>
    /// The function in float64. Hard variants: Howard et al., "Searching for MobileNetV3", ICCV 2019, section 5.2. ELU: Clevert et al.,
    /// ICLR 2016. Swish: Ramachandran et al., arXiv:1710.05941. Round is half to even.
    /// </summary>
    public static double Evaluate(this ActivationKind kind, double x, double alpha = 0, double beta = 0) => kind switch
    {
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.Relu6 => Math.Clamp(x, 0, 6),
        ActivationKind.HardSigmoid => Math.Clamp(x + 3, 0, 6) / 6,
        ActivationKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.LeakyRelu => x < 0 ? alpha * x : x,
        ActivationKind.Elu => x < 0 ? alpha * (Math.Exp(x) - 1) : x,
        ActivationKind.Swish => x / (1 + Math.Exp(-x)),
        ActivationKind.Softplus => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
        ActivationKind.Exp => Math.Exp(x),
        ActivationKind.Log => Math.Log(x),
        ActivationKind.Sqrt => Math.Sqrt(x),
        ActivationKind.Reciprocal => 1 / x,
        ActivationKind.Absolute => Math.Abs(x),
        ActivationKind.Negate => -x,
        ActivationKind.Power => Math.Pow(x, alpha),
        ActivationKind.Clip => Math.Min(Math.Max(x, alpha), beta),
        ActivationKind.Affine => alpha * x + beta,
        ActivationKind.Round => Math.Round(x, MidpointRounding.ToEven),
        ActivationKind.Floor => Math.Floor(x),
        ActivationKind.Sign => x > 0 ? 1 : x < 0 ? -1 : 0,
        ActivationKind.Step => x > 0 ? 1 : 0,
        _ => throw new GraphException($"Unknown activation {kind}."),
    };

    /// <summary>How many of α and β the function has.</summary>
    public static int ParameterCount(this ActivationKind kind) => kind switch
    {
        ActivationKind.LeakyRelu or ActivationKind.Elu or ActivationKind.Power => 1,
        ActivationKind.Clip or ActivationKind.Affine => 2,
        _ => 0,
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
    /// <summary>entry(q) = clamp(z_y + floor(f(s_x·(q − z_x)) ÷ s_y + 0.5), −128, 127), f in float64; z_y where f is not defined.</summary>
    public static LookupTable Of(ActivationKind kind, Quantization input, Quantization output, double alpha = 0, double beta = 0)
    {
        var entries = ImmutableArray.CreateBuilder<sbyte>(256);
        for (int code = sbyte.MinValue; code <= sbyte.MaxValue; code++)
        {
            double real = kind.Evaluate(input.Decode(code), alpha, beta);
            entries.Add(output.Encode(double.IsNaN(real) ? 0 : real));
        }
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
public sealed record Activation(ActivationKind Kind, LookupTable? Integer = null, double Alpha = 0, double Beta = 0) : Operator
{
    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        if (!Enum.IsDefined(Kind))
            throw new GraphException($"Unknown activation {Kind}.");
        if (double.IsNaN(Alpha) || double.IsNaN(Beta) || (Kind == ActivationKind.Clip && Alpha > Beta))
            throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"{Kind} cannot have the parameters {Alpha:g6} and {Beta:g6}."));
        Integer?.Validate();
        return Activations(inputs[0].Shape, Integer?.Output);
    }

    public override string Describe() => Kind.ToString().ToLowerInvariant() + Kind.ParameterCount() switch
    {
        1 => string.Create(CultureInfo.InvariantCulture, $" {Alpha:g6}"),
        2 => string.Create(CultureInfo.InvariantCulture, $" {Alpha:g6} {Beta:g6}"),
        _ => "",
    };
}
