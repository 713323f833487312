using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>Kernels in which an output element depends on one element of each operand; one thread an element.</summary>
[ExcludeFromCodeCoverage]
internal static class ElementwiseKernels
{
    public static void Activate(ArrayView<float> input, ArrayView<float> output, int kind, float alpha, float beta)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = FloatFunctions.Apply((ActivationKind)kind, input[index], alpha, beta);
    }

    /// <summary>The entry of code q is at index q + 128.</summary>
    public static void Look(ArrayView<sbyte> input, ArrayView<sbyte> table, ArrayView<sbyte> output)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = table[input[index] + 128];
    }

    public static void Add(ArrayView<float> a, ArrayView<float> b, ArrayView<float> output, Pairing pairing, float low, float high)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var pair = pairing.At(index);
        output[index] = FloatFunctions.Clamp(a[pair.A] + b[pair.B], low, high);
    }

    public static void AddCodes(ArrayView<sbyte> a, ArrayView<sbyte> b, ArrayView<sbyte> output, Pairing pairing, AddCode code)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var pair = pairing.At(index);
        output[index] = code.Apply(a[pair.A], b[pair.B]);
    }

    public static void Multiply(ArrayView<float> a, ArrayView<float> b, ArrayView<float> output, Pairing pairing)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var pair = pairing.At(index);
        output[index] = a[pair.A] * b[pair.B];
    }

    public static void MultiplyCodes(ArrayView<sbyte> a, ArrayView<sbyte> b, ArrayView<sbyte> output, Pairing pairing, ProductCode code)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var pair = pairing.At(index);
        output[index] = code.Apply((a[pair.A] - code.ZeroA) * (b[pair.B] - code.ZeroB));
    }

    public static void Combine(ArrayView<float> a, ArrayView<float> b, ArrayView<float> output, Pairing pairing, int kind)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        var pair = pairing.At(index);
        output[index] = FloatFunctions.Combine((ArithmeticKind)kind, a[pair.A], b[pair.B]);
    }

    /// <summary>y = clamp(scale·x + offset), the two folded from the statistics in float64 on the host.</summary>
    public static void Normalize(ArrayView<float> input, ArrayView<float> scale, ArrayView<float> offset, ArrayView<float> output, int pixels, float low, float high)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        int channel = index / pixels % scale.IntLength;
        output[index] = FloatFunctions.Clamp(input[index] * scale[channel] + offset[channel], low, high);
    }

    /// <summary>The same from statistics that only a run knows.</summary>
    public static void NormalizeBy(ArrayView<float> input, ArrayView<float> output, ChannelStatistics statistics, int pixels, float low, float high)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = FloatFunctions.Clamp(statistics.Normalize(input[index], index / pixels % statistics.Channels), low, high);
    }

    /// <summary>
    /// y[c] = x[c] · (bias + α ÷ size · Σ x²)^−β over the channels from <paramref name="before"/> before c to <paramref name="after"/> after it.
    /// </summary>
    public static void NormalizeResponse(ArrayView<float> input, ArrayView<float> output, int channels, int pixels, int before, int after, ResponseCurve curve)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        int channel = index / pixels % channels;
        int first = IntrinsicMath.Max(-before, -channel);
        int last = IntrinsicMath.Min(after, channels - 1 - channel);
        float sum = 0;
        for (int distance = first; distance <= last; distance++)
        {
            float x = input[index + distance * pixels];
            sum += x * x;
        }
        output[index] = input[index] * FloatFunctions.Power(curve.Bias + curve.Scale * sum, curve.Exponent);
    }

    /// <summary>y = x[low]·lowWeight + x[high]·highWeight along an axis of which the output has as many positions as there are weights.</summary>
    public static void Interpolate(ArrayView<float> input, ArrayView<float> output, ArrayView<Blend> blends, int extent, int inner)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        int row = index / inner;
        int outer = row / blends.IntLength;
        var blend = blends[row - outer * blends.IntLength];
        int start = outer * extent * inner + index - row * inner;
        output[index] = input[start + blend.Low * inner] * blend.LowWeight + input[start + blend.High * inner] * blend.HighWeight;
    }

    /// <summary>The code of <see cref="Graph.Quantize"/>, to the bit: the quotient in float64, rounded half to even.</summary>
    public static void Quantize(ArrayView<float> input, ArrayView<sbyte> output, double scale, int zero)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        float x = input[index];
        double quotient = x / scale;
        // Far beyond every code, and a NaN, which compares with nothing, becomes the zero point.
        double limited = quotient > 1024 ? 1024 : quotient < -1024 ? -1024 : quotient >= -1024 ? quotient : 0;
        int whole = (int)limited;
        double fraction = limited - whole;
        if (fraction > 0.5 || (fraction == 0.5 && (whole & 1) != 0))
            whole++;
        if (fraction < -0.5 || (fraction == -0.5 && (whole & 1) != 0))
            whole--;
        output[index] = FixedPoint.Saturate(whole, zero, sbyte.MinValue, sbyte.MaxValue);
    }

    public static void Dequantize(ArrayView<sbyte> input, ArrayView<float> output, float scale, int zero)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = (input[index] - zero) * scale;
    }

    /// <summary>dx = dy · f'(x).</summary>
    public static void ActivationGradient(ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dx, int kind, float alpha, float beta)
    {
        int index = Grid.GlobalIndex.X;
        if (index < dx.IntLength)
            dx[index] = dy[index] * FloatDerivatives.Of((ActivationKind)kind, x[index], alpha, beta);
    }
}

/// <summary>Which elements of two operands meet in an output element; without axes, those of its own index.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct Pairing(ArrayView<PairAxis> axes)
{
    private readonly ArrayView<PairAxis> _axes = axes;

    public Pair At(int index)
    {
        Pair pair;
        pair.A = index;
        pair.B = index;
        int count = _axes.IntLength;
        if (count == 0)
            return pair;
        pair.A = 0;
        pair.B = 0;
        int rest = index;
        for (int dimension = count - 1; dimension > 0; dimension--)
        {
            var axis = _axes[dimension];
            int outer = rest / axis.Extent;
            int coordinate = rest - outer * axis.Extent;
            rest = outer;
            pair.A += coordinate * axis.StrideA;
            pair.B += coordinate * axis.StrideB;
        }
        pair.A += rest * _axes[0].StrideA;
        pair.B += rest * _axes[0].StrideB;
        return pair;
    }
}

internal struct Pair
{
    public int A;
    public int B;
}

/// <summary>The integer constants of an add.</summary>
[ExcludeFromCodeCoverage]
internal struct AddCode
{
    public int ZeroA;
    public int ZeroB;
    public int MultiplierA;
    public int MultiplierB;
    public int Shift;
    public int OutputZero;
    public int Low;
    public int High;

    /// <param name="add">The constants of the graph.</param>
    /// <param name="zeroA">Zero point of the first operand.</param>
    /// <param name="zeroB">Of the second.</param>
    /// <param name="swapped">Whether the second operand will be given first.</param>
    public static AddCode Of(AddArithmetic add, int zeroA, int zeroB, bool swapped = false) => new()
    {
        ZeroA = swapped ? zeroB : zeroA,
        ZeroB = swapped ? zeroA : zeroB,
        MultiplierA = swapped ? add.MultiplierB : add.MultiplierA,
        MultiplierB = swapped ? add.MultiplierA : add.MultiplierB,
        Shift = add.Shift,
        OutputZero = add.Output.ZeroPoint,
        Low = add.Low,
        High = add.High,
    };

    public readonly sbyte Apply(sbyte a, sbyte b)
    {
        long sum = (long)(a - ZeroA) * MultiplierA + (long)(b - ZeroB) * MultiplierB;
        return FixedPoint.Saturate(FixedPoint.RoundShift(sum, Shift), OutputZero, Low, High);
    }
}

/// <summary>The integer constants of a product, or of one operand that is brought to another scale.</summary>
[ExcludeFromCodeCoverage]
internal struct ProductCode
{
    public int ZeroA;
    public int ZeroB;
    public int Multiplier;
    public int Shift;
    public int OutputZero;
    public int Low;
    public int High;

    public readonly sbyte Apply(int value) => FixedPoint.Requantize(value, Multiplier, Shift, OutputZero, Low, High);
}

/// <summary>Batch normalization's constants where they are values of the graph.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct ChannelStatistics(ArrayView<float> gamma, ArrayView<float> beta, ArrayView<float> mean, ArrayView<float> variance, float epsilon)
{
    private readonly ArrayView<float> _gamma = gamma;
    private readonly ArrayView<float> _beta = beta;
    private readonly ArrayView<float> _mean = mean;
    private readonly ArrayView<float> _variance = variance;
    private readonly float _epsilon = epsilon;

    public int Channels => _gamma.IntLength;

    public float Normalize(float x, int channel) =>
        (x - _mean[channel]) * (_gamma[channel] / MathF.Sqrt(_variance[channel] + _epsilon)) + _beta[channel];
}

/// <summary>The constants of local response normalization: α ÷ size, the bias, and −β.</summary>
internal readonly struct ResponseCurve(float scale, float bias, float exponent)
{
    public readonly float Scale = scale;
    public readonly float Bias = bias;
    public readonly float Exponent = exponent;
}

/// <summary>The two positions that an interpolated one lies between, and their weights.</summary>
internal readonly struct Blend(int low, int high, float lowWeight, float highWeight)
{
    public readonly int Low = low;
    public readonly int High = high;
    public readonly float LowWeight = lowWeight;
    public readonly float HighWeight = highWeight;
}
