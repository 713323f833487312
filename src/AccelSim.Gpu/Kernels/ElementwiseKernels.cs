using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>Kernels in which an output element depends on one element of each operand; one thread an element.</summary>
[ExcludeFromCodeCoverage]
internal static class ElementwiseKernels
{
    public static void Activate(ArrayView<float> input, ArrayView<float> output, int kind)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = FloatFunctions.Apply((ActivationKind)kind, input[index]);
    }

    /// <summary>The entry of code q is at index q + 128.</summary>
    public static void Look(ArrayView<sbyte> input, ArrayView<sbyte> table, ArrayView<sbyte> output)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = table[input[index] + 128];
    }

    public static void Add(ArrayView<float> a, ArrayView<float> b, ArrayView<float> output, float low, float high)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = FloatFunctions.Clamp(a[index] + b[index], low, high);
    }

    public static void AddCodes(ArrayView<sbyte> a, ArrayView<sbyte> b, ArrayView<sbyte> output, AddCode code)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        long sum = (long)(a[index] - code.ZeroA) * code.MultiplierA + (long)(b[index] - code.ZeroB) * code.MultiplierB;
        output[index] = FixedPoint.Saturate(FixedPoint.RoundShift(sum, code.Shift), code.OutputZero, code.Low, code.High);
    }

    /// <param name="spread">Elements of <paramref name="a"/> that share one of <paramref name="b"/>: 1, or an image.</param>
    public static void Multiply(ArrayView<float> a, ArrayView<float> b, ArrayView<float> output, int spread)
    {
        int index = Grid.GlobalIndex.X;
        if (index < output.IntLength)
            output[index] = a[index] * b[index / spread];
    }

    /// <inheritdoc cref="Multiply"/>
    public static void MultiplyCodes(ArrayView<sbyte> a, ArrayView<sbyte> b, ArrayView<sbyte> output, int spread, MultiplyCode code)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        int product = (a[index] - code.ZeroA) * (b[index / spread] - code.ZeroB);
        output[index] = FixedPoint.Requantize(product, code.Multiplier, code.Shift, code.OutputZero, code.Low, code.High);
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
}

/// <summary>The integer constants of an add.</summary>
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
}

/// <summary>The integer constants of a product.</summary>
internal struct MultiplyCode
{
    public int ZeroA;
    public int ZeroB;
    public int Multiplier;
    public int Shift;
    public int OutputZero;
    public int Low;
    public int High;
}
