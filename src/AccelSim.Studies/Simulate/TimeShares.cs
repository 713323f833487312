using AccelSim.Graph;

namespace AccelSim.Studies.Simulate;

/// <summary>The parts of a layer's time, in words.</summary>
internal static class TimeShares
{
    /// <summary>The part in which the datapath works.</summary>
    public const string Compute = "compute";

    /// <summary>The part in which it fills and drains.</summary>
    public const string FillDrain = "fill and drain";

    /// <summary>Every part with its cycles.</summary>
    public static IEnumerable<(string Part, long Cycles)> Of(LayerTiming timing)
    {
        yield return (Compute, timing.Compute);
        yield return (FillDrain, timing.FillDrain);
        foreach (StallCause cause in Enum.GetValues<StallCause>())
            yield return (NameOf(cause), timing.Stalls.GetValueOrDefault(cause));
    }

    /// <summary>The part that takes most cycles, and its share of all, 0 to 1.</summary>
    public static (string Part, double Share) Largest(LayerTiming timing)
    {
        if (timing.Total == 0)
            return ("nothing", 0);
        (string part, long cycles) = Of(timing).MaxBy(part => part.Cycles);
        return (part, (double)cycles / timing.Total);
    }

    /// <summary>A cause in words.</summary>
    public static string NameOf(StallCause cause) => cause switch
    {
        StallCause.DramBandwidth => "DRAM bandwidth",
        StallCause.DramLatency => "DRAM latency",
        StallCause.BankConflict => "memory banks",
        StallCause.Dependency => "the first tile",
        StallCause.VectorUnit => "vector unit",
        StallCause.Launch => "overhead",
        _ => cause.ToString(),
    };

    /// <summary>The part of the engine that works while it computes, 0 to 1: MACs ÷ (compute cycles × MACs a cycle). Null for what is no product.</summary>
    public static double? EngineUse(LayerTiming timing) => timing.Macs == 0 || timing.Compute == 0 ? null : timing.Macs / ((double)timing.Compute * timing.MacsPerCycle);
}
