using System.Globalization;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Simulation;

/// <summary>How source and sink of a simulation stall.</summary>
/// <param name="Source">Chance of an idle source cycle, of 256.</param>
/// <param name="Sink">Chance of a busy sink cycle, of 256.</param>
/// <param name="Seed">Seed of both.</param>
public sealed record StallPattern(int Source, int Sink, int Seed)
{
    public static StallPattern None { get; } = new(0, 0, 1);

    /// <summary>Chance of an idle cycle of each source of streamed weights, of 256.</summary>
    public int Weights { get; init; }

    /// <summary>Whether nothing stalls, so that cycles can be predicted.</summary>
    public bool IsNone => this is { Source: 0, Sink: 0, Weights: 0 };

    internal string[] PlusArguments(int frames) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"+frames={frames}"),
        string.Create(CultureInfo.InvariantCulture, $"+in_stall={Source}"),
        string.Create(CultureInfo.InvariantCulture, $"+out_stall={Sink}"),
        string.Create(CultureInfo.InvariantCulture, $"+weight_stall={Weights}"),
        string.Create(CultureInfo.InvariantCulture, $"+seed={Seed}"),
    ];
}

/// <summary>Runs a block's generated hardware on given vectors and compares every byte. Safe to use from several tasks.</summary>
public sealed class CoSimulator(ISimulator simulator)
{
    /// <summary>Builds (or finds) the simulation of a block and runs it on the vectors.</summary>
    /// <param name="block">A block of a quantized graph with weights. To inject a fault, give that of an altered graph.</param>
    /// <param name="folding">Its folding.</param>
    /// <param name="vectors">Input and golden values; N frames run back to back.</param>
    /// <param name="stalls">None by default.</param>
    /// <exception cref="FoldingException">The block does not allow the folding.</exception>
    /// <exception cref="RtlException">The graph is not quantized, or the vectors have another shape.</exception>
    /// <exception cref="MissingToolException">The simulator is not installed.</exception>
    /// <exception cref="ToolFailedException">The simulation does not build, or stopped without a verdict.</exception>
    public async Task<CoSimulationReport> RunAsync(
        DepthwiseSeparableBlock block,
        BlockFolding folding,
        BlockVectors vectors,
        StallPattern? stalls = null,
        CancellationToken cancellation = default)
    {
        var design = new BlockDesign(block.Shape, folding, block.Name);
        vectors.Check(block.Shape, block.Name);
        // The block's name stays out of the sources, so that equal shapes share a build.
        var simulation = await simulator.BuildAsync(
            [.. HardwareSources.Cells(), HardwareSources.TopOf(design, "block"), HardwareSources.TestbenchOf(design, "block")], cancellation).ConfigureAwait(false);
        var work = Directory.CreateTempSubdirectory("accelsim-rtl-");
        try
        {
            MemoryImages.Write(work.FullName, design, block.DepthwiseConstants, block.PointwiseConstants);
            BeatFiles.Write(work.FullName, design, vectors);
            stalls ??= StallPattern.None;
            var result = await simulator.RunAsync(simulation, work.FullName, stalls.PlusArguments(vectors.Frames), cancellation).ConfigureAwait(false);
            return Report(block, design, vectors, stalls, simulation, TestbenchOutput.Parse(result));
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static CoSimulationReport Report(
        DepthwiseSeparableBlock block, BlockDesign design, BlockVectors vectors, StallPattern stalls, BuiltSimulation simulation, TestbenchOutput output)
    {
        var shape = block.Shape;
        return new CoSimulationReport(
            output.Verdict == "PASS",
            output.Verdict,
            output.Layer("layer=dw", block.DepthwiseResult, shape.Channels, shape.OutHeight, shape.OutWidth),
            output.Layer("layer=pw", block.Result, shape.OutChannels, shape.OutHeight, shape.OutWidth),
            output.FrameEnds.Count == vectors.Frames ? new BlockCycles(output.FirstOutput, output.FrameEnds) : null,
            CycleModel.Predict(design, vectors.Frames),
            stalls.IsNone,
            simulation.FromCache);
    }
}
