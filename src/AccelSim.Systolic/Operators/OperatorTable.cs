using System.Collections.Frozen;
using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Which operators the simulator has, by type.</summary>
internal static class OperatorTable
{
    private static readonly FrozenDictionary<Type, LayerImplementation> Implementations = new Dictionary<Type, LayerImplementation>
    {
        [typeof(Convolution)] = new ConvolutionLayer(),
        [typeof(FullyConnected)] = new FullyConnectedLayer(),
        [typeof(Add)] = new AddLayer(),
        [typeof(Multiply)] = new MultiplyLayer(),
        [typeof(Activation)] = new ActivationLayer(),
        [typeof(MaxPool)] = new MaxPoolLayer(),
        [typeof(AveragePool)] = new AveragePoolLayer(),
        [typeof(GlobalAveragePool)] = new GlobalAveragePoolLayer(),
        [typeof(Flatten)] = new FlattenLayer(),
        [typeof(RadialBasis)] = new RadialBasisLayer(),
    }.ToFrozenDictionary();

    /// <exception cref="UnsupportedOperatorException">There is no implementation.</exception>
    public static LayerImplementation Of(Layer layer, string backend)
    {
        if (Implementations.TryGetValue(layer.Operator.GetType(), out LayerImplementation? implementation))
            return implementation;
        string reason = layer.Operator is BatchNormalization
            ? "batch normalization has no place in an integer array; fold it into the convolution before it"
            : "there is no implementation of this operator";
        throw new UnsupportedOperatorException(backend, layer.Name, layer.Operator.Name, reason);
    }

    /// <summary>The implementation, for execution: the layer must work on int8 codes.</summary>
    /// <exception cref="UnsupportedOperatorException">There is no implementation, or the layer works on floats.</exception>
    public static LayerImplementation OfQuantized(Layer layer, LayerGraph graph, string backend)
    {
        LayerImplementation implementation = Of(layer, backend);
        if (graph.TypeOf(layer.Name).Element != ElementType.Int8)
            throw new UnsupportedOperatorException(backend, layer.Name, layer.Operator.Name, "it works on floats and the array on int8; quantize the graph first");
        return implementation;
    }
}
