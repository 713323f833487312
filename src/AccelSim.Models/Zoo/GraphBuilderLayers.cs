using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>Layers that many networks begin, join or end with.</summary>
internal static class GraphBuilderLayers
{
    /// <summary>A convolution with bias and its ReLU, half the kernel on every side unless told otherwise: the layer of the years before batch normalization.</summary>
    public static string BiasedRelu(this GraphBuilder graph, string layer, string input, int channels, int kernel, int stride = 1, int? padding = null, int groups = 1) =>
        graph.Relu(layer, graph.Convolution(layer, input, channels, kernel, stride, padding ?? kernel / 2, groups, bias: true));

    public static string Relu(this GraphBuilder graph, string layer, string value) => graph.Activation($"{layer}/relu", value, ActivationKind.Relu);

    /// <summary>Largest of a window; <paramref name="ceil"/> adds a last, partial window (Caffe's rule).</summary>
    public static string MaxPool(this GraphBuilder graph, string layer, string input, int kernel, int stride, int padding = 0, bool ceil = false)
    {
        var (window, step, sides) = (Size2.Square(kernel), Size2.Square(stride), Padding.All(padding));
        return graph.Layer(layer, new MaxPool(window, step, ceil ? Sliding.Ceil(graph.TypeOf(input).Image, window, step, sides, Size2.Square(1)) : sides), [input]);
    }

    /// <summary>Largest of a window with TensorFlow's SAME padding.</summary>
    public static string MaxPoolSame(this GraphBuilder graph, string layer, string input, int kernel, int stride) =>
        graph.Layer(layer, new MaxPool(Size2.Square(kernel), Size2.Square(stride), Same(graph, input, kernel, stride)), [input]);

    /// <summary>Mean of a window with TensorFlow's SAME padding, which the mean leaves out.</summary>
    public static string AveragePoolSame(this GraphBuilder graph, string layer, string input, int kernel, int stride) =>
        graph.Layer(layer, new AveragePool(Size2.Square(kernel), Size2.Square(stride), Same(graph, input, kernel, stride)), [input]);

    public static string Add(this GraphBuilder graph, string layer, string a, string b) => graph.Layer(layer, new Add(), [a, b]);

    /// <summary>Channels of all values, one after the other.</summary>
    public static string Concat(this GraphBuilder graph, string layer, params IReadOnlyList<string> values) => graph.Layer(layer, new Concat(1), values);

    /// <summary>Means of the channels and a layer of logits.</summary>
    public static string Classifier(this GraphBuilder graph, string features, int classes, string layer = "classifier")
    {
        string pooled = graph.Layer(layer == "classifier" ? "pool" : $"{layer}/pool", new GlobalAveragePool(), [features]);
        return graph.FullyConnected(layer, graph.Layer(layer == "classifier" ? "flatten" : $"{layer}/flatten", new Flatten(), [pooled]), classes);
    }

    private static Padding Same(GraphBuilder graph, string input, int kernel, int stride) =>
        Padding.Same(graph.TypeOf(input).Image, Size2.Square(kernel), Size2.Square(stride));
}
