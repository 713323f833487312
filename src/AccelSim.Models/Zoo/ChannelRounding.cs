namespace AccelSim.Models.Zoo;

/// <summary>How width multipliers make channel counts.</summary>
internal static class ChannelRounding
{
    /// <summary>
    /// The nearest multiple of 8, at least 8 and never below 90 % of the value (the MobileNetV2 reference code's make_divisible;
    /// Sandler et al., CVPR 2018).
    /// </summary>
    public static int ToMultipleOf8(double channels)
    {
        int rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
