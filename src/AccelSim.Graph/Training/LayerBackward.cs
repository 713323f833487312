using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>One layer as reverse-mode differentiation meets it: the gradient of its value is known, those of its operands are wanted.</summary>
internal sealed class LayerBackward(StepBuilder builder, BackwardPass pass, Layer layer, string dy) : LayerEmitter(builder, $"{layer.Name}/backward")
{
    public Layer Layer { get; } = layer;

    /// <summary>The gradient of the layer's value.</summary>
    public string Dy { get; } = dy;

    public string Y => Layer.Name;

    public string X(int index) => Layer.Inputs[index];

    /// <summary>A constant operand, or null where the layer has none at that place.</summary>
    public string? ConstantAt(int index) => index < Layer.Constants.Length ? Layer.Constants[index] : null;

    /// <summary>Adds to an operand's gradient, if anything wants it; only then are the layers made.</summary>
    public void To(string? operand, Func<string> gradient)
    {
        if (operand is not null && pass.Wants(operand))
            pass.Add(operand, new Contribution(gradient()));
    }

    /// <summary>Adds to a stretch of an operand's gradient along one axis.</summary>
    public void ToPart(string operand, int axis, int start, Func<string> gradient)
    {
        if (pass.Wants(operand))
            pass.Add(operand, new Contribution(gradient(), axis, start));
    }

    public string Emit(string what, Operator @operator, string input, ImmutableArray<string> constants) => Emit(what, @operator, [input], constants);
}
