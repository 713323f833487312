using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>Batch normalization at inference, and local response normalization.</summary>
internal static class Normalizations
{
    [OnnxOperator("BatchNormalization")]
    public static void BatchNormalization(OnnxNode node)
    {
        if (node.Attributes.Flag("training_mode"))
            throw new OnnxException("training_mode = 1 is not supported: export the model for inference.");
        if (node.Opset < 7 && !node.Attributes.Flag("is_test"))
            node.Note("is_test is not set; the stored statistics are used as at inference");
        if (node.Opset < 9 && !node.Attributes.Flag("spatial", otherwise: true))
            throw new OnnxException("spatial = 0 (statistics an element) is not supported.");
        node.RequireOutputsUnused(1, "running statistics");
        string x = node.Float(0);
        string[] roles = ["scale", "bias", "mean", "variance"];
        var constants = roles.Select((role, i) => (Operand)node.Constant(i + 1, role));
        node.Set(0, node.Layer(new BatchNormalization(node.Attributes.Float("epsilon", 1e-5)), x, [.. constants]));
    }

    [OnnxOperator("LRN")]
    public static void Lrn(OnnxNode node)
    {
        long size = node.Attributes.Int("size", 0);
        if (size is < 1 or > 1 << 16)
            throw new OnnxException($"its size is {size}.");
        var normalization = new LocalResponseNormalization(
            (int)size, node.Attributes.Float("alpha", 1e-4), node.Attributes.Float("beta", 0.75), node.Attributes.Float("bias", 1));
        node.Set(0, node.Layer(normalization, node.Float(0)));
    }
}
