using AccelSim.Graph;

namespace AccelSim.Models.Graphviz;

/// <summary>What a layer does, as a light fill colour: what multiplies by weights, what only moves elements, and so on. An operator that is not listed is grey.</summary>
internal static class LayerColour
{
    public static string Of(LayerGraph graph, Layer layer) => layer.Operator switch
    {
        Convolution convolution when convolution.IsDepthwise(graph.TypeOf(layer.Inputs[0])) => "#bcd9f5",
        var op when graph.CostOf(layer).Macs > 0 && op.WeightKernels > 0 => "#8fbbe8",
        MatrixProduct or ConvolutionWeightGradient => "#a8cbef",
        Activation or ActivationGradient => "#f9d9a8",
        AveragePool or GlobalAveragePool or MaxPool or Reduce or AveragePoolGradient or MaxPoolGradient => "#c7e6c2",
        Add or Multiply or Arithmetic => "#f5c1c1",
        BatchNormalization or LocalResponseNormalization or Softmax => "#dccbee",
        Quantize or Dequantize => "#fff3b0",
        Concat or Slice or Transpose or Reshape or Flatten or Pad or Gather or ChannelShuffle or Interpolate => "#e3e3e3",
        _ => "#eeeeee",
    };
}
