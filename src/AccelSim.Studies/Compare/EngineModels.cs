using AccelSim.Platforms;
using AccelSim.Systolic.Engines;

namespace AccelSim.Studies.Compare;

/// <summary>Platforms that are no systolic array as the engines that are timed.</summary>
public static class EngineModels
{
    /// <summary>One core of a platform, while so many of its cores share the memory off the chip.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="busyCores">Cores at work, 1 to all.</param>
    public static Systolic.Engines.ComputeEngine Core(EnginePlatform platform, int busyCores = 1)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentOutOfRangeException.ThrowIfLessThan(busyCores, 1);
        Calibration fitted = platform.Calibration;
        double rate = Math.Min(platform.PortBytesPerSecond?.Value ?? double.PositiveInfinity, platform.Memory.BytesPerSecond.Value / busyCores)
            * fitted[Calibration.DramEfficiency, platform.Memory.Efficiency?.Value ?? 1];
        long buffer = (long)platform.BufferBytes.Value, keep = (long)(platform.KeepBytes?.Value ?? 0);
        double clock = platform.ClockHertz.Value;
        return platform.Engine switch
        {
            ChannelParallelUnits units => new ChannelParallelEngine(
                platform.Name, (int)units.Pixels.Value, (int)units.InputChannels.Value, (int)units.OutputChannels.Value, units.PacksKernelColumns.Value,
                (int)(units.DepthwisePixels?.Value ?? 0), (int)units.Lanes.Value, clock, new EngineMemory(buffer, keep, rate), fitted[Calibration.CyclesALayer, 0],
                (int)(units.CyclesAWeight?.Value ?? 1)),
            RowStationaryElements elements => new RowStationaryEngine(
                platform.Name, (int)elements.Rows.Value, (int)elements.Columns.Value, (int)elements.FilterWords.Value, (int)elements.InputWords.Value,
                (int)elements.SumWords.Value, (int)elements.SumsPerCycle.Value, fitted[Calibration.CyclesASum, 0], fitted[Calibration.SumBusEfficiency, 1], clock,
                new EngineMemory(buffer, keep, rate, (int)elements.WordBytes.Value,
                    elements.CodedBits is { } bits ? new RunLengthCoding(8 * elements.WordBytes.Value, bits.Value) : null)),
            _ => throw new InvalidOperationException($"no engine for {platform.Engine}"),
        };
    }
}
