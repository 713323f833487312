using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Adds the nodes of one layer and returns its value: reals, which are quantized after it where the layer's value is codes, or codes. Null where it needs no node.</summary>
internal delegate OnnxValue? LayerExport(Layer layer, LayerNodes nodes);

/// <summary>Which operators can be written as ONNX, and by what.</summary>
internal sealed class OnnxOperators
{
    private readonly Dictionary<Type, LayerExport> _exports = [];

    private OnnxOperators()
    {
    }

    public static OnnxOperators All { get; } = new OnnxOperators()
        .Add<Convolution>(ConvolutionNodes.Convolution)
        .Add<TransposedConvolution>(ConvolutionNodes.TransposedConvolution)
        .Add<FullyConnected>(MatrixNodes.FullyConnected)
        .Add<MatrixProduct>(MatrixNodes.MatrixProduct)
        .Add<RadialBasis>(MatrixNodes.RadialBasis)
        .Add<BoltzmannLayer>(MatrixNodes.BoltzmannLayer)
        .Add<HopfieldSweep>(HopfieldNodes.Sweep)
        .Add<Recurrent>(RecurrentNodes.Recurrent)
        .Add<Activation>(ActivationNodes.Activation)
        .Add<Add>(ArithmeticNodes.Sum)
        .Add<Multiply>(ArithmeticNodes.Product)
        .Add<Arithmetic>(ArithmeticNodes.Arithmetic)
        .Add<Concat>(ArithmeticNodes.Concat)
        .Add<MaxPool>(PoolingNodes.Largest)
        .Add<AveragePool>(PoolingNodes.Average)
        .Add<GlobalAveragePool>(PoolingNodes.GlobalAverage)
        .Add<BatchNormalization>(NormalizationNodes.BatchNormalization)
        .Add<Softmax>(NormalizationNodes.Softmax)
        .Add<LocalResponseNormalization>(NormalizationNodes.LocalResponseNormalization)
        .Add<Reduce>(NormalizationNodes.Reduce)
        .Add<Flatten>(MovementNodes.Flatten)
        .Add<Reshape>(MovementNodes.Reshape)
        .Add<Transpose>(MovementNodes.Transpose)
        .Add<Slice>(MovementNodes.Slice)
        .Add<Pad>(MovementNodes.Pad)
        .Add<Gather>(MovementNodes.Gather)
        .Add<ChannelShuffle>(MovementNodes.ChannelShuffle)
        .Add<Interpolate>(MovementNodes.Interpolate)
        .Add<Literal>(MovementNodes.Literal)
        .Add<Quantize>(ConversionNodes.Quantize)
        .Add<Dequantize>(ConversionNodes.Dequantize)
        .Add<ConvolutionWeightGradient>(GradientNodes.ConvolutionWeight)
        .Add<MaxPoolGradient>(GradientNodes.MaxPool)
        .Add<AveragePoolGradient>(GradientNodes.AveragePool)
        .Add<CrossEntropy>(GradientNodes.CrossEntropy)
        .Add<ActivationGradient>(ActivationGradientNodes.Gradient);

    public bool Contains(Type @operator) => _exports.ContainsKey(@operator);

    /// <exception cref="UnsupportedOperatorException">The layer's operator cannot be written.</exception>
    public LayerExport For(Layer layer) => _exports.TryGetValue(layer.Operator.GetType(), out var export)
        ? export
        : throw new UnsupportedOperatorException("ONNX", layer.Name, layer.Operator.Name, "it has no form in the standard operators.");

    private OnnxOperators Add<T>(Func<T, LayerNodes, OnnxValue> export) where T : Operator
    {
        _exports.Add(typeof(T), (layer, nodes) => export((T)layer.Operator, nodes));
        return this;
    }

    private OnnxOperators Add<T>(Func<LayerNodes, string, OnnxValue?> export) where T : Operator
    {
        _exports.Add(typeof(T), (layer, nodes) => export(nodes, layer.Name));
        return this;
    }
}
