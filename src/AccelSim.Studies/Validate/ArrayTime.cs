using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Systolic.Engines;
using AccelSim.Systolic.Memory;

namespace AccelSim.Studies.Validate;

/// <summary>
/// The time of a quantized network on a systolic array, from its float structure: float32 elements on memories four times as large and fast take as
/// long as codes on the memories there are, and what a quantized network does in passing (normalization, rectifiers) takes nothing.
/// </summary>
/// <param name="Layers">Those that take time.</param>
internal sealed record ArrayTime(IReadOnlyList<LayerTiming> Layers)
{
    private const int FloatBytes = 4;

    /// <summary>Seconds of all layers.</summary>
    public double Seconds => Layers.Sum(layer => layer.Seconds);

    /// <summary>Times a float graph as if it were of codes.</summary>
    public static ArrayTime OfCodes(LayerGraph graph, ArrayConfiguration array)
    {
        IReadOnlySet<string> passing = EngineSimulator.DoneInPassing(graph);
        return new ArrayTime([.. new SystolicSimulator(array with { Memory = ForFloats(array.Memory) }).Time(graph).Where(layer => !passing.Contains(layer.Layer))]);
    }

    // Partial sums have four bytes in both.
    private static MemoryHierarchy ForFloats(MemoryHierarchy memory) => new(
        [.. memory.Levels.Select(level => level.CanHold(MemoryContents.Activations) || level.CanHold(MemoryContents.Weights)
            ? level with { Bytes = FloatBytes * level.Bytes, WidthBytes = FloatBytes * level.WidthBytes }
            : level)],
        memory.Dram with { BytesPerSecond = FloatBytes * memory.Dram.BytesPerSecond });
}
