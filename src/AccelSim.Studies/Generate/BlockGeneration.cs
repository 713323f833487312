using System.Globalization;
using AccelSim.Graph;
using AccelSim.Reference;
using AccelSim.Rtl;
using AccelSim.Rtl.Hls;
using AccelSim.Rtl.Network;
using AccelSim.Studies.Networks;

namespace AccelSim.Studies.Generate;

/// <summary>Writes the hardware of one block of a network, with golden vectors from the reference.</summary>
public static class BlockGeneration
{
    /// <param name="network">Whose block.</param>
    /// <param name="layer">The block's number from 1, or the name of a layer in it.</param>
    /// <param name="multipliers">Budget for the folding search.</param>
    /// <param name="folding">Four numbers instead of a search, or null.</param>
    /// <param name="packed">Whether a pointwise multiplier serves two output channels where their number at once is even.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <exception cref="GraphException">There is no such block, or the folding is not four numbers.</exception>
    /// <exception cref="RtlException">No hardware can be generated, or the folder is somebody else's.</exception>
    public static BlockDesign Write(
        PreparedNetwork network, string layer, long multipliers, string? folding, bool packed, string folder, CancellationToken cancellation = default)
    {
        var (block, chosen) = Choose(network, layer, multipliers, folding, packed);
        var values = Run(network, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return BlockFolder.Write(block, chosen, BlockVectors.From(block, values), folder);
    }

    /// <summary>The same block as a pipeline of two stages in HLS C++.</summary>
    /// <param name="target">What Vitis HLS is asked for.</param>
    /// <returns>The pipeline, and the cycles that it takes in Verilog.</returns>
    /// <exception cref="GraphException">There is no such block, or the folding is not four numbers.</exception>
    /// <exception cref="RtlException">No hardware can be generated, or the folder is somebody else's.</exception>
    public static (PipelineNetlist Netlist, PipelineCycles Cycles) WriteHls(
        PreparedNetwork network, string layer, long multipliers, string? folding, bool packed, HlsTarget target, string folder, CancellationToken cancellation = default)
    {
        var (block, chosen) = Choose(network, layer, multipliers, folding, packed);
        chosen.Check(block.Shape, block.Name);
        var netlist = new PipelineNetlist(StageGraph.Of(block.Alone()), chosen.Stages);
        var values = Run(network, cancellation);
        return (netlist, HlsFolder.Write(netlist, new NetworkVectors(values[block.Input], values[block.Result]), target, folder, cancellation));
    }

    private static (DepthwiseSeparableBlock Block, BlockFolding Folding) Choose(PreparedNetwork network, string layer, long multipliers, string? folding, bool packed)
    {
        var block = Find(network.Quantized.WithBatch(network.Samples.Count), layer);
        if (block.Shape.Unsupported() is { } reason)
            throw new RtlException($"{block.Name}: {reason}");
        return (block, folding is null ? FoldingSearch.Best(block.Shape, multipliers, block.Name, packed) : Parse(folding) with { Packed = packed });
    }

    /// <summary>Every value of the quantized network on its images, the images included.</summary>
    private static Dictionary<string, Tensor> Run(PreparedNetwork network, CancellationToken cancellation)
    {
        var graph = network.Quantized.WithBatch(network.Samples.Count);
        using var reference = new ReferenceBackend().Compile(graph);
        var inputs = PreparedNetwork.InputOf(graph, network.Samples.Images);
        return reference.Run(inputs, everyLayer: true, cancellation).Concat(inputs).ToDictionary();
    }

    private static DepthwiseSeparableBlock Find(LayerGraph graph, string layer)
    {
        if (!int.TryParse(layer, CultureInfo.InvariantCulture, out int number))
            return DepthwiseSeparableBlock.Containing(graph, layer);
        var blocks = DepthwiseSeparableBlock.FindIn(graph);
        return number >= 1 && number <= blocks.Count
            ? blocks[number - 1]
            : throw new GraphException($"'{graph.Name}' has {blocks.Count} depthwise-separable blocks, and {number} is not one of 1 to {blocks.Count}.");
    }

    private static BlockFolding Parse(string folding)
    {
        string[] parts = folding.Split(',');
        int[] numbers = [.. parts.Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers.Length == 4 && numbers.All(number => number > 0)
            ? new BlockFolding(numbers[0], numbers[1], numbers[2], numbers[3])
            : throw new GraphException($"The folding '{folding}' must be four positive numbers: dwChannels,dwTaps,pwIn,pwOut.");
    }
}
