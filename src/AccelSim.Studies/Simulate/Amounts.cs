using System.Globalization;

namespace AccelSim.Studies.Simulate;

/// <summary>Amounts as an engineer writes them.</summary>
public static class Amounts
{
    /// <summary>Bytes in the binary unit in which they are short, such as <c>512 KiB</c>.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes:f0} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0.#} KiB"),
        < 1024.0 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024 / 1024:0.##} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024 / 1024 / 1024:0.##} GiB"),
    };

    /// <summary>Steps in which a memory of so many bytes may grow: a 64th, in whole KiB.</summary>
    internal static double QuantumOf(long bytes) => 1024 * Math.Max(1, bytes / 1024 / 64);

    /// <summary>A rate in decimal units, as data sheets give it.</summary>
    public static string BytesPerSecond(double rate) => rate < 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:0.#} MB/s")
        : string.Create(CultureInfo.InvariantCulture, $"{rate / 1e9:0.##} GB/s");

    /// <summary>A time in the unit in which it has three digits or four.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{1e9 * seconds:g4} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{1e6 * seconds:g4} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{1e3 * seconds:g4} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:g4} s"),
    };

    /// <summary>An energy in the unit in which it has three digits or four.</summary>
    public static string Joules(double joules) => joules switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{1e9 * joules:g4} nJ"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{1e6 * joules:g4} µJ"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{1e3 * joules:g4} mJ"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{joules:g4} J"),
    };
}
