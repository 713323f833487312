using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Float functions in arithmetic that every accelerator has: ILGPU's core has no exponential for PTX, and drivers' own
/// differ in their last bits.
/// </summary>
[ExcludeFromCodeCoverage]
internal static class FloatFunctions
{
    /// <summary>A NaN stays one, so that a poisoned element is not hidden.</summary>
    public static float Clamp(float x, float low, float high) => x < low ? low : x > high ? high : x;

    /// <summary>
    /// e^x for x ≤ 0 to about 2 units in the last place: x = n·ln 2 + r with |r| ≤ ln 2 ÷ 2, Taylor's series to r⁷ (the next
    /// term is below 2⁻²⁷), then n added to the exponent. ln 2 in two parts keeps r exact. Below −87 the result is 0.
    /// </summary>
    public static float ExpOfNegative(float x)
    {
        if (x < -87f)
            return 0;
        int n = (int)(x * 1.44269504f - 0.5f);
        float r = x - n * 0.693359375f + n * 2.12194440e-4f;
        float series = 1 + r * (1 + r * (1f / 2 + r * (1f / 6 + r * (1f / 24 + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040)))))));
        return series * Interop.IntAsFloat((uint)(n + 127) << 23);
    }

    public static float Sigmoid(float x)
    {
        float small = ExpOfNegative(x < 0 ? x : -x);
        return (x < 0 ? small : 1) / (1 + small);
    }

    /// <summary>Near 0, where 1 − e^(−2|x|) cancels, Taylor's series to x⁹ (error below 2⁻²⁷ of x for |x| &lt; 0.3).</summary>
    public static float Tanh(float x)
    {
        float magnitude = x < 0 ? -x : x;
        if (magnitude < 0.3f)
        {
            float square = x * x;
            return x * (1 + square * (-1f / 3 + square * (2f / 15 + square * (-17f / 315 + square * (62f / 2835 + square * (-1382f / 155925))))));
        }
        float small = ExpOfNegative(-2 * magnitude);
        float result = (1 - small) / (1 + small);
        return x < 0 ? -result : result;
    }

    public static float Apply(ActivationKind kind, float x) => kind switch
    {
        ActivationKind.Relu => Clamp(x, 0, float.PositiveInfinity),
        ActivationKind.Relu6 => Clamp(x, 0, 6),
        ActivationKind.HardSigmoid => Clamp(x + 3, 0, 6) * (1f / 6),
        ActivationKind.HardSwish => x * Clamp(x + 3, 0, 6) * (1f / 6),
        ActivationKind.Sigmoid => Sigmoid(x),
        _ => Tanh(x),
    };
}
