using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Import.Recognition;

/// <summary>
/// h-sigmoid, h-swish (Howard et al., ICCV 2019) and swish as exporters spell them: x·relu6(x + 3)÷6 with the division anywhere, clip(x÷6 + ½, 0, 1),
/// x·sigmoid(x). Scalars have become affine functions already.
/// </summary>
internal static class HardSwishRecognition
{
    private const double Sixth = 1.0 / 6;

    private const double Tolerance = 1e-6;

    public static void Apply(Draft draft, IReadOnlyCollection<string> outputs)
    {
        var readers = new DraftReaders(draft, outputs);
        foreach (var layer in draft.Layers.Where(layer => readers.Live.Contains(layer.Name)))
        {
            if (Recognized(readers, layer) is var (kind, input))
                draft.Rewrite(layer, new Activation(kind), [input]);
        }
    }

    private static (ActivationKind Kind, string Input)? Recognized(DraftReaders readers, DraftLayer layer)
    {
        if (IsLine(layer, Sixth, 0))
        {
            if (ClippedSum(readers, layer.Inputs[0]) is { } x)
                return (ActivationKind.HardSigmoid, x);
            if (readers.Producer(layer.Inputs[0]) is { Operator: Multiply { Integer: null } } product && Product(readers, product, ClippedSum) is { } factor)
                return (ActivationKind.HardSwish, factor);
        }
        if (layer.Operator is Activation { Kind: ActivationKind.Clip, Alpha: 0, Beta: 1, Integer: null } && readers.Producer(layer.Inputs[0]) is { } line && IsLine(line, Sixth, 0.5))
            return (ActivationKind.HardSigmoid, line.Inputs[0]);
        if (layer.Operator is not Multiply { Integer: null })
            return null;
        if (Product(readers, layer, (r, value) => Function(r, value, ActivationKind.HardSigmoid)) is { } gated)
            return (ActivationKind.HardSwish, gated);
        if (Product(readers, layer, (r, value) => Function(r, value, ActivationKind.Sigmoid)) is { } swish)
            return (ActivationKind.Swish, swish);
        for (int i = 0; i < 2; i++)
        {
            if (readers.Producer(layer.Inputs[i]) is { } scaled && IsLine(scaled, Sixth, 0) && ClippedSum(readers, layer.Inputs[1 - i]) == scaled.Inputs[0])
                return (ActivationKind.HardSwish, scaled.Inputs[0]);
        }
        return null;
    }

    /// <summary>x of a product x·f(x), f(x) being what <paramref name="argument"/> finds x in.</summary>
    private static string? Product(DraftReaders readers, DraftLayer product, Func<DraftReaders, string, string?> argument)
    {
        for (int i = 0; i < 2; i++)
        {
            if (argument(readers, product.Inputs[i]) is { } x && x == product.Inputs[1 - i])
                return x;
        }
        return null;
    }

    /// <summary>x of relu6(x + 3).</summary>
    private static string? ClippedSum(DraftReaders readers, string value) =>
        Function(readers, value, ActivationKind.Relu6) is { } sum && readers.Producer(sum) is { } line && IsLine(line, 1, 3) ? line.Inputs[0] : null;

    private static string? Function(DraftReaders readers, string value, ActivationKind kind) =>
        readers.OperatorOf<Activation>(value, out var layer) is { Integer: null } activation && activation.Kind == kind ? layer.Inputs[0] : null;

    private static bool IsLine(DraftLayer layer, double alpha, double beta) =>
        layer.Operator is Activation { Kind: ActivationKind.Affine, Integer: null } line && Math.Abs(line.Alpha - alpha) < Tolerance && Math.Abs(line.Beta - beta) < Tolerance;
}
