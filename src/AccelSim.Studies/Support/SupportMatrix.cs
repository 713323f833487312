using System.Collections.Immutable;
using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Reference;
using AccelSim.Rtl;
using AccelSim.Rtl.Hls;
using AccelSim.Rtl.Network;
using AccelSim.Systolic;

namespace AccelSim.Studies.Support;

/// <summary>Layers of one operator that the backends answer alike.</summary>
/// <param name="Operator">The operator's name.</param>
/// <param name="Layers">How many there are.</param>
/// <param name="First">The first of them.</param>
/// <param name="Reasons">For each backend of <see cref="SupportMatrix.Backends"/>, why it does not execute them, or null where it does.</param>
public sealed record SupportRow(string Operator, int Layers, string First, ImmutableArray<string?> Reasons);

/// <summary>Which backend executes which layers of a quantized network, and why not.</summary>
/// <param name="Pipeline">Why the whole network is no pipeline in Verilog and HLS C++, which have the same stages, or null when it is one.</param>
public sealed record SupportMatrix(ImmutableArray<SupportRow> Rows, string? Pipeline)
{
    private const string NoImplementation = "no implementation of this operator";

    public static ImmutableArray<string> Backends { get; } = ["reference", "gpu", "systolic", "rtl", "hls"];

    public static SupportMatrix Of(LayerGraph graph)
    {
        var rows = graph.Layers
            .Select(layer => (Layer: layer, Reasons: Reasons(graph, layer)))
            .GroupBy(pair => $"{pair.Layer.Operator.Name}|{string.Join('|', pair.Reasons)}")
            .Select(group => new SupportRow(group.First().Layer.Operator.Name, group.Count(), group.First().Layer.Name, group.First().Reasons));
        return new SupportMatrix([.. rows], PipelineReason(graph));
    }

    private static ImmutableArray<string?> Reasons(LayerGraph graph, Layer layer)
    {
        var type = layer.Operator.GetType();
        return
        [
            ReferenceBackend.Supports(layer.Operator) ? null : NoImplementation,
            GpuBackend.Supports(type) ? null : NoImplementation,
            SystolicSimulator.Supports(type) ? null : NoImplementation,
            StageGraph.Refusal(graph, layer),
            HlsSources.Refusal(graph, layer),
        ];
    }

    private static string? PipelineReason(LayerGraph graph)
    {
        try
        {
            StageGraph.Of(graph);
            return null;
        }
        catch (Exception error) when (error is RtlException or GraphException)
        {
            return error.Message;
        }
    }
}
