namespace AccelSim.Graph.Training;

/// <summary>x·(bias + α·mean of squares)^−β: the window over channels is one over the rows of an image [N, 1, C, rest] whose padding counts.</summary>
internal sealed class LocalResponseNormalizationExpansion : TrainingExpansion<LocalResponseNormalization>
{
    protected override string Expand(LocalResponseNormalization op, LayerExpansion layer)
    {
        string x = layer.X(0);
        var shape = layer.ShapeOf(x);
        string image = layer.Reshaped(layer.Times(x, x), Shape.Of(shape[0], 1, shape[1], checked((int)(shape.Elements / shape[0] / shape[1]))));
        var window = new AveragePool(new Size2(op.Size, 1), Size2.Square(1), new Padding((op.Size - 1) / 2, op.Size / 2, 0, 0), CountPadding: true);
        string squares = layer.Reshaped(layer.Emit("squares", window, image), shape);
        return layer.Times(x, layer.Function(ActivationKind.Power, layer.Scaled(squares, op.Alpha, op.Bias), -op.Beta));
    }
}
