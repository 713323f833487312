using AccelSim.Graph;

namespace AccelSim.Systolic.ScaleSim;

/// <summary>
/// Counts a layer as SCALE-Sim v2 does (Samajdar et al., arXiv:1811.02883; commit 22f88b1 of 2025-02-25), habits included, for users who come from that tool.
/// Nothing else in AccelSim counts like this: <see cref="SystolicSimulator"/> is our own model.
/// </summary>
/// <remarks>
/// Its habits: the total is the index of the last cycle; every fold takes as long as a full one; the outputs of an output-stationary fold count the array's two sides on top;
/// compute utilization of stationary operands divides by the columns but one too many cycles; partial sums of every row fold are written to DRAM and never read;
/// a half of a read buffer is given up with its last word; DRAM traffic begins before cycle 0. Stalls with <c>USER</c> are not its own but <see cref="LimitedDram"/>'s.
/// </remarks>
public static class ScaleSimCounting
{
    /// <exception cref="GraphException">The layer is too large to follow word by word.</exception>
    public static ScaleSimLayerReport Count(ScaleSimConvolution layer, ScaleSimConfiguration array, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(array);
        var demand = new LayerDemand(layer, array);
        bool limited = array.WordsPerCycle is not null;
        HalfBuffers inputs = demand.Inputs(HalfOf(array.InputWords), !limited, cancellation);
        HalfBuffers filters = demand.Filters(HalfOf(array.FilterWords), !limited, cancellation);
        var outputs = new OutputHalves(demand.Outputs(cancellation), array.OutputWords / 2);
        long lastCycle = demand.Folds.Cycles - 1;

        LimitedDram? dram = array.WordsPerCycle is { } words ? new LimitedDram(words, inputs, filters, outputs) : null;
        var (dramInputs, dramFilters, dramOutputs) = dram?.Run(lastCycle) ?? (
            CalcModeReads.Of(inputs, array.InputWords),
            CalcModeReads.Of(filters, array.FilterWords),
            new CalcModeWrites(array.OutputWords, array.Columns).Run(demand.Outputs(cancellation), lastCycle));
        long stalls = dram?.Stalls ?? 0, total = lastCycle + stalls;
        var (mapping, compute) = demand.Efficiencies();
        var reads = demand.SramAccesses();
        return new ScaleSimLayerReport
        {
            TotalCycles = total,
            StallCycles = stalls,
            // One element with one product takes cycle 0 alone, and that tool divides by 0.
            OverallUtilization = total == 0 ? 0 : layer.Macs * 100 / (total * ((double)array.Rows * array.Columns)),
            MappingEfficiency = mapping * 100,
            ComputeUtilization = compute * 100,
            // What is read arrives in the cycle after.
            SramInputs = new(At(inputs.FirstDemand) + 1, At(inputs.LastDemand) + 1, reads.Inputs),
            SramFilters = new(At(filters.FirstDemand) + 1, At(filters.LastDemand) + 1, reads.Filters),
            SramOutputs = new(At(outputs.First), At(outputs.Last), reads.Outputs),
            DramInputs = new(dramInputs.Start, dramInputs.Stop, dramInputs.Words),
            DramFilters = new(dramFilters.Start, dramFilters.Stop, dramFilters.Words),
            DramOutputs = new(dramOutputs.Start, dramOutputs.Stop, dramOutputs.Words),
        };

        long At(long cycle) => dram?.At(cycle) ?? cycle;

        long HalfOf(long memoryWords) => limited ? memoryWords / 2 : CalcModeReads.HalfOf(memoryWords);
    }
}
