using System.Globalization;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Resources;

namespace AccelSim.Rtl.Network;

/// <summary>
/// A folder with the hardware of a whole network that an engineer takes away: sources, memory images, golden vectors, testbench, Makefile
/// and synthesis scripts, which need the open tools but nothing of AccelSim.
/// </summary>
public static class NetworkFolder
{
    /// <summary>Frames after which the interval between two no longer changes, once the pipeline is full.</summary>
    private const int SteadyFrames = 4;

    /// <summary>Writes the folder. It appears complete or not at all.</summary>
    /// <param name="netlist">The pipeline.</param>
    /// <param name="vectors">Images and golden results to go with it.</param>
    /// <param name="folder">Made by us, or by an earlier call, or empty.</param>
    /// <returns>The cycles that the simulation of the folder will count.</returns>
    /// <exception cref="RtlException">The vectors have another shape, or the folder holds something else.</exception>
    public static PipelineCycles Write(PipelineNetlist netlist, NetworkVectors vectors, string folder, CancellationToken cancellation = default)
    {
        vectors.Check(netlist.Graph);
        var cycles = PipelineCycles.Predict(netlist, Math.Max(vectors.Frames, SteadyFrames), cancellation);
        GeneratedFolder.Write(folder, work => Fill(work, netlist, vectors, cycles));
        return cycles;
    }

    private static void Fill(string folder, PipelineNetlist netlist, NetworkVectors vectors, PipelineCycles cycles)
    {
        string name = netlist.Graph.Graph.Name.ReplaceLineEndings(" ");
        var variables = NetworkSources.Variables(netlist, name);
        variables["block"] = new { Name = name };
        variables["top"] = NetworkSources.Top;
        variables["testbench"] = NetworkSources.Testbench;
        variables["frames"] = vectors.Frames;
        variables["cycles"] = cycles;
        variables["multiplier_use"] = string.Create(CultureInfo.InvariantCulture, $"{100 * netlist.MultiplierUse(cycles.Interval):0.0}");
        variables["multipliers"] = netlist.MacMultipliers;
        variables["resources"] = PipelineResources.Of(netlist);
        var fabrics = Enum.GetValues<FabricFamily>().ToDictionary(family => family, family => FabricEstimate.Of(netlist, family));
        variables["fabrics"] = SynthesisScripts.Rows(fabrics);
        variables["stages"] = netlist.Stages;
        string rtl = Subfolder("rtl"), data = Subfolder("data");
        foreach (var source in HardwareSources.Cells().Append(NetworkSources.TopOf(netlist, name)))
            source.Save(rtl);
        NetworkSources.TestbenchOf(netlist, name).Save(Subfolder("tb"));
        SynthesisScripts.Write(Subfolder("syn"), variables, fabrics, cycles.FirstOutput, cycles.Frame);
        HardwareSources.Render("Makefile", variables).Save(folder);
        (HardwareSources.Render("network.md", variables) with { Name = "README.md" }).Save(folder);
        if (netlist.HasControlPort)
        {
            HardwareSources.Render("control.h", variables).Save(folder);
            LoadMap.WriteJson(Path.Combine(folder, "control.json"), netlist);
        }
        FoldingFile.Write(Path.Combine(folder, FoldingFile.Name), netlist);
        NetworkImages.Write(data, netlist);
        BeatFiles.Write(data, netlist, vectors);

        string Subfolder(string subfolder) => Directory.CreateDirectory(Path.Combine(folder, subfolder)).FullName;
    }
}
