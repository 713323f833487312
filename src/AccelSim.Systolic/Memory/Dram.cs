namespace AccelSim.Systolic.Memory;

/// <summary>The memory off the chip.</summary>
/// <param name="BytesPerSecond">Peak bandwidth.</param>
/// <param name="LatencySeconds">Time from a request to its first byte.</param>
/// <param name="BurstBytes">Least bytes of an access: a shorter run of addresses takes as long as one burst. 1 where it is not known.</param>
/// <param name="Efficiency">The part of the peak that is reached in long transfers, 0 to 1: what refresh, row misses and turn-arounds leave.</param>
public sealed record Dram(double BytesPerSecond, double LatencySeconds = 0, int BurstBytes = 1, double Efficiency = 1);
