namespace AccelSim.Gpu;

/// <summary>What the roofline needs to know of a GPU: a platform file's figures in plain units.</summary>
/// <param name="Name">For tables.</param>
/// <param name="ClockHz">The clock at which the peaks hold.</param>
/// <param name="Multiprocessors">Streaming multiprocessors.</param>
/// <param name="Float32MacsPerSecond">Dense float32 peak of the vector units, in multiply-accumulates (half the data sheet's operations).</param>
/// <param name="Int8MacsPerSecond">Dense int8 peak, in multiply-accumulates, or null where int8 is no faster than float32.</param>
/// <param name="DramBytesPerSecond">Peak bandwidth of device memory.</param>
/// <param name="LastLevelCacheBytes">Capacity of the level-2 cache.</param>
/// <param name="LaunchSeconds">Shortest time between the starts of two dependent kernels.</param>
public sealed record GpuSpecification(
    string Name,
    double ClockHz,
    int Multiprocessors,
    double Float32MacsPerSecond,
    double? Int8MacsPerSecond,
    double DramBytesPerSecond,
    long LastLevelCacheBytes,
    double LaunchSeconds);
