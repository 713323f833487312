using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>A constant that no document states and that was fitted to measurements.</summary>
/// <param name="Name">Its name with its unit.</param>
/// <param name="Value">In the unit of its name.</param>
/// <param name="FittedOn">The measurements, so that a reader can tell them from those that test it.</param>
public sealed record FittedConstant(string Name, double Value, string FittedOn);

/// <summary>The fitted constants of a platform: at most three, the same for every network.</summary>
/// <param name="Constants">In the order of the file.</param>
public sealed record Calibration(ImmutableArray<FittedConstant> Constants)
{
    /// <summary>What a platform without measurements has.</summary>
    public static Calibration Nothing { get; } = new([]);

    /// <summary>A constant's value, or what holds where it was not fitted.</summary>
    public double this[string name, double otherwise] => Constants.FirstOrDefault(constant => constant.Name == name)?.Value ?? otherwise;

    /// <summary>Share of the peak rate of the memory off the chip, or of a core's port to it, that a long run of accesses reaches.</summary>
    public const string DramEfficiency = "dram_efficiency";

    /// <summary>Cycles from the end of a layer to the start of the next, filling and draining included.</summary>
    public const string CyclesALayer = "cycles_a_layer";

    /// <summary>Nanoseconds of the host an image pixel: resizing, normalizing, copying.</summary>
    public const string HostNanosecondsAPixel = "host_nanoseconds_a_pixel";

    /// <summary>Microseconds of the host and its driver an inference.</summary>
    public const string HostMicroseconds = "host_microseconds";

    /// <summary>Cycles in which a row-stationary element takes a sum in and hands it on.</summary>
    public const string CyclesASum = "cycles_a_sum";

    /// <summary>Share of the rate at which sums move between buffer and array that a long run reaches.</summary>
    public const string SumBusEfficiency = "sum_bus_efficiency";

    /// <summary>Every name with its least and greatest value.</summary>
    public static IReadOnlyDictionary<string, (double Least, double Greatest)> Names { get; } = new Dictionary<string, (double, double)>(StringComparer.Ordinal)
    {
        [DramEfficiency] = (0.01, 1),
        [CyclesALayer] = (0, 1e6),
        [HostNanosecondsAPixel] = (0, 1e5),
        [HostMicroseconds] = (0, 1e6),
        [CyclesASum] = (0, 100),
        [SumBusEfficiency] = (0.01, 1),
    };
}
