using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Arrays;

/// <summary>
/// A folder with a systolic array that an engineer takes away: sources, products with their sums and cycles, testbench and Makefile,
/// which need the open tools but nothing of AccelSim.
/// </summary>
public static class ArrayFolder
{
    /// <summary>Writes the folder. It appears complete or not at all.</summary>
    /// <param name="design">The array.</param>
    /// <param name="jobs">The products that the testbench runs; the largest decides how large the memories are.</param>
    /// <param name="folder">Made by us, or by an earlier call, or empty.</param>
    /// <exception cref="RtlException">A size is out of range, or the folder holds something else.</exception>
    public static ArrayMemories Write(ArrayDesign design, IReadOnlyList<ArrayJob> jobs, string folder)
    {
        ArrayMemories? memories = null;
        GeneratedFolder.Write(folder, work =>
        {
            memories = ArrayJobs.Write(Subfolder("data"), design, jobs);
            var variables = ArraySources.Variables(design, memories);
            variables["jobs"] = jobs;
            string rtl = Subfolder("rtl"), testbench = Subfolder("tb");
            foreach (var source in ArraySources.Cells().Append(ArraySources.TopOf(design, memories)))
                source.Save(rtl);
            ArraySources.Bench().Save(testbench);
            ArraySources.TestbenchOf(design, memories).Save(testbench);
            (HardwareSources.Render("array.mk", variables) with { Name = "Makefile" }).Save(work);
            (HardwareSources.Render("array.md", variables) with { Name = "README.md" }).Save(work);

            string Subfolder(string name) => Directory.CreateDirectory(Path.Combine(work, name)).FullName;
        });
        return memories!;
    }
}
