using System.Globalization;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic.Engines;

namespace AccelSim.Studies.Simulate;

/// <summary>An accelerator whose multipliers are no systolic array.</summary>
/// <param name="Core">The engine with its memory.</param>
/// <param name="Platform">Whose technology tells the energy, or null where there is no energy to tell.</param>
public sealed record EngineMachine(Systolic.Engines.ComputeEngine Core, EnginePlatform? Platform = null) : Machine
{
    /// <inheritdoc/>
    public override string Name => Core.Name;

    /// <inheritdoc/>
    public override string Engine => Core.Describe();

    /// <inheritdoc/>
    public override double ClockHz => Core.ClockHz;

    /// <inheritdoc/>
    public override long MacsPerCycle => Core.MacsPerCycle;

    /// <inheritdoc/>
    public override double DramBytesPerSecond => Core.Memory.BytesPerSecond;

    /// <inheritdoc/>
    public override string Memories
    {
        get
        {
            string keep = Core.Memory.KeepBytes > 0 ? $", {Amounts.Bytes(Core.Memory.KeepBytes)} for activations between layers" : "";
            return $"buffer {Amounts.Bytes(Core.Memory.BufferBytes)}{keep}, DRAM {Amounts.BytesPerSecond(Core.Memory.BytesPerSecond)} as reached";
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTiming> Time(LayerGraph graph) => EngineSimulator.Time(graph, Core);

    /// <inheritdoc/>
    public override PlatformEnergyEstimate EnergyOf(LayerGraph graph, IReadOnlyList<LayerTiming> timings) =>
        Platform is null ? base.EnergyOf(graph, timings) : PlatformEnergy.Of(Platform, graph, timings);

    /// <inheritdoc/>
    public override IEnumerable<Change> Changes()
    {
        EngineMemory memory = Core.Memory;
        yield return Memory("buffer", memory.BufferBytes, bytes => memory with { BufferBytes = bytes });
        if (memory.KeepBytes > 0)
            yield return Memory("memory for activations between layers", memory.KeepBytes, bytes => memory with { KeepBytes = bytes });
        yield return new Knob(
            "DRAM bandwidth", memory.BytesPerSecond, [2], memory.BytesPerSecond / 100, Amounts.BytesPerSecond, rate => With(memory with { BytesPerSecond = rate }));
        if (Core is ChannelParallelEngine channels)
        {
            if (channels.DepthwisePixels == 0)
                yield return new Swap("depthwise engine", $"a unit for depthwise layers, {channels.Pixels} pixels at once", With(channels with { DepthwisePixels = channels.Pixels }));
            foreach ((int pixels, int inputs, int outputs) in Aspects(channels))
            {
                ChannelParallelEngine other = channels with { Pixels = pixels, InputChannels = inputs, OutputChannels = outputs };
                yield return new Swap("engine shape", $"{other.Describe()} instead of {channels.Describe()}", With(other));
            }
        }
        if (Core is RowStationaryEngine rows)
        {
            yield return new Knob(
                "partial sums a cycle", rows.SumsPerCycle, [2], 1, value => string.Create(CultureInfo.InvariantCulture, $"{value:f0}"),
                sums => With(rows with { SumsPerCycle = (int)sums }));
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Mapping, Machine Machine)> Mappings() => [(Engine, this)];

    private Knob Memory(string kind, long bytes, Func<long, EngineMemory> with) =>
        new(kind, bytes, [2, 4], Amounts.QuantumOf(bytes), Amounts.Bytes, amount => With(with((long)amount)));

    // As many multipliers, one axis doubled and another halved.
    private static IEnumerable<(int Pixels, int Inputs, int Outputs)> Aspects(ChannelParallelEngine engine)
    {
        int[] axes = [engine.Pixels, engine.InputChannels, engine.OutputChannels];
        for (int halved = 0; halved < axes.Length; halved++)
        {
            for (int doubled = 0; doubled < axes.Length; doubled++)
            {
                if (halved == doubled || axes[halved] % 2 != 0)
                    continue;
                int[] other = [.. axes];
                (other[halved], other[doubled]) = (axes[halved] / 2, axes[doubled] * 2);
                yield return (other[0], other[1], other[2]);
            }
        }
    }

    private EngineMachine With(Systolic.Engines.ComputeEngine core) => this with { Core = core };

    private EngineMachine With(EngineMemory memory) => With(Core with { Memory = memory });
}
