using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Float functions in arithmetic that every accelerator has: ILGPU's core has no exponential for PTX, and drivers' own
/// differ in their last bits. Operands are split by masks and not by
/// Dekker's product, which a contraction to fused multiply-adds would spoil; and 0 and 1 that stand alone are written as floats, since OpenCL code of ILGPU makes 1.4e-45 of a true that is converted.
/// </summary>
[ExcludeFromCodeCoverage]
internal static class FloatFunctions
{
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const uint UpperHalf = 0xFFFFF000;

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
        float r = x - n * Ln2High - n * Ln2Low;
        float series = 1 + r * (1 + r * (1f / 2 + r * (1f / 6 + r * (1f / 24 + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040)))))));
        return series * Interop.IntAsFloat((uint)(n + 127) << 23);
    }

    /// <summary>e^x as <see cref="ExpOfNegative"/>, over the whole range: denormal results, and infinity above 88.8.</summary>
    public static float Exp(float x) => ExpOfSum(x, 0);

    /// <summary>e^(x + small), where the sum itself has more digits than a float.</summary>
    private static float ExpOfSum(float x, float small)
    {
        float sum = x + small;
        if (sum > 89)
            return float.PositiveInfinity;
        if (sum < -104)
            return 0;
        int n = (int)(sum * 1.44269504f + (sum < 0 ? -0.5f : 0.5f));
        float r = x - n * Ln2High + (small - n * Ln2Low);
        float series = 1 + r * (1 + r * (1f / 2 + r * (1f / 6 + r * (1f / 24 + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040)))))));
        // In two steps, since 2ⁿ alone may not be a normal number.
        int half = n / 2;
        return series * Interop.IntAsFloat((uint)(half + 127) << 23) * Interop.IntAsFloat((uint)(n - half + 127) << 23);
    }

    /// <summary>
    /// e^x − 1 for x ≤ 0 without the cancellation near 0: Taylor's series to x⁹ (error below 2⁻²⁷ of x for |x| &lt; 0.4).
    /// </summary>
    public static float ExpLessOneOfNegative(float x)
    {
        if (x < -0.4f)
            return ExpOfNegative(x) - 1;
        return x * (1 + x * (1f / 2 + x * (1f / 6 + x * (1f / 24 + x * (1f / 120 + x * (1f / 720 + x * (1f / 5040 + x * (1f / 40320 + x * (1f / 362880)))))))));
    }

    /// <summary>
    /// ln x to about 2 units in the last place: x = 2ⁿ·m with √½ ≤ m &lt; √2, and ln m = 2·artanh((m − 1) ÷ (m + 1)).
    /// </summary>
    public static float Log(float x)
    {
        var split = LogSplit.Of(x);
        return split.High + (split.Middle + split.Low);
    }

    /// <summary>ln(1 + x) for 0 ≤ x ≤ 1.</summary>
    public static float LogOnePlus(float x) => DoubledArtanh(x / (2 + x));

    /// <summary>
    /// x^y for any operands, as <see cref="Math.Pow(double, double)"/>: e^(y·ln|x|) with the product and the logarithm in two floats each, since an error in the exponent
    /// is multiplied by its magnitude.
    /// </summary>
    public static float Power(float x, float y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (IsNaN(x) || IsNaN(y))
            return x + y;
        float magnitude = x < 0 ? -x : x;
        float absolute = y < 0 ? -y : y;
        // At and above 2²⁴ every float is an even number.
        bool isWhole = absolute >= 16777216 || (int)absolute == absolute;
        bool isOdd = absolute < 16777216 && isWhole && ((int)absolute & 1) != 0;
        float result;
        if (magnitude == 0)
            result = y > 0 ? 0 : float.PositiveInfinity;
        else if (magnitude == float.PositiveInfinity)
            result = y > 0 ? float.PositiveInfinity : 0;
        else if (absolute == float.PositiveInfinity)
            result = magnitude == 1 ? 1 : magnitude > 1 == y > 0 ? float.PositiveInfinity : 0;
        else if (x < 0 && !isWhole)
            result = float.NaN;
        else
            result = PowerOfPositive(magnitude, y);
        return x < 0 && isOdd ? -result : result;
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

    /// <summary>ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|).</summary>
    public static float Softplus(float x) => Clamp(x, 0, float.PositiveInfinity) + LogOnePlus(ExpOfNegative(x < 0 ? x : -x));

    /// <summary>Half to even. From 2²³ on every float is whole.</summary>
    public static float Round(float x)
    {
        if (!(x < 8388608 && x > -8388608))
            return x;
        int whole = (int)x;
        float fraction = x - whole;
        if (fraction > 0.5f || (fraction == 0.5f && (whole & 1) != 0))
            whole++;
        if (fraction < -0.5f || (fraction == -0.5f && (whole & 1) != 0))
            whole--;
        return whole;
    }

    public static float Floor(float x)
    {
        if (!(x < 8388608 && x > -8388608))
            return x;
        int whole = (int)x;
        return whole > x ? whole - 1 : whole;
    }

    /// <summary><see cref="ActivationKinds.Evaluate"/> in float32.</summary>
    public static float Apply(ActivationKind kind, float x, float alpha, float beta) => kind switch
    {
        ActivationKind.Relu => Clamp(x, 0, float.PositiveInfinity),
        ActivationKind.Relu6 => Clamp(x, 0, 6),
        ActivationKind.HardSigmoid => Clamp(x + 3, 0, 6) * (1f / 6),
        ActivationKind.HardSwish => x * Clamp(x + 3, 0, 6) * (1f / 6),
        ActivationKind.Sigmoid => Sigmoid(x),
        ActivationKind.Tanh => Tanh(x),
        ActivationKind.LeakyRelu => x < 0 ? alpha * x : x,
        ActivationKind.Elu => x < 0 ? alpha * ExpLessOneOfNegative(x) : x,
        ActivationKind.Swish => x * Sigmoid(x),
        ActivationKind.Softplus => Softplus(x),
        ActivationKind.Exp => Exp(x),
        ActivationKind.Log => Log(x),
        ActivationKind.Sqrt => MathF.Sqrt(x),
        ActivationKind.Reciprocal => 1 / x,
        ActivationKind.Absolute => x < 0 ? -x : x,
        ActivationKind.Negate => -x,
        ActivationKind.Power => Power(x, alpha),
        ActivationKind.Clip => Clamp(x, alpha, beta),
        ActivationKind.Affine => alpha * x + beta,
        ActivationKind.Round => Round(x),
        ActivationKind.Floor => Floor(x),
        ActivationKind.Sign => x > 0 ? 1f : x < 0 ? -1f : 0f,
        _ => x > 0 ? 1f : 0f,
    };

    /// <summary><see cref="ArithmeticKinds.Evaluate"/> in float32.</summary>
    public static float Combine(ArithmeticKind kind, float a, float b) => kind switch
    {
        ArithmeticKind.Subtract => a - b,
        ArithmeticKind.Divide => a / b,
        ArithmeticKind.Power => Power(a, b),
        ArithmeticKind.Maximum => Larger(a, b),
        ArithmeticKind.Minimum => Smaller(a, b),
        _ => a < 0 ? a * b : a,
    };

    /// <summary>By its bits, which no compiler reasons away.</summary>
    public static bool IsNaN(float x) => (Interop.FloatAsInt(x) & 0x7FFFFFFF) > 0x7F800000;

    /// <summary>The larger of two; a NaN wins.</summary>
    public static float Larger(float a, float b) => IsNaN(a) || a > b ? a : b;

    /// <summary>The smaller of two; a NaN wins.</summary>
    public static float Smaller(float a, float b) => IsNaN(a) || a < b ? a : b;

    private static float PowerOfPositive(float x, float y)
    {
        var log = LogSplit.Of(x);
        float logUpper = Upper(log.High + (log.Middle + log.Low));
        float logRest = log.High - logUpper + log.Middle + log.Low;
        float upper = Upper(y);
        float rest = y - upper;
        // Twelve bits by twelve: exact.
        float product = upper * logUpper;
        return ExpOfSum(product, rest * logUpper + y * logRest);
    }

    /// <summary>The upper 12 bits of a float's 24.</summary>
    private static float Upper(float x) => Interop.IntAsFloat(Interop.FloatAsInt(x) & UpperHalf);

    /// <summary>2·artanh(s) for |s| ≤ 1/3.</summary>
    private static float DoubledArtanh(float s) => 2 * s + ArtanhExcess(s);

    /// <summary>2·artanh(s) − 2·s: the series to s¹⁵ (the next term is below 2⁻²⁷ of s).</summary>
    private static float ArtanhExcess(float s)
    {
        float square = s * s;
        return 2 * s * square * (1f / 3 + square * (1f / 5 + square * (1f / 7 + square * (1f / 9 + square * (1f / 11 + square * (1f / 13 + square * (1f / 15)))))));
    }

    /// <summary>ln x as n·0.693359375, which a float holds, the upper bits of 2·s with s = (m − 1) ÷ (m + 1), and the rest.</summary>
    private struct LogSplit
    {
        public float High;
        public float Middle;
        public float Low;

        public static LogSplit Of(float x)
        {
            LogSplit split;
            split.High = 0;
            split.Middle = 0;
            if (!(x > 0))
            {
                split.Low = x == 0 ? float.NegativeInfinity : float.NaN;
                return split;
            }
            if (x == float.PositiveInfinity)
            {
                split.Low = x;
                return split;
            }
            int shift = 0;
            float normal = x;
            if (x < 1.17549435e-38f)
            {
                normal = x * 8388608;
                shift = -23;
            }
            int bits = (int)Interop.FloatAsInt(normal);
            int exponent = ((bits >> 23) & 0xFF) - 127;
            float mantissa = Interop.IntAsFloat((uint)((bits & 0x7FFFFF) | 0x3F800000));
            if (mantissa > 1.41421356f)
            {
                mantissa *= 0.5f;
                exponent++;
            }
            int n = exponent + shift;
            float sum = mantissa + 1;
            float sumUpper = Upper(sum);
            float sumRest = sum - sumUpper + (mantissa - (sum - 1));
            float quotient = (mantissa - 1) / sum;
            float quotientUpper = Upper(quotient);
            // What the division left, each product of 12 by 12 bits exact.
            float quotientRest = (mantissa - 1 - quotientUpper * sumUpper - quotientUpper * sumRest) / sum;
            split.High = n * Ln2High;
            split.Middle = 2 * quotientUpper;
            split.Low = 2 * quotientRest + ArtanhExcess(quotient) + n * Ln2Low;
            return split;
        }
    }
}
