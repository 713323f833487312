namespace AccelSim.Models.Onnx.Import.Recognition;

/// <summary>What turns an imported graph into the one that its author had in mind, in order.</summary>
internal static class DraftPasses
{
    public static IReadOnlyList<Action<Draft, IReadOnlyCollection<string>>> All(OnnxImportOptions options, Action<string> note) =>
    [
        BiasRecognition.Apply,
        HardSwishRecognition.Apply,
        QuantizationMovement.Apply,
        new IntegerFusion(options.MultiplierBits, note).Apply,
    ];
}
