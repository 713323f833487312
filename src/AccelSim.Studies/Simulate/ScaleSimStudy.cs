using AccelSim.Graph;
using AccelSim.Models.ScaleSim;
using AccelSim.Systolic.ScaleSim;

namespace AccelSim.Studies.Simulate;

/// <summary>The files of SCALE-Sim in, its reports out.</summary>
/// <param name="Topology">The file of the layers.</param>
/// <param name="Configuration">The accelerator.</param>
/// <param name="Layers">Their names, a depthwise layer once a channel.</param>
/// <param name="Reports">One a layer.</param>
public sealed record ScaleSimStudy(
    string Topology, ScaleSimConfiguration Configuration, IReadOnlyList<string> Layers, IReadOnlyList<ScaleSimLayerReport> Reports)
{
    /// <summary>The names of the reports.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. ScaleSimReports.Of([]).Select(report => report.Name)];

    /// <summary>Reads both files and counts every layer.</summary>
    /// <param name="topologyFile">Its CSV file of layers.</param>
    /// <param name="configurationFile">Its configuration.</param>
    /// <param name="form">What the rows of the topology are; null reads it off the header.</param>
    /// <param name="progress">Told of each layer.</param>
    /// <param name="cancellation">Stops within a layer.</param>
    /// <exception cref="GraphException">A file is not legal or a layer too large; the message names file and line.</exception>
    public static ScaleSimStudy Run(
        string topologyFile, string configurationFile, ScaleSimForm? form = null, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        ScaleSimConfiguration configuration = ScaleSimConfigurationFile.Load(configurationFile);
        IReadOnlyList<ScaleSimLayer> layers = ScaleSimTopology.Layers(topologyFile, form);
        // Layers alike count alike: the channels of a depthwise layer, the blocks of a residual network.
        var counted = new Dictionary<ScaleSimConvolution, ScaleSimLayerReport>();
        var reports = new List<ScaleSimLayerReport>();
        foreach (ScaleSimLayer layer in layers)
        {
            progress?.Report(new StudyProgress("layers", reports.Count, layers.Count, layer.Name));
            var work = new ScaleSimConvolution(
                layer.Image.Height, layer.Image.Width, layer.Filter.Height, layer.Filter.Width, layer.Channels, layer.Filters, layer.Stride.Height, layer.Stride.Width);
            if (!counted.TryGetValue(work, out ScaleSimLayerReport? report))
                counted[work] = report = Count(work, layer);
            reports.Add(report);
        }
        progress?.Report(new StudyProgress("layers", layers.Count, layers.Count));
        return new ScaleSimStudy(topologyFile, configuration, [.. layers.Select(layer => layer.Name)], reports);

        ScaleSimLayerReport Count(ScaleSimConvolution work, ScaleSimLayer layer)
        {
            try
            {
                return ScaleSimCounting.Count(work, configuration, cancellation);
            }
            catch (Exception error) when (error is GraphException or OverflowException)
            {
                throw new GraphException($"{topologyFile}, line {layer.Line}, layer '{layer.Name}': {(error is OverflowException ? "its words are more than can be counted: give the layer in parts." : error.Message)}", error);
            }
        }
    }

    /// <summary>Writes COMPUTE_REPORT, BANDWIDTH_REPORT and DETAILED_ACCESS_REPORT, all or none.</summary>
    /// <exception cref="GraphException">The folder holds something that is not ours.</exception>
    public void Save(string folder) => ReportFolder.Write(folder, ScaleSimReports.Of(Reports));
}
