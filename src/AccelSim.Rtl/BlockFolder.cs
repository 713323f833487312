using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl;

/// <summary>
/// A folder that an engineer takes away: sources, memory images, golden vectors, testbench, Makefile and synthesis scripts,
/// which need the open tools but nothing of AccelSim.
/// </summary>
public static class BlockFolder
{
    /// <summary>Present in every folder that we wrote, and so may replace.</summary>
    public const string Marker = ".accelsim-block";

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
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireOurs(target);
        var design = new BlockDesign(block.Shape, folding, block.Name);
        vectors.Check(block.Shape, block.Name);
        string work = $"{target}.{Guid.NewGuid():n}";
        try
        {
            Fill(work, block, design, vectors);
            Replace(target, work);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
        return design;
    }

    private static void Fill(string folder, DepthwiseSeparableBlock block, BlockDesign design, BlockVectors vectors)
    {
        var variables = HardwareSources.Variables(design, block.Name);
        variables["frames"] = vectors.Frames;
        // Two frames, so that the interval between frames is known; a lone frame has none.
        variables["cycles"] = CycleModel.Predict(design, Math.Max(vectors.Frames, SteadyFrames));
        variables["resources"] = BlockResources.Of(design);
        string rtl = Subfolder("rtl"), data = Subfolder("data");
        foreach (var source in HardwareSources.Cells().Append(HardwareSources.TopOf(design, block.Name)))
            Save(rtl, source);
        Save(Subfolder("tb"), HardwareSources.TestbenchOf(design, block.Name));
        string syn = Subfolder("syn");
        foreach (string script in new[] { "check.ys", "synth_xilinx.ys", "synth_ecp5.ys" })
            Save(syn, HardwareSources.Render(script, variables));
        Save(folder, HardwareSources.Render("Makefile", variables));
        Save(folder, HardwareSources.Render("README.md", variables));
        MemoryImages.Write(data, design, block.DepthwiseConstants, block.PointwiseConstants);
        BeatFiles.Write(data, design, vectors);
        File.WriteAllText(Path.Combine(folder, Marker), "Written by AccelSim, which replaces this folder when asked to write here again.\n");

        string Subfolder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    }

    /// <summary>Frames after which the interval between two no longer changes.</summary>
    private const int SteadyFrames = 4;

    private static void Save(string folder, SourceFile source) => File.WriteAllText(Path.Combine(folder, source.Name), source.Text);

    private static void RequireOurs(string target)
    {
        if (File.Exists(target))
            throw new RtlException($"'{target}' is a file: name a folder.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, Marker)))
            throw new RtlException($"The folder '{target}' holds something that was not generated here (it has no {Marker}): name another, or empty it.");
    }

    private static void Replace(string target, string work)
    {
        string? old = null;
        if (Directory.Exists(target))
        {
            old = $"{target}.{Guid.NewGuid():n}";
            Directory.Move(target, old);
        }
        Directory.Move(work, target);
        if (old is not null)
            Directory.Delete(old, recursive: true);
    }
}
