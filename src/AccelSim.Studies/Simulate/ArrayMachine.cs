using System.Globalization;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;

namespace AccelSim.Studies.Simulate;

/// <summary>A systolic array with its vector unit and memories.</summary>
/// <param name="Array">The accelerator.</param>
/// <param name="Platform">Whose technology tells the energy, or null where there is no energy to tell.</param>
public sealed record ArrayMachine(ArrayConfiguration Array, Platform? Platform = null) : Machine
{
    /// <summary>Taps of the depthwise engine that is tried: a 3×3 kernel at once.</summary>
    private const int Taps = 9;

    /// <inheritdoc/>
    public override string Name => Array.Name;

    /// <inheritdoc/>
    public override string Engine => Array.Describe();

    /// <inheritdoc/>
    public override double ClockHz => Array.ClockHz;

    /// <summary>MACs of the dense layer: of sparse weights only those that are kept take an element.</summary>
    public override long MacsPerCycle => Array.Sparsity is { } sparse ? Array.MacsPerCycle * sparse.Of / sparse.Kept : Array.MacsPerCycle;

    /// <inheritdoc/>
    public override double DramBytesPerSecond => Array.Memory.Dram.BytesPerSecond * Array.Memory.Dram.Efficiency;

    /// <inheritdoc/>
    public override string Memories =>
        string.Join(", ", [.. Array.Memory.Levels.Select(Describe), $"DRAM {Amounts.BytesPerSecond(Array.Memory.Dram.BytesPerSecond)}{Efficiency}"]);

    private string Efficiency => Array.Memory.Dram.Efficiency < 1 ? string.Create(CultureInfo.InvariantCulture, $" at {100 * Array.Memory.Dram.Efficiency:0.#} %") : "";

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTiming> Time(LayerGraph graph) => new SystolicSimulator(Array).Time(graph);

    /// <inheritdoc/>
    public override PlatformEnergyEstimate EnergyOf(LayerGraph graph, IReadOnlyList<LayerTiming> timings) =>
        Platform is null ? base.EnergyOf(graph, timings) : PlatformEnergy.Of(Platform, Array, graph, timings);

    /// <inheritdoc/>
    public override IEnumerable<Change> Changes()
    {
        MemoryHierarchy memory = Array.Memory;
        foreach (MemoryLevel level in memory.Levels)
        {
            yield return new Knob(
                level.Name, level.Bytes, [2, 4], Amounts.QuantumOf(level.Bytes), Amounts.Bytes,
                bytes => With(memory.Resized(level.Name, (long)bytes)));
            if (level.WidthBytes is not null)
            {
                yield return new Knob($"banks of {level.Name}", level.Banks, [2], 1, Whole, banks => With(With(memory, level, level with { Banks = (int)banks })));
            }
            if (level.Buffering == Buffering.Single)
                yield return new Swap("buffering", $"{level.Name} double-buffered, as large as it is", With(With(memory, level, level with { Buffering = Buffering.Double })));
        }
        double rate = memory.Dram.BytesPerSecond;
        yield return new Knob(
            "DRAM bandwidth", rate, [2], rate / 100, Amounts.BytesPerSecond, more => With(memory with { Dram = memory.Dram with { BytesPerSecond = more } }));
        yield return new Knob(
            "vector lanes", Array.VectorLanes, [2], 1, Whole,
            lanes => With(Array with { VectorLanes = (int)lanes }));
        foreach (Dataflow dataflow in Enum.GetValues<Dataflow>().Where(dataflow => dataflow != Array.Dataflow))
            yield return new Swap("dataflow", $"{dataflow.Words()} instead of {Array.Dataflow.Words()}", With(Array with { Dataflow = dataflow }));
        foreach ((int rows, int columns) in Aspects())
        {
            yield return new Swap(
                "array shape", string.Create(CultureInfo.InvariantCulture, $"an array of {rows}×{columns} instead of {Array.Rows}×{Array.Columns}"),
                With(Array with { Rows = rows, Columns = columns }));
        }
        if (Array.Depthwise is null)
        {
            var engine = new DepthwiseEngine(Array.Columns, Taps);
            yield return new Swap("depthwise engine", $"an engine for depthwise layers beside the array, {engine}", With(Array with { Depthwise = engine }));
        }
        if (!Array.FuseDepthwise)
            yield return new Swap("fusion", "running depthwise layers tile by tile with the pointwise layer behind them", With(Array with { FuseDepthwise = true }));
        if (Array.Schedule == FoldSchedule.Serial)
            yield return new Swap("fold overlap", "a second register for the stationary operand, so that folds overlap", With(Array with { Schedule = FoldSchedule.Pipelined }));
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Mapping, Machine Machine)> Mappings()
    {
        foreach (Dataflow dataflow in Enum.GetValues<Dataflow>().OrderBy(dataflow => dataflow != Array.Dataflow))
        {
            foreach (GroupMapping groups in GroupMappings)
                yield return ($"{dataflow.Words()}, {Words(groups)}", With(Array with { Dataflow = dataflow, Groups = groups }));
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Mapping, Machine Machine)> GroupedWays() => GroupMappings.Select(groups => (Words(groups), (Machine)With(Array with { Groups = groups })));

    private IEnumerable<GroupMapping> GroupMappings =>
        Enum.GetValues<GroupMapping>().Where(groups => groups != GroupMapping.Auto && (groups != GroupMapping.DepthwiseEngine || Array.Depthwise is not null));

    private static string Words(GroupMapping groups) => groups switch
    {
        GroupMapping.OneGroupAFold => "one group a fold",
        GroupMapping.GroupsAcrossColumns => "groups side by side",
        GroupMapping.PixelsAcrossColumns => "pixels side by side",
        _ => "depthwise engine",
    };

    private ArrayMachine With(ArrayConfiguration array) => this with { Array = array };

    private ArrayMachine With(MemoryHierarchy memory) => With(Array with { Memory = memory });

    private static MemoryHierarchy With(MemoryHierarchy memory, MemoryLevel old, MemoryLevel level) => memory with { Levels = memory.Levels.Replace(old, level) };

    private static string Whole(double amount) => string.Create(CultureInfo.InvariantCulture, $"{amount:f0}");

    private static string Describe(MemoryLevel level) => $"{level.Name} {Amounts.Bytes(level.Bytes)}{level.Buffering switch
    {
        Buffering.Double => " double-buffered",
        Buffering.Fifo => " as a queue",
        _ => "",
    }}";

    // As many elements, one side doubled.
    private IEnumerable<(int Rows, int Columns)> Aspects()
    {
        if (Array.Rows % 2 == 0)
            yield return (Array.Rows / 2, Array.Columns * 2);
        if (Array.Columns % 2 == 0)
            yield return (Array.Rows * 2, Array.Columns / 2);
    }
}
