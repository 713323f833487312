using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Studies.Validate;

/// <summary>
/// The Edge TPU behind its links. Its compiler puts as many weights as fit into the memory on the chip; the others cross the link for each inference (Coral
/// documentation, "Parameter data caching"). Images and results cross it too.
/// </summary>
/// <param name="platforms">Where <c>edge_tpu*</c> are.</param>
public sealed class EdgeTpuPredictor(NamedPlatforms platforms) : IPredictor
{
    /// <inheritdoc/>
    public bool Covers(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return platforms.Find<AsicPlatform>(row.Platform)?.Name.StartsWith("edge_tpu", StringComparison.Ordinal) == true;
    }

    /// <inheritdoc/>
    public Prediction Predict(PublishedRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        AsicPlatform platform = platforms.Find<AsicPlatform>(row.Platform)!;
        ArrayConfiguration array = ArrayPredictor.ArrayOf(platform);
        LayerGraph graph = PublishedNetwork.Of(row, row.Batch ?? 1).Graph;
        double link = array.Memory.Dram.BytesPerSecond * array.Memory.Dram.Efficiency;
        long onChip = array.Memory.Levels.Where(level => level.CanHold(MemoryContents.Weights)).Sum(level => level.Bytes);
        long weights = graph.TotalCost().Parameters;
        long crossing = Math.Max(0, weights - onChip) + graph.Inputs[0].Type.Shape.Elements + graph.Outputs.Sum(output => graph.TypeOf(output).Shape.Elements);
        double seconds = ArrayTime.OfCodes(graph, OnChip(array)).Seconds + crossing / link + 1e-6 * platform.Calibration[Calibration.HostMicroseconds, 0];
        return EnginePredictor.InUnit(row, seconds, (row.Batch ?? 1) / seconds) is { } value
            ? new Prediction.Of($"edge tpu latency, {EnginePredictor.KindOf(row, graph)}{(weights > onChip ? ", weights over the link" : "")}", value, platform.Name)
            : EnginePredictor.NoQuantity(row);
    }

    // What the array itself takes, everything at hand: the link is counted apart, as it does not work while the array does.
    private static ArrayConfiguration OnChip(ArrayConfiguration array) => array with
    {
        Memory = new MemoryHierarchy(
            [.. array.Memory.Levels.Select(level => level with { Bytes = Math.Max(level.Bytes, 1L << 32) })], new Dram(1e15)),
    };
}
