using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// The layers that most papers after 2015 are made of: convolution, batch normalization and an activation under one name
/// (<c>layer</c>, <c>layer/bn</c>, <c>layer/relu</c>), and what they combine to. Convolutions have no bias, as the normalization has one.
/// </summary>
/// <param name="graph">Takes the layers.</param>
/// <param name="epsilon">Of batch normalization.</param>
/// <param name="same">Padding as TensorFlow's SAME (the odd row at the bottom and right), or half the kernel on every side.</param>
internal sealed class NormalizedLayers(GraphBuilder graph, double epsilon, bool same)
{
    /// <summary>The conventions of TensorFlow's reference code.</summary>
    public static NormalizedLayers TensorFlow(GraphBuilder graph) => new(graph, 1e-3, same: true);

    /// <summary>The conventions of Torch's and Caffe's reference code.</summary>
    public static NormalizedLayers Torch(GraphBuilder graph) => new(graph, 1e-5, same: false);

    public GraphBuilder Graph => graph;

    public string Convolution(string layer, string input, int channels, int kernel, int stride = 1, int groups = 1, ActivationKind? activation = null, bool valid = false) =>
        Convolution(layer, input, channels, Size2.Square(kernel), stride, groups, activation, valid);

    public string Convolution(string layer, string input, int channels, Size2 kernel, int stride = 1, int groups = 1, ActivationKind? activation = null, bool valid = false)
    {
        var convolution = new Convolution(kernel, Size2.Square(stride), valid ? Padding.None : Around(input, kernel, stride), groups);
        return Finish(layer, graph.Convolution(layer, input, channels, convolution, bias: false), activation);
    }

    public string Depthwise(string layer, string input, int kernel, int stride = 1, ActivationKind? activation = null)
    {
        int channels = graph.TypeOf(input).Channels;
        return Convolution(layer, input, channels, kernel, stride, channels, activation);
    }

    /// <summary>Depthwise and pointwise convolution with nothing between (Chollet, CVPR 2017), normalized after both.</summary>
    public string Separable(string layer, string input, int channels, int kernel, int stride = 1, bool pointwiseFirst = false)
    {
        string x = input;
        if (pointwiseFirst)
            x = graph.Convolution($"{layer}/pointwise", x, channels, 1);
        int width = graph.TypeOf(x).Channels;
        x = graph.Convolution($"{layer}/depthwise", x, width, new Convolution(Size2.Square(kernel), Size2.Square(stride), Around(x, Size2.Square(kernel), stride), width), bias: false);
        if (!pointwiseFirst)
            x = graph.Convolution($"{layer}/pointwise", x, channels, 1);
        return graph.BatchNormalization($"{layer}/bn", x, epsilon);
    }

    /// <summary>
    /// Scales channels by a gate that two small layers compute from their means (Hu, Shen, Sun, "Squeeze-and-Excitation Networks", CVPR 2018).
    /// </summary>
    public string SqueezeExcite(string block, string value, int squeezed, ActivationKind gate, ActivationKind inner = ActivationKind.Relu)
    {
        string s = graph.Layer($"{block}/pool", new GlobalAveragePool(), [value]);
        s = graph.Convolution($"{block}/reduce", s, squeezed, 1, bias: true);
        s = Activation(block, s, inner);
        s = graph.Convolution($"{block}/expand", s, graph.TypeOf(value).Channels, 1, bias: true);
        return graph.Layer($"{block}/scale", new Multiply(), [value, Activation(block, s, gate)]);
    }

    /// <summary>
    /// Widens, filters each channel, gates if asked to, and narrows without an activation; adds the input where the shape allows
    /// (Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018, Figure 3).
    /// </summary>
    /// <param name="block">Path of its layers.</param>
    /// <param name="input">The narrow value.</param>
    /// <param name="expanded">Channels in the middle; there is no first layer when they are the input's.</param>
    /// <param name="channels">Channels of the result.</param>
    /// <param name="kernel">Of the depthwise layer.</param>
    /// <param name="stride">Of the depthwise layer.</param>
    /// <param name="activation">After the first two layers.</param>
    /// <param name="gate">Squeeze-and-excite before the last layer: its inner channels and its gate.</param>
    /// <param name="squeezedActivation">After squeeze-and-excite's first layer.</param>
    public string InvertedResidual(
        string block, string input, int expanded, int channels, int kernel, int stride, ActivationKind activation, (int Squeezed, ActivationKind Gate)? gate = null,
        ActivationKind squeezedActivation = ActivationKind.Relu)
    {
        int inputs = graph.TypeOf(input).Channels;
        string y = input;
        if (expanded != inputs)
            y = Convolution($"{block}/expand", y, expanded, 1, activation: activation);
        y = Depthwise($"{block}/depthwise", y, kernel, stride, activation);
        if (gate is { } squeeze)
            y = SqueezeExcite($"{block}/se", y, squeeze.Squeezed, squeeze.Gate, squeezedActivation);
        y = Convolution($"{block}/project", y, channels, 1);
        return stride == 1 && inputs == channels ? graph.Layer($"{block}/add", new Add(), [y, input]) : y;
    }

    public string Normalize(string layer, string value) => graph.BatchNormalization($"{layer}/bn", value, epsilon);

    public string Activation(string layer, string value, ActivationKind kind) => graph.Activation($"{layer}/{Suffix(kind)}", value, kind);

    private string Finish(string layer, string value, ActivationKind? activation)
    {
        value = Normalize(layer, value);
        return activation is { } kind ? Activation(layer, value, kind) : value;
    }

    private Padding Around(string input, Size2 kernel, int stride) => same
        ? Padding.Same(graph.TypeOf(input).Image, kernel, Size2.Square(stride))
        : new Padding(kernel.Height / 2, kernel.Height / 2, kernel.Width / 2, kernel.Width / 2);

    private static string Suffix(ActivationKind kind) => kind switch
    {
        ActivationKind.HardSigmoid => "hard_sigmoid",
        ActivationKind.HardSwish => "hard_swish",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
