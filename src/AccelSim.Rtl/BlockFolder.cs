using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Resources;

namespace AccelSim.Rtl;

/// <summary>
/// A folder that an engineer takes away: sources, memory images, golden vectors, testbench, Makefile and synthesis scripts,
/// which need the open tools but nothing of AccelSim.
/// </summary>
public static class BlockFolder
{
    /// <summary>Present in every folder that we wrote, and so may replace.</summary>
    public const string Marker = GeneratedFolder.Marker;

    /// <summary>Writes the folder of a block. It appears complete or not at all.</summary>
    /// <param name="block">A block of a quantized graph with weights.</param>
    /// <param name="folding">Its folding.</param>
    /// <param name="vectors">The golden vectors to go with it.</param>
    /// <param name="folder">Made by us, or by an earlier call, or empty.</param>
    /// <returns>The design that was written.</returns>
    /// <exception cref="FoldingException">The block does not allow the folding.</exception>
    /// <exception cref="RtlException">The graph is not quantized, the vectors have another shape, or the folder holds something else.</exception>
    public static BlockDesign Write(DepthwiseSeparableBlock block, BlockFolding folding, BlockVectors vectors, string folder)
    {
        BlockDesign? design = null;
        GeneratedFolder.Write(folder, work =>
        {
            design = new BlockDesign(block.Shape, folding, block.Name);
            vectors.Check(block.Shape, block.Name);
            Fill(work, block, design, vectors);
        });
        return design!;
    }

    /// <summary>What each family is predicted to need, from the block's structure and the constants of its requantizers.</summary>
    public static IReadOnlyDictionary<FabricFamily, FabricResources> FabricsOf(DepthwiseSeparableBlock block, BlockDesign design)
    {
        var (depthwise, pointwise) = (block.DepthwiseConstants, block.PointwiseConstants);
        var dwColumns = RequantColumns.Of(design.DwResultLanes, depthwise.Bias, depthwise.Requantization);
        var pwColumns = RequantColumns.Of(design.PwResultLanes, pointwise.Bias, pointwise.Requantization);
        return Enum.GetValues<FabricFamily>().ToDictionary(family => family, family => FabricEstimate.Of(design, family, dwColumns, pwColumns));
    }

    private static void Fill(string folder, DepthwiseSeparableBlock block, BlockDesign design, BlockVectors vectors)
    {
        var variables = HardwareSources.Variables(design, block.Name);
        variables["frames"] = vectors.Frames;
        // Two frames, so that the interval between frames is known; a lone frame has none.
        var cycles = CycleModel.Predict(design, Math.Max(vectors.Frames, SteadyFrames));
        variables["cycles"] = cycles;
        variables["resources"] = BlockResources.Of(design);
        var fabrics = FabricsOf(block, design);
        variables["fabrics"] = SynthesisScripts.Rows(fabrics);
        string rtl = Subfolder("rtl"), data = Subfolder("data");
        foreach (var source in HardwareSources.Cells().Append(HardwareSources.TopOf(design, block.Name)))
            source.Save(rtl);
        HardwareSources.TestbenchOf(design, block.Name).Save(Subfolder("tb"));
        SynthesisScripts.Write(Subfolder("syn"), variables, fabrics, cycles.FirstOutput, cycles.Frame);
        HardwareSources.Render("Makefile", variables).Save(folder);
        HardwareSources.Render("README.md", variables).Save(folder);
        MemoryImages.Write(data, design, block.DepthwiseConstants, block.PointwiseConstants);
        BeatFiles.Write(data, design, vectors);

        string Subfolder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    }

    /// <summary>Frames after which the interval between two no longer changes.</summary>
    private const int SteadyFrames = 4;
}
