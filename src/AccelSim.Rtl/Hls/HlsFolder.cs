using AccelSim.Rtl.Network;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Hls;

/// <summary>
/// A folder with a network as HLS C++ that an engineer takes away: cells, the network's top, parameters and constants, golden vectors, testbenches, a
/// script for Vitis HLS, and a Makefile that needs a C++ compiler and nothing of AccelSim.
/// </summary>
public static class HlsFolder
{
    private const int SteadyFrames = 4;

    /// <summary>Writes the folder. It appears complete or not at all.</summary>
    /// <param name="netlist">The pipeline.</param>
    /// <param name="vectors">Images and golden results to go with it.</param>
    /// <param name="target">What Vitis HLS is asked for.</param>
    /// <param name="folder">Made by us, or by an earlier call, or empty.</param>
    /// <returns>The cycles of the same pipeline in Verilog.</returns>
    /// <exception cref="RtlException">The vectors have another shape, a beat is too wide, or the folder holds something else.</exception>
    public static PipelineCycles Write(PipelineNetlist netlist, NetworkVectors vectors, HlsTarget target, string folder, CancellationToken cancellation = default)
    {
        vectors.Check(netlist.Graph);
        var cycles = PipelineCycles.Predict(netlist, Math.Max(vectors.Frames, SteadyFrames), cancellation);
        GeneratedFolder.Write(folder, work => Fill(work, netlist, vectors, HlsSources.Variables(netlist, cycles, target)));
        return cycles;
    }

    private static void Fill(string folder, PipelineNetlist netlist, NetworkVectors vectors, Dictionary<string, object?> variables)
    {
        variables["frames"] = vectors.Frames;
        Save("cells", HlsSources.Cells());
        Save("compatibility", HlsSources.Compatibility());
        Save("src", [Render("net_top.cpp"), Render("net_top.h"), Render("parameters.h")]);
        Save("tb", [.. HlsSources.Testbench(), Render("net_tb.cpp"), Render("turns_tb.cpp")]);
        Save("", [Render("run_hls.tcl"), Render("hls.mk") with { Name = "Makefile" }, Render("hls.md") with { Name = "README.md" }]);
        HlsConstants.Write(Subfolder(Path.Combine("src", "constants")), netlist);
        FoldingFile.Write(Path.Combine(folder, FoldingFile.Name), netlist);
        NetworkImages.WriteStreams(Subfolder("data"), netlist);
        BeatFiles.Write(Subfolder("data"), netlist, vectors);

        SourceFile Render(string file) => HardwareSources.Render(file, variables);

        void Save(string subfolder, IReadOnlyList<SourceFile> sources)
        {
            string path = Subfolder(subfolder);
            foreach (var source in sources)
                source.Save(path);
        }

        string Subfolder(string subfolder) => Directory.CreateDirectory(Path.Combine(folder, subfolder)).FullName;
    }
}
