using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>The operators that the GPU executes: each operator's record type and what turns a layer of it into a step.</summary>
internal sealed class OperatorLowerings
{
    private readonly ImmutableDictionary<Type, Func<LoweringContext, LayerStep>> _table;

    private OperatorLowerings(ImmutableDictionary<Type, Func<LoweringContext, LayerStep>> table) => _table = table;

    public static OperatorLowerings All { get; } = new(new Dictionary<Type, Func<LoweringContext, LayerStep>>
    {
        [typeof(Convolution)] = MacLowering.Convolution,
        [typeof(FullyConnected)] = MacLowering.FullyConnected,
        [typeof(RadialBasis)] = MacLowering.RadialBasis,
        [typeof(BatchNormalization)] = ElementwiseLowering.BatchNormalization,
        [typeof(Activation)] = ElementwiseLowering.Activation,
        [typeof(Add)] = ElementwiseLowering.Add,
        [typeof(Multiply)] = ElementwiseLowering.Multiply,
        [typeof(AveragePool)] = PoolingLowering.Average,
        [typeof(GlobalAveragePool)] = PoolingLowering.GlobalAverage,
        [typeof(MaxPool)] = PoolingLowering.Max,
        [typeof(Arithmetic)] = ElementwiseLowering.Arithmetic,
        [typeof(Quantize)] = ElementwiseLowering.Quantize,
        [typeof(Dequantize)] = ElementwiseLowering.Dequantize,
        [typeof(LocalResponseNormalization)] = ElementwiseLowering.LocalResponseNormalization,
        [typeof(Interpolate)] = ElementwiseLowering.Interpolate,
        [typeof(Flatten)] = MovementLowering.View,
        [typeof(Reshape)] = MovementLowering.View,
        [typeof(Literal)] = MovementLowering.Literal,
        [typeof(Slice)] = MovementLowering.Slice,
        [typeof(Gather)] = MovementLowering.Gather,
        [typeof(Transpose)] = MovementLowering.Transpose,
        [typeof(ChannelShuffle)] = MovementLowering.ChannelShuffle,
        [typeof(Pad)] = MovementLowering.Pad,
        [typeof(Concat)] = MovementLowering.Concat,
        [typeof(Reduce)] = ReductionLowering.Reduce,
        [typeof(Softmax)] = ReductionLowering.Softmax,
        [typeof(HopfieldSweep)] = ReductionLowering.HopfieldSweep,
        [typeof(CrossEntropy)] = ReductionLowering.CrossEntropy,
        [typeof(MatrixProduct)] = ProductLowering.MatrixProduct,
        [typeof(TransposedConvolution)] = ProductLowering.TransposedConvolution,
        [typeof(BoltzmannLayer)] = ProductLowering.BoltzmannLayer,
        [typeof(ConvolutionWeightGradient)] = ProductLowering.ConvolutionWeightGradient,
        [typeof(Recurrent)] = RecurrentLowering.Recurrent,
        [typeof(ActivationGradient)] = ElementwiseLowering.ActivationGradient,
        [typeof(MaxPoolGradient)] = PoolingLowering.MaxGradient,
        [typeof(AveragePoolGradient)] = PoolingLowering.AverageGradient,
    }.ToImmutableDictionary());

    public bool Has(Type operatorType) => _table.ContainsKey(operatorType);

    /// <summary>The same table with one entry added or replaced.</summary>
    public OperatorLowerings With(Type operatorType, Func<LoweringContext, LayerStep> lowering) => new(_table.SetItem(operatorType, lowering));

    /// <exception cref="UnsupportedOperatorException">The table has no entry for the layer's operator.</exception>
    public Func<LoweringContext, LayerStep> Of(Layer layer, string backend) => _table.TryGetValue(layer.Operator.GetType(), out var lowering)
        ? lowering
        : throw new UnsupportedOperatorException(backend, layer.Name, layer.Operator.Name,
            $"it executes {string.Join(", ", _table.Keys.Select(type => type.Name).Order(StringComparer.Ordinal))}.");
}
