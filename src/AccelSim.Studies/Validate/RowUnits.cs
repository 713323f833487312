namespace AccelSim.Studies.Validate;

/// <summary>Figures of the models in the unit of a published row.</summary>
public static class RowUnits
{
    private static readonly Dictionary<string, double> Seconds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["s"] = 1, ["ms"] = 1e-3, ["us"] = 1e-6, ["µs"] = 1e-6, ["ns"] = 1e-9,
    };

    private static readonly Dictionary<string, double> Rates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["img/s"] = 1, ["inf/s"] = 1, ["fps"] = 1,
    };

    private static readonly Dictionary<string, double> Watts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["W"] = 1, ["mW"] = 1e-3,
    };

    /// <summary>A power in the row's unit, or null where that is no power.</summary>
    public static double? Power(PublishedRow row, double watts) => Watts.TryGetValue(row.Unit, out double unit) ? watts / unit : null;

    /// <summary>A time in the row's unit, or null where that is no time.</summary>
    public static double? Time(PublishedRow row, double seconds) => Seconds.TryGetValue(row.Unit, out double unit) ? seconds / unit : null;

    /// <summary>Images a second in the row's unit, or null where that is no such rate.</summary>
    public static double? Rate(PublishedRow row, double imagesPerSecond) => Rates.TryGetValue(row.Unit, out double unit) ? imagesPerSecond / unit : null;
}
