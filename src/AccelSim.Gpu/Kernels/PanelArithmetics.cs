using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>The arithmetic of a panel product: operands in words (a float32, or four int8 codes), sums, and what becomes of a sum.</summary>
internal interface IPanelArithmetic<TWord, TSum, TElement>
    where TWord : unmanaged
    where TSum : unmanaged
    where TElement : unmanaged
{
    TSum MultiplyAdd(TSum sum, TWord w, TWord x);

    /// <summary>The output element <paramref name="target"/> of a channel.</summary>
    TElement Finish(TSum sum, int channel, int target);
}

/// <summary>y = clamp(bias + Σ x·w, low, high), and where a residual add follows, clamp(y + residual) in its range.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct FloatPanel(ArrayView<float> bias, float low, float high) : IPanelArithmetic<float, float, float>
{
    private readonly ArrayView<float> _bias = bias;
    private readonly float _low = low;
    private readonly float _high = high;
    private readonly ArrayView<float> _residual = bias;
    private readonly float _sumLow = low;
    private readonly float _sumHigh = high;
    private readonly int _hasResidual;

    public FloatPanel(ArrayView<float> bias, float low, float high, ArrayView<float> residual, float sumLow, float sumHigh) : this(bias, low, high) =>
        (_residual, _sumLow, _sumHigh, _hasResidual) = (residual, sumLow, sumHigh, 1);

    public float MultiplyAdd(float sum, float w, float x) => sum + w * x;

    public float Finish(float sum, int channel, int target)
    {
        float value = FloatFunctions.Clamp(sum + _bias[channel], _low, _high);
        if (_hasResidual != 0)
            value = FloatFunctions.Clamp(value + _residual[target], _sumLow, _sumHigh);
        return value;
    }
}

/// <summary>
/// acc = bias + Σ (x − z_x)·w, four terms a word, where weights have no zero point: z_x·Σ w is a constant of the channel, already taken off its bias,
/// because padding is stored as z_x (numerics.md, the first identity). Where a residual add follows, the layer's code is made as it would have been stored,
/// and added as <see cref="ElementwiseKernels.AddCodes"/> adds it.
/// </summary>
[ExcludeFromCodeCoverage]
internal readonly struct WordPanel(ArrayView<ChannelCode> channels, int outputZero, int low, int high) : IPanelArithmetic<int, int, sbyte>
{
    private readonly ArrayView<ChannelCode> _channels = channels;
    private readonly int _outputZero = outputZero;
    private readonly int _low = low;
    private readonly int _high = high;
    private readonly ArrayView<sbyte> _residual = channels.Cast<sbyte>();
    private readonly AddCode _sum;
    private readonly int _hasResidual;

    public WordPanel(ArrayView<ChannelCode> channels, int outputZero, int low, int high, ArrayView<sbyte> residual, AddCode sum) : this(channels, outputZero, low, high) =>
        (_residual, _sum, _hasResidual) = (residual, sum, 1);

    public int MultiplyAdd(int sum, int w, int x) => CodeWord.MultiplyAdd(w, x, sum);

    public sbyte Finish(int sum, int channel, int target)
    {
        var constants = _channels[channel];
        sbyte code = FixedPoint.Requantize(sum + constants.Bias, constants.Multiplier, constants.Shift, _outputZero, _low, _high);
        if (_hasResidual != 0)
            code = _sum.Apply(code, _residual[target]);
        return code;
    }
}

/// <summary>The same, one term at a time, for sums over one channel.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct CodePanel(ArrayView<ChannelCode> channels, int outputZero, int low, int high) : IPanelArithmetic<sbyte, int, sbyte>
{
    private readonly ArrayView<ChannelCode> _channels = channels;
    private readonly int _outputZero = outputZero;
    private readonly int _low = low;
    private readonly int _high = high;

    public int MultiplyAdd(int sum, sbyte w, sbyte x) => sum + w * x;

    public sbyte Finish(int sum, int channel, int target)
    {
        var constants = _channels[channel];
        return FixedPoint.Requantize(sum + constants.Bias, constants.Multiplier, constants.Shift, _outputZero, _low, _high);
    }
}
