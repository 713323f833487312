using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// The integer constants of a convolution or fully connected layer:
/// acc[c] = bias[c] + Σ (x − z_x)·(w[c] − z_w[c]); y = Requantize(acc[c], M[c], S[c], z_y, low, high).
/// </summary>
/// <param name="Requantization">One (M, S) an output channel.</param>
/// <param name="WeightScale">Scale of each output channel's weights: real = scale · (w − z_w).</param>
/// <param name="WeightZeroPoint">z_w of each output channel, or empty when all are 0.</param>
public sealed record MacArithmetic(
    Requantization Requantization,
    ImmutableArray<double> WeightScale,
    ImmutableArray<int> WeightZeroPoint)
{
    public int WeightZeroPointOf(int channel) => WeightZeroPoint.IsEmpty ? 0 : WeightZeroPoint[channel];

    internal void Validate(int channels)
    {
        Requantization.Validate(channels);
        if (WeightScale.Length != channels)
            throw new GraphException($"The weights need {channels} scales, but have {WeightScale.Length}.");
        if (!WeightZeroPoint.IsEmpty && WeightZeroPoint.Length != channels)
            throw new GraphException($"The weights need {channels} zero points (or none), but have {WeightZeroPoint.Length}.");
        foreach (int zero in WeightZeroPoint)
        {
            if (zero is < sbyte.MinValue or > sbyte.MaxValue)
                throw new GraphException($"The weight zero point {zero} is not an int8 code.");
        }
    }
}
