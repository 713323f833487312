using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>What Inception-v4 and Inception-ResNet-v2 share: convolutions with normalization and ReLU, in rows and columns, and the first reduction.</summary>
internal sealed class InceptionLayers(GraphBuilder graph)
{
    private readonly NormalizedLayers _layers = new(graph, 1e-3, same: false);

    public string Conv(string layer, string value, int channels, int kernel, int stride = 1, bool valid = false) =>
        _layers.Convolution(layer, value, channels, kernel, stride, activation: ActivationKind.Relu, valid: valid);

    public string Row(string layer, string value, int channels, int width) =>
        _layers.Convolution(layer, value, channels, new Size2(1, width), activation: ActivationKind.Relu);

    public string Column(string layer, string value, int channels, int height) =>
        _layers.Convolution(layer, value, channels, new Size2(height, 1), activation: ActivationKind.Relu);

    public string Pooled(string block, string value, int channels) => Conv($"{block}/pool_proj", graph.AveragePoolSame($"{block}/pool", value, 3, 1), channels, 1);

    /// <summary>Figure 7 of Szegedy et al., AAAI 2017: n, and k, l, m of the longer branch.</summary>
    public string To17(string block, string value, int n, int k, int l, int m) => graph.Concat(
        block,
        Conv($"{block}/3x3", value, n, 3, 2, valid: true),
        Conv($"{block}/3x3b", Conv($"{block}/3x3a", Conv($"{block}/3x3_reduce", value, k, 1), l, 3), m, 3, 2, valid: true),
        graph.MaxPool($"{block}/pool", value, 3, 2));
}
