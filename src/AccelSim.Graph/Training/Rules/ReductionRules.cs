namespace AccelSim.Graph.Training;

/// <summary>Extremes that several elements share pass equal parts of the gradient to each, as libtorch's amax does.</summary>
internal sealed class ReduceRule : GradientRule<Reduce>
{
    protected override void Apply(Reduce op, LayerBackward layer)
    {
        string x = layer.X(0);
        layer.To(x, () =>
        {
            var shape = layer.ShapeOf(x);
            var kept = Shape.Of([.. shape.Select((extent, axis) => op.Axes.Contains(axis) ? 1 : extent)]);
            string dy = layer.Reshaped(layer.Dy, kept);
            if (op.Kind is ReduceKind.Sum)
                return layer.Repeated(dy, shape);
            if (op.Kind is ReduceKind.Mean)
                return layer.Repeated(layer.Scaled(dy, kept.Elements / (double)shape.Elements), shape);
            string differs = layer.Function(ActivationKind.Step, layer.Function(ActivationKind.Absolute, layer.Minus(x, layer.Reshaped(layer.Y, kept))));
            string extreme = layer.Scaled(differs, -1, 1);
            return layer.Times(extreme, layer.Over(dy, layer.Sum(extreme, op.Axes)));
        });
    }
}

internal sealed class GlobalAveragePoolRule : GradientRule<GlobalAveragePool>
{
    protected override void Apply(GlobalAveragePool op, LayerBackward layer)
    {
        var shape = layer.ShapeOf(layer.X(0));
        layer.To(layer.X(0), () => layer.Repeated(layer.Scaled(layer.Dy, 1.0 / shape[2] / shape[3]), shape));
    }
}

/// <summary>dx = y·(dy − Σ dy·y).</summary>
internal sealed class SoftmaxRule : GradientRule<Softmax>
{
    protected override void Apply(Softmax op, LayerBackward layer) => layer.To(layer.X(0), () =>
    {
        string weighted = layer.Times(layer.Dy, layer.Y);
        return layer.Minus(weighted, layer.Times(layer.Y, layer.Sum(weighted, [op.AxisOf(layer.ShapeOf(layer.Y))])));
    });
}

/// <summary>(softmax(x)·Σ t − t)·dy ÷ N; the target is given, not learned.</summary>
internal sealed class CrossEntropyRule : GradientRule<CrossEntropy>
{
    protected override void Apply(CrossEntropy op, LayerBackward layer)
    {
        string logits = layer.X(0), target = layer.X(1);
        layer.To(logits, () =>
        {
            string expected = layer.Times(layer.Emit("softmax", new Softmax(1), logits), layer.Sum(target, [1]));
            return layer.Times(layer.Minus(expected, target), layer.Scaled(layer.Dy, 1.0 / layer.ShapeOf(logits)[0]));
        });
        layer.To(target, () => throw new GraphException("the target of a loss is not learned."));
    }
}
