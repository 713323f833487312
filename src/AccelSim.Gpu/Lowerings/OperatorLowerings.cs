using System.Collections.Frozen;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>The operators that the GPU executes: each operator's record type and what turns a layer of it into a step.</summary>
internal static class OperatorLowerings
{
    private static readonly FrozenDictionary<Type, Func<LoweringContext, LayerStep>> Table = new Dictionary<Type, Func<LoweringContext, LayerStep>>
    {
        [typeof(Convolution)] = MacLowering.Convolution,
        [typeof(FullyConnected)] = MacLowering.FullyConnected,
        [typeof(BatchNormalization)] = ElementwiseLowering.BatchNormalization,
        [typeof(Activation)] = ElementwiseLowering.Activation,
        [typeof(Add)] = ElementwiseLowering.Add,
        [typeof(Multiply)] = ElementwiseLowering.Multiply,
        [typeof(AveragePool)] = PoolingLowering.Average,
        [typeof(GlobalAveragePool)] = PoolingLowering.GlobalAverage,
        [typeof(MaxPool)] = PoolingLowering.Max,
        [typeof(Flatten)] = FlattenLowering.Flatten,
    }.ToFrozenDictionary();

    /// <exception cref="UnsupportedOperatorException">The table has no entry for the layer's operator.</exception>
    public static Func<LoweringContext, LayerStep> Of(Layer layer, string backend) => Table.TryGetValue(layer.Operator.GetType(), out var lowering)
        ? lowering
        : throw new UnsupportedOperatorException(backend, layer.Name, layer.Operator.Name,
            $"it executes {string.Join(", ", Table.Keys.Select(type => type.Name).Order(StringComparer.Ordinal))}.");
}
