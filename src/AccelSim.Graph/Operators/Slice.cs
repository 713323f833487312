namespace AccelSim.Graph;

/// <summary>
/// Along one axis the elements start, start + step, …, <paramref name="Length"/> of them; a negative step reads backwards. Moves bytes: float or int8.
/// </summary>
public sealed record Slice(int Axis, int Start, int Length, int Step = 1) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireMovable(input);
        int extent = input.Shape[RequireAxis(Axis, input)];
        long last = Start + (Length - 1L) * Step;
        if (Length < 1 || Step == 0 || Start < 0 || Start >= extent || last < 0 || last >= extent)
            throw new GraphException($"A slice of {Length} elements from {Start} with step {Step} does not lie in the axis {Axis} of {input.Shape}.");
        return input with { Shape = input.Shape.With(Axis, Length) };
    }

    public override string Describe() => $"axis {Axis} from {Start}, {Length}{(Step == 1 ? "" : $" step {Step}")}";
}
