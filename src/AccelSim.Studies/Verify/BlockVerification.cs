using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Studies.Verify;

/// <summary>Runs one block's hardware on given vectors; <see cref="CoSimulator.RunAsync"/> is one.</summary>
public delegate Task<CoSimulationReport> BlockSimulation(
    DepthwiseSeparableBlock block, BlockFolding folding, BlockVectors vectors, StallPattern? stalls, CancellationToken cancellation);

/// <summary>
/// Runs the generated Verilog of a network's depthwise-separable blocks on their real activations, several blocks at a time.
/// </summary>
/// <param name="simulate">Builds and runs one block.</param>
/// <param name="selection">Layers whose blocks are asked for, or null for all.</param>
/// <param name="multipliers">Budget of multipliers for a block; a smaller block takes fewer.</param>
public sealed class BlockVerification(BlockSimulation simulate, IReadOnlyList<string>? selection, long multipliers = BlockVerification.DefaultMultipliers)
{
    public const long DefaultMultipliers = 160;

    /// <summary>Blocks below this many MACs get fewer multipliers, so that small simulations build fast.</summary>
    private const long MacsPerMultiplier = 4096;

    private const long FewestMultipliers = 40;

    /// <summary>Builds are compilations: one a core.</summary>
    private static readonly int Parallel = Environment.ProcessorCount;

    /// <summary>What became of one block.</summary>
    /// <param name="LastLayer">The layer whose value leaves the block.</param>
    /// <param name="Report">What the simulation found, or null when there is no hardware for it.</param>
    /// <param name="Cycles">Predicted and counted.</param>
    /// <param name="Refusal">Why it did not run.</param>
    public sealed record Outcome(string LastLayer, CoSimulationReport? Report, RtlCycles? Cycles, string? Refusal)
    {
        internal IEnumerable<BackendComparison> ComparisonsOf(string layer) => Report is null
            ? []
            : ((LayerCheck[])[Report.Depthwise, Report.Pointwise]).Where(check => check.Layer == layer).Select(check => new BackendComparison(
                "rtl",
                ElementType.Int8,
                check.Elements,
                // A stream that ends early or never is a mismatch of the layer that it leaves, even when what came was right.
                check.Mismatches == 0 && !Report.Passed && layer == LastLayer && Report.Depthwise.Mismatches == 0 ? 1 : check.Mismatches,
                check.First is { } first ? Math.Abs(first.Expected - first.Got) : 0,
                0));
    }

    /// <summary>The blocks of a quantized graph that are asked for.</summary>
    /// <exception cref="GraphException">A selected layer is in no block, or the selection is empty.</exception>
    public IReadOnlyList<DepthwiseSeparableBlock> Select(LayerGraph graph) => selection switch
    {
        null => DepthwiseSeparableBlock.FindIn(graph),
        [] => throw new GraphException("No layer is named for the Verilog to run: name some, or all, or none."),
        _ => [.. selection.Select(layer => DepthwiseSeparableBlock.Containing(graph, layer)).DistinctBy(block => block.Depthwise.Name)],
    };

    /// <param name="blocks">Blocks of a quantized graph of batch 1.</param>
    /// <param name="values">The reference's values of all its layers and inputs, batch 1.</param>
    /// <param name="progress">Told after each block.</param>
    /// <param name="cancellation">Kills the simulations.</param>
    /// <exception cref="RtlException">A tool is missing or failed.</exception>
    public async Task<IReadOnlyList<Outcome>> RunAsync(
        IReadOnlyList<DepthwiseSeparableBlock> blocks, IReadOnlyDictionary<string, Tensor> values, IProgress<StudyProgress>? progress, CancellationToken cancellation)
    {
        var outcomes = new Outcome[blocks.Count];
        int done = 0;
        progress?.Report(new StudyProgress("rtl int8", 0, blocks.Count));
        await System.Threading.Tasks.Parallel.ForAsync(0, blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation }, async (i, token) =>
        {
            outcomes[i] = await RunAsync(blocks[i], BlockVectors.From(blocks[i], values), token);
            progress?.Report(new StudyProgress("rtl int8", Interlocked.Increment(ref done), blocks.Count));
        });
        return outcomes;
    }

    /// <summary>Depthwise layers of a graph that are in no block, such as those with squeeze-and-excite behind them: no Verilog is generated for them yet.</summary>
    public static IReadOnlyList<string> DepthwiseLayersWithoutBlock(LayerGraph graph) =>
        [.. graph.Layers.Where(layer => layer.Operator is Convolution convolution && convolution.IsDepthwise(graph.TypeOf(layer.Inputs[0])))
            .Select(layer => layer.Name)
            .Except(DepthwiseSeparableBlock.FindIn(graph).Select(block => block.Depthwise.Name))];

    private async Task<Outcome> RunAsync(DepthwiseSeparableBlock block, BlockVectors vectors, CancellationToken cancellation)
    {
        if (block.Shape.Unsupported() is { } reason)
            return new Outcome(block.Result, null, null, $"rtl {block.Depthwise.Name}: {reason}");
        var folding = FoldingSearch.Best(block.Shape, Budget(block), block.Name);
        var report = await simulate(block, folding, vectors, null, cancellation);
        var cycles = new RtlCycles(
            block.Depthwise.Name,
            folding.ToString(),
            report.Predicted.FirstOutput,
            report.Measured?.FirstOutput ?? 0,
            report.Predicted.Frame,
            report.Measured?.Frame ?? 0,
            report.FromCache);
        return new Outcome(block.Result, report, cycles, null);
    }

    private long Budget(DepthwiseSeparableBlock block) =>
        Math.Clamp((block.DepthwiseMacs + block.PointwiseMacs) / MacsPerMultiplier, FewestMultipliers, Math.Max(multipliers, FewestMultipliers));
}
