namespace AccelSim.Gpu;

/// <summary>How values are stored and multiplied on a device.</summary>
public enum NumberFormat
{
    /// <summary>Four bytes, on the vector units.</summary>
    Float32,

    /// <summary>Four bytes, on matrix units that round to ten bits of fraction, where there are any.</summary>
    Tf32,

    /// <summary>Two bytes, on matrix units where there are any.</summary>
    Float16,

    /// <summary>One byte, on matrix units where there are any, else on vector units.</summary>
    Int8,
}

/// <summary>What the time model needs to know of a GPU or CPU: a platform file's figures in plain units.</summary>
/// <param name="Name">For tables.</param>
/// <param name="ClockHz">The clock at which the peaks hold.</param>
/// <param name="Multiprocessors">Streaming multiprocessors of a GPU, cores of a CPU.</param>
/// <param name="Float32MacsPerSecond">Dense float32 peak of the vector units, in multiply-accumulates (half the data sheet's operations).</param>
/// <param name="Int8MacsPerSecond">Dense int8 peak, in multiply-accumulates, or null where int8 is no faster than float32.</param>
/// <param name="DramBytesPerSecond">Peak bandwidth of device memory.</param>
/// <param name="LastLevelCacheBytes">Capacity of the level-2 cache.</param>
public sealed record GpuSpecification(
    string Name,
    double ClockHz,
    int Multiprocessors,
    double Float32MacsPerSecond,
    double? Int8MacsPerSecond,
    double DramBytesPerSecond,
    long LastLevelCacheBytes)
{
    /// <summary>Dense float16 peak with float32 sums, or null where float16 is no faster than float32.</summary>
    public double? Float16MacsPerSecond { get; init; }

    /// <summary>Dense TF32 peak, or null where there is none.</summary>
    public double? Tf32MacsPerSecond { get; init; }

    /// <summary>Thermal design power, or null where it is not known or does not limit.</summary>
    public double? PowerWatts { get; init; }

    /// <summary>Name of the process node.</summary>
    public double? ProcessNanometres { get; init; }

    /// <summary>A CPU: matrix products are cut into register tiles, and a core is a multiprocessor.</summary>
    public bool IsCpu { get; init; }

    /// <summary>Multiply-accumulates a second of the unit that computes products of a format.</summary>
    public double PeakOf(NumberFormat format) => format switch
    {
        NumberFormat.Int8 => Int8MacsPerSecond ?? Float32MacsPerSecond,
        NumberFormat.Float16 => Float16MacsPerSecond ?? Float32MacsPerSecond,
        NumberFormat.Tf32 => Tf32MacsPerSecond ?? Float32MacsPerSecond,
        _ => Float32MacsPerSecond,
    };

    /// <summary>True where products of a format run on the vector units.</summary>
    public bool OnVectorUnits(NumberFormat format) => PeakOf(format) <= Float32MacsPerSecond;
}
