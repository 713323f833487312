using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and &lt;0.5MB model size", arXiv:1602.07360, Table 1
/// (1.0), and the authors' 1.1, which has a smaller first layer and pools earlier. No layer is fully connected.
/// <c>1.0-caffe</c> is 1.0 as the authors released it: an image of 227 and one pixel of padding around the last 1×1.
/// </summary>
public sealed class SqueezeNet : ImageFamily
{
    public override string Name => "squeezenet";

    public override string Citation => "Iandola et al., arXiv:1602.07360";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice(NetworkOption.Variant, "the authors' version", "1.0", "1.1", "1.0-caffe")];

    protected override int DefaultResolution(string? variant) => variant == "1.0-caffe" ? 227 : 224;

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        // Fire modules by squeezed and expanded channels; 0 is a pool.
        (int Squeezed, int Expanded)[] rows = settings.Variant == "1.1"
            ? [(0, 0), (16, 64), (16, 64), (0, 0), (32, 128), (32, 128), (0, 0), (48, 192), (48, 192), (64, 256), (64, 256)]
            : [(0, 0), (16, 64), (16, 64), (32, 128), (0, 0), (32, 128), (48, 192), (48, 192), (64, 256), (0, 0), (64, 256)];
        string x = settings.Variant == "1.1" ? graph.BiasedRelu("conv1", input, 64, 3, 2, padding: 0) : graph.BiasedRelu("conv1", input, 96, 7, 2, padding: 0);
        int number = 1;
        foreach (var (squeezed, expanded) in rows)
            x = squeezed == 0 ? graph.MaxPool($"pool{number}", x, 3, 2, ceil: true) : Fire($"fire{++number}", x, squeezed, expanded);
        x = graph.BiasedRelu("conv10", x, settings.Classes, 1, padding: settings.Variant == "1.0-caffe" ? 1 : 0);
        return [graph.Layer("flatten", new Flatten(), [graph.Layer("pool", new GlobalAveragePool(), [x])])];

        string Fire(string module, string value, int squeezed, int expanded)
        {
            value = graph.BiasedRelu($"{module}/squeeze1x1", value, squeezed, 1);
            return graph.Concat(module, graph.BiasedRelu($"{module}/expand1x1", value, expanded, 1), graph.BiasedRelu($"{module}/expand3x3", value, expanded, 3));
        }
    }
}
