using System.Globalization;
using AccelSim.Graph;
using AccelSim.Systolic;

namespace AccelSim.Studies.Simulate;

/// <summary>A systolic array with its vector unit and memories.</summary>
/// <param name="Array">The accelerator.</param>
public sealed record ArrayMachine(ArrayConfiguration Array) : Machine
{
    private const double Kibibyte = 1024;

    /// <inheritdoc/>
    public override string Name => Array.Name;

    /// <inheritdoc/>
    public override string Engine => Array.Describe();

    /// <inheritdoc/>
    public override double ClockHz => Array.ClockHz;

    /// <inheritdoc/>
    public override long MacsPerCycle => Array.MacsPerCycle;

    /// <inheritdoc/>
    public override double DramBytesPerSecond => Array.Memory.DramBytesPerSecond;

    /// <inheritdoc/>
    public override string Memories
    {
        get
        {
            ArrayMemory memory = Array.Memory;
            var parts = new List<string>();
            if (memory.ActivationBytes > 0)
                parts.Add($"{Amounts.Bytes(memory.ActivationBytes)} of activations");
            if (memory.WeightBytes > 0)
                parts.Add($"{Amounts.Bytes(memory.WeightBytes)} of weights");
            if (memory.SharedBytes > 0)
                parts.Add($"{Amounts.Bytes(memory.SharedBytes)} shared");
            if (memory.AccumulatorBytes != long.MaxValue)
                parts.Add($"{Amounts.Bytes(memory.AccumulatorBytes)} of partial sums");
            return $"{string.Join(", ", parts)}{(memory.DoubleBuffered ? ", double-buffered" : "")}; DRAM {Amounts.BytesPerSecond(memory.DramBytesPerSecond)}";
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTiming> Time(LayerGraph graph) => new SystolicSimulator(Array).Time(graph);

    /// <inheritdoc/>
    public override IEnumerable<Change> Changes()
    {
        ArrayMemory memory = Array.Memory;
        if (memory.ActivationBytes > 0)
            yield return Memory("activation memory", memory.ActivationBytes, bytes => memory with { ActivationBytes = bytes });
        if (memory.WeightBytes > 0)
            yield return Memory("weight memory", memory.WeightBytes, bytes => memory with { WeightBytes = bytes });
        if (memory.SharedBytes > 0)
            yield return Memory("shared memory", memory.SharedBytes, bytes => memory with { SharedBytes = bytes });
        if (memory.AccumulatorBytes != long.MaxValue)
            yield return Memory("partial-sum memory", memory.AccumulatorBytes, bytes => memory with { AccumulatorBytes = bytes });
        if (!memory.DoubleBuffered)
            yield return new Swap("buffering", "double-buffered memories of the same size", With(Array with { Memory = memory with { DoubleBuffered = true } }));
        yield return new Knob(
            "DRAM bandwidth", memory.DramBytesPerSecond, [2], memory.DramBytesPerSecond / 100, Amounts.BytesPerSecond,
            rate => With(Array with { Memory = memory with { DramBytesPerSecond = rate } }));
        yield return new Knob(
            "vector lanes", Array.VectorLanes, [2], 1, lanes => string.Create(CultureInfo.InvariantCulture, $"{lanes:f0}"),
            lanes => With(Array with { VectorLanes = (int)lanes }));
        foreach (Dataflow dataflow in Enum.GetValues<Dataflow>().Where(dataflow => dataflow != Array.Dataflow))
            yield return new Swap("dataflow", $"{dataflow.Words()} instead of {Array.Dataflow.Words()}", With(Array with { Dataflow = dataflow }));
        foreach ((int rows, int columns) in Aspects())
        {
            yield return new Swap(
                "array shape", string.Create(CultureInfo.InvariantCulture, $"an array of {rows}×{columns} instead of {Array.Rows}×{Array.Columns}"),
                With(Array with { Rows = rows, Columns = columns }));
        }
        if (Array.Schedule == FoldSchedule.Serial)
            yield return new Swap("fold overlap", "a second register for the stationary operand, so that folds overlap", With(Array with { Schedule = FoldSchedule.Pipelined }));
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Mapping, Machine Machine)> Mappings()
    {
        foreach (Dataflow dataflow in Enum.GetValues<Dataflow>().OrderBy(dataflow => dataflow != Array.Dataflow))
        {
            foreach (GroupMapping groups in (GroupMapping[])[GroupMapping.OneGroupAFold, GroupMapping.GroupsAcrossColumns])
            {
                ArrayConfiguration other = Array with { Dataflow = dataflow, Groups = groups };
                yield return ($"{dataflow.Words()}{(groups == GroupMapping.OneGroupAFold ? ", one group a fold" : ", groups side by side")}", With(other));
            }
        }
    }

    private static ArrayMachine With(ArrayConfiguration array) => new(array);

    private Knob Memory(string kind, long bytes, Func<long, ArrayMemory> with) => new(
        kind, bytes, [2, 4], Math.Max(Kibibyte, Math.Floor(bytes / Kibibyte / 64) * Kibibyte), amount => Amounts.Bytes(amount),
        amount => With(Array with { Memory = with((long)amount) }));

    // As many elements, one side doubled.
    private IEnumerable<(int Rows, int Columns)> Aspects()
    {
        if (Array.Rows % 2 == 0)
            yield return (Array.Rows / 2, Array.Columns * 2);
        if (Array.Columns % 2 == 0)
            yield return (Array.Rows * 2, Array.Columns / 2);
    }
}
