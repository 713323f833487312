using AccelSim.Graph;
using AccelSim.Systolic.Engines;

namespace AccelSim.Studies.Simulate;

/// <summary>One core of an accelerator whose multipliers are no systolic array.</summary>
/// <param name="Core">The core, with all of the memory off the chip to itself.</param>
public sealed record EngineMachine(ComputeEngine Core) : Machine
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
    public override string Memories => $"buffer {Amounts.Bytes(Core.Memory.BufferBytes)}, DRAM {Amounts.BytesPerSecond(Core.Memory.BytesPerSecond)} reached";

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTiming> Time(LayerGraph graph) => EngineSimulator.Time(graph, Core);

    /// <inheritdoc/>
    public override IEnumerable<Change> Changes()
    {
        EngineMemory memory = Core.Memory;
        const double kibibyte = 1024;
        yield return new Knob(
            "DRAM bandwidth", memory.BytesPerSecond, [2], memory.BytesPerSecond / 100, Amounts.BytesPerSecond, rate => With(memory with { BytesPerSecond = rate }));
        yield return new Knob("buffer", memory.BufferBytes, [2, 4], 16 * kibibyte, Amounts.Bytes, bytes => With(memory with { BufferBytes = (long)bytes }));
        yield return new Swap("activations", "1 MiB more on the chip, in which activations stay between layers", With(memory with { KeepBytes = memory.KeepBytes + (1 << 20) }));
        if (Core is ChannelParallelEngine { DepthwisePixels: > 0 } engine)
            yield return new Swap("depthwise unit", "a depthwise unit of twice the rows", new EngineMachine(engine with { DepthwisePixels = 2 * engine.DepthwisePixels }));
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Mapping, Machine Machine)> Mappings() => [(Core.Describe(), this)];

    private EngineMachine With(EngineMemory memory) => new(Core with { Memory = memory });
}
