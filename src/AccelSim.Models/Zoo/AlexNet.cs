using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NIPS 2012, Figure 2 and section 3.
/// <c>2012</c> splits layers 2, 4 and 5 over two GPUs, which is two groups; <c>ungrouped</c> is the same on one.
/// <c>torchvision</c> is the narrower network of Krizhevsky, "One weird trick for parallelizing convolutional neural networks",
/// arXiv:1404.5997, without groups or response normalization.
/// </summary>
/// <remarks>The paper prints an image of 224, from which 11×11 with stride 4 does not give its 55×55: 227 does.</remarks>
public sealed class AlexNet : ImageFamily
{
    public override string Name => "alexnet";

    public override string Citation => "Krizhevsky et al., NIPS 2012";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
        [NetworkOption.Choice(NetworkOption.Variant, "two groups, one, or the one weird trick", "2012", "ungrouped", "torchvision")];

    protected override int DefaultResolution(string? variant) => variant == "torchvision" ? 224 : 227;

    protected override int SmallestResolution => 67;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        bool later = settings.Variant == "torchvision";
        int groups = settings.Variant == "2012" ? 2 : 1;
        string x = graph.BiasedRelu("conv1", input, later ? 64 : 96, 11, 4, padding: later ? 2 : 0);
        x = graph.MaxPool("pool1", ResponseNormalized("norm1", x), 3, 2);
        x = graph.BiasedRelu("conv2", x, later ? 192 : 256, 5, groups: groups);
        x = graph.MaxPool("pool2", ResponseNormalized("norm2", x), 3, 2);
        x = graph.BiasedRelu("conv3", x, 384, 3);
        x = graph.BiasedRelu("conv4", x, later ? 256 : 384, 3, groups: groups);
        x = graph.BiasedRelu("conv5", x, 256, 3, groups: groups);
        x = graph.Layer("flatten", new Flatten(), [graph.MaxPool("pool5", x, 3, 2)]);
        x = graph.Relu("fc6", graph.FullyConnected("fc6", x, 4096));
        x = graph.Relu("fc7", graph.FullyConnected("fc7", x, 4096));
        return [graph.FullyConnected("fc8", x, settings.Classes)];

        // Section 3.3: k = 2, n = 5, α = 10⁻⁴ times the sum, β = 0.75. The operator takes α times the mean.
        string ResponseNormalized(string layer, string value) =>
            later ? value : graph.Layer(layer, new LocalResponseNormalization(5, 5e-4, 0.75, 2), [value]);
    }
}
