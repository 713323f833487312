namespace AccelSim.Models.Zoo;

/// <summary>How width multipliers make channel counts.</summary>
internal static class ChannelRounding
{
    /// <summary>
    /// The nearest multiple of 8, at least 8 and never below 90 % of the value (the MobileNetV2 reference code's make_divisible;
    /// Sandler et al., CVPR 2018).
    /// </summary>
    public static int ToMultipleOf8(double channels) => ToMultipleOf(channels, 8);

    /// <summary>The same rule with another unit: 4 in GhostNet's code.</summary>
    public static int ToMultipleOf(double channels, int unit)
    {
        int rounded = Math.Max(unit, (int)(channels + unit / 2) / unit * unit);
        return rounded < 0.9 * channels ? rounded + unit : rounded;
    }
}
