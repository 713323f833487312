namespace AccelSim.Graph.Training;

internal sealed class ActivationRule : GradientRule<Activation>
{
    protected override void Apply(Activation op, LayerBackward layer)
    {
        if (op.Kind is ActivationKind.Round or ActivationKind.Floor or ActivationKind.Sign or ActivationKind.Step)
            throw new GraphException($"{op.Kind.ToString().ToLowerInvariant()} is flat, and no gradient passes it.");
        layer.To(layer.X(0), () => layer.Emit("input", new ActivationGradient(op.Kind, op.Alpha, op.Beta), layer.X(0), layer.Dy));
    }
}

internal sealed class AddRule : GradientRule<Add>
{
    protected override void Apply(Add op, LayerBackward layer)
    {
        foreach (string operand in layer.Layer.Inputs)
            layer.To(operand, () => layer.SumTo(layer.Dy, layer.ShapeOf(operand)));
    }
}

internal sealed class MultiplyRule : GradientRule<Multiply>
{
    protected override void Apply(Multiply op, LayerBackward layer)
    {
        string a = layer.X(0), b = layer.X(1);
        layer.To(a, () => layer.SumTo(layer.Times(layer.Dy, b), layer.ShapeOf(a)));
        layer.To(b, () => layer.SumTo(layer.Times(layer.Dy, a), layer.ShapeOf(b)));
    }
}

/// <summary>At a tie, the second operand of Maximum and Minimum is the one that passes the gradient.</summary>
internal sealed class ArithmeticRule : GradientRule<Arithmetic>
{
    protected override void Apply(Arithmetic op, LayerBackward layer)
    {
        string a = layer.X(0), b = layer.X(1), dy = layer.Dy;
        layer.To(a, () => layer.SumTo(Left(), layer.ShapeOf(a)));
        layer.To(b, () => layer.SumTo(Right(), layer.ShapeOf(b)));

        string Left() => op.Kind switch
        {
            ArithmeticKind.Subtract => dy,
            ArithmeticKind.Divide => layer.Over(dy, b),
            // b·a^(b − 1)
            ArithmeticKind.Power => layer.Times(dy, layer.Times(b, layer.Emit("power", op, a, layer.Scaled(b, 1, -1)))),
            ArithmeticKind.Maximum => layer.Times(dy, Above(a, b)),
            ArithmeticKind.Minimum => layer.Times(dy, Above(b, a)),
            // 1 + [a < 0]·(b − 1)
            ArithmeticKind.LeakySlope => layer.Times(dy, layer.Scaled(layer.Times(Negative(), layer.Scaled(b, 1, -1)), 1, 1)),
            _ => throw new GraphException($"{op.Kind} has no gradient rule."),
        };

        string Right() => op.Kind switch
        {
            ArithmeticKind.Subtract => layer.Function(ActivationKind.Negate, dy),
            ArithmeticKind.Divide => layer.Function(ActivationKind.Negate, layer.Over(layer.Times(dy, layer.Y), b)),
            ArithmeticKind.Power => layer.Times(dy, layer.Times(layer.Y, layer.Function(ActivationKind.Log, a))),
            ArithmeticKind.Maximum => layer.Times(dy, layer.Scaled(Above(a, b), -1, 1)),
            ArithmeticKind.Minimum => layer.Times(dy, layer.Scaled(Above(b, a), -1, 1)),
            ArithmeticKind.LeakySlope => layer.Times(dy, layer.Times(Negative(), a)),
            _ => throw new GraphException($"{op.Kind} has no gradient rule."),
        };

        string Above(string greater, string less) => layer.Function(ActivationKind.Step, layer.Minus(greater, less));

        string Negative() => layer.Function(ActivationKind.Step, layer.Function(ActivationKind.Negate, a));
    }
}
