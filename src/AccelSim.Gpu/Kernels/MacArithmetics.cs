using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// The arithmetic of multiply-accumulate layers, so that one kernel serves float32 and int8. A struct, because ILGPU
/// compiles a kernel for each struct type and inlines its methods. A sum starts as <c>default(TSum)</c>, which is also what padding adds.
/// </summary>
internal interface IMacArithmetic<TElement, TSum>
    where TElement : unmanaged
    where TSum : unmanaged
{
    TSum Input(TElement x);

    TSum Weight(TElement w, int channel);

    TSum MultiplyAdd(TSum sum, TSum w, TSum x);

    TElement Finish(TSum sum, int channel);
}

/// <summary>y = clamp(bias + Σ x·w, low, high).</summary>
[ExcludeFromCodeCoverage]
internal readonly struct FloatMac(ArrayView<float> bias, float low, float high) : IMacArithmetic<float, float>
{
    private readonly ArrayView<float> _bias = bias;
    private readonly float _low = low;
    private readonly float _high = high;

    public float Input(float x) => x;

    public float Weight(float w, int channel) => w;

    public float MultiplyAdd(float sum, float w, float x) => sum + w * x;

    public float Finish(float sum, int channel) => FloatFunctions.Clamp(sum + _bias[channel], _low, _high);
}

/// <summary>y = Σ (x − w)². Terms past the last are 0 in both operands and add nothing.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct SquaredDistance : IMacArithmetic<float, float>
{
    public float Input(float x) => x;

    public float Weight(float w, int channel) => w;

    public float MultiplyAdd(float sum, float w, float x) => sum + (x - w) * (x - w);

    public float Finish(float sum, int channel) => sum;
}

/// <summary>The integer constants of one output channel.</summary>
internal readonly struct ChannelCode(int bias, int multiplier, int shift, int weightZero)
{
    public readonly int Bias = bias;
    public readonly int Multiplier = multiplier;
    public readonly int Shift = shift;
    public readonly int WeightZero = weightZero;
}

/// <summary>acc = bias + Σ (x − z_x)·(w − z_w); y = Requantize(acc, M, S, z_y, low, high).</summary>
[ExcludeFromCodeCoverage]
internal readonly struct CodeMac(ArrayView<ChannelCode> channels, int inputZero, int outputZero, int low, int high) : IMacArithmetic<sbyte, int>
{
    private readonly ArrayView<ChannelCode> _channels = channels;
    private readonly int _inputZero = inputZero;
    private readonly int _outputZero = outputZero;
    private readonly int _low = low;
    private readonly int _high = high;

    public int Input(sbyte x) => x - _inputZero;

    public int Weight(sbyte w, int channel) => w - _channels[channel].WeightZero;

    public int MultiplyAdd(int sum, int w, int x) => sum + w * x;

    public sbyte Finish(int sum, int channel)
    {
        var constants = _channels[channel];
        return FixedPoint.Requantize(sum + constants.Bias, constants.Multiplier, constants.Shift, _outputZero, _low, _high);
    }
}
