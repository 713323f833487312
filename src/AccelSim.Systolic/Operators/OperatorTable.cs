using System.Collections.Frozen;
using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Which operators the simulator has, by type.</summary>
internal static class OperatorTable
{
    private static readonly FrozenDictionary<Type, LayerImplementation> Implementations = new Dictionary<Type, LayerImplementation>
    {
        // On the array.
        [typeof(Convolution)] = new ConvolutionLayer(),
        [typeof(FullyConnected)] = new FullyConnectedLayer(),
        [typeof(TransposedConvolution)] = new TransposedConvolutionLayer(),
        [typeof(MatrixProduct)] = new MatrixProductLayer(),
        [typeof(Recurrent)] = new RecurrentLayer(),
        [typeof(HopfieldSweep)] = new HopfieldSweepLayer(),
        [typeof(BoltzmannLayer)] = new BoltzmannLayerLayer(),
        [typeof(ConvolutionWeightGradient)] = new ConvolutionWeightGradientLayer(),

        // On the vector unit.
        [typeof(Add)] = new AddLayer(),
        [typeof(Multiply)] = new MultiplyLayer(),
        [typeof(Arithmetic)] = new ArithmeticLayer(),
        [typeof(Activation)] = new ActivationLayer(),
        [typeof(BatchNormalization)] = new BatchNormalizationLayer(),
        [typeof(MaxPool)] = new MaxPoolLayer(),
        [typeof(AveragePool)] = new AveragePoolLayer(),
        [typeof(GlobalAveragePool)] = new GlobalAveragePoolLayer(),
        [typeof(Reduce)] = new ReduceLayer(),
        [typeof(Softmax)] = new SoftmaxLayer(),
        [typeof(LocalResponseNormalization)] = new LocalResponseNormalizationLayer(),
        [typeof(RadialBasis)] = new RadialBasisLayer(),
        [typeof(Interpolate)] = new InterpolateLayer(),
        [typeof(Quantize)] = new QuantizeLayer(),
        [typeof(Dequantize)] = new DequantizeLayer(),
        [typeof(ActivationGradient)] = new ActivationGradientLayer(),
        [typeof(MaxPoolGradient)] = new MaxPoolGradientLayer(),
        [typeof(AveragePoolGradient)] = new AveragePoolGradientLayer(),
        [typeof(CrossEntropy)] = new CrossEntropyLayer(),

        // Moved, or only seen in another way.
        [typeof(Literal)] = new LiteralLayer(),
        [typeof(Concat)] = new ConcatLayer(),
        [typeof(Slice)] = new SliceLayer(),
        [typeof(Gather)] = new GatherLayer(),
        [typeof(Pad)] = new PadLayer(),
        [typeof(Transpose)] = new TransposeLayer(),
        [typeof(ChannelShuffle)] = new ChannelShuffleLayer(),
        [typeof(Flatten)] = new FlattenLayer(),
        [typeof(Reshape)] = new ReshapeLayer(),
    }.ToFrozenDictionary();

    /// <summary>Whether there is an implementation.</summary>
    public static bool Has(Type @operator) => Implementations.ContainsKey(@operator);

    /// <exception cref="UnsupportedOperatorException">There is no implementation.</exception>
    public static LayerImplementation Of(Layer layer, string backend) =>
        Implementations.TryGetValue(layer.Operator.GetType(), out LayerImplementation? implementation)
            ? implementation
            : throw new UnsupportedOperatorException(backend, layer.Name, layer.Operator.Name, "there is no implementation of this operator");
}
