using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>From reals to codes and back.</summary>
internal static class ConversionNodes
{
    /// <summary>The node is the one that ends every layer of codes.</summary>
    public static OnnxValue Quantize(Quantize op, LayerNodes nodes) => nodes.Input();

    public static OnnxValue Dequantize(Dequantize op, LayerNodes nodes) =>
        nodes.Node("DequantizeLinear", nodes.Type.Shape, [nodes.Codes(0), .. nodes.Writer.Parameters("input", nodes.InputType(0).Quantization!.Value)]);
}
