namespace AccelSim.Graph;

/// <summary>[N, …] to [N, product of the rest]; moves no element. Float or int8.</summary>
public sealed record Flatten : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var shape = inputs[0].Shape;
        if (shape.Rank < 2)
            throw new GraphException($"The input must have at least 2 dimensions, but has shape {shape}.");
        return inputs[0] with { Shape = Shape.Of(shape[0], checked((int)(shape.Elements / shape[0]))) };
    }
}
