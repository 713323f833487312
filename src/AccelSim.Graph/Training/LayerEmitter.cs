using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>Emits the layers that stand for one layer of the source, under its name; and the arithmetic that many of them need.</summary>
internal abstract class LayerEmitter(StepBuilder builder, string prefix)
{
    public Shape ShapeOf(string value) => builder.ShapeOf(value);

    public string Emit(string what, Operator @operator, params ImmutableArray<string> inputs) => Emit(what, @operator, inputs, []);

    public string Emit(string what, Operator @operator, ImmutableArray<string> inputs, ImmutableArray<string> constants) =>
        builder.Emit($"{prefix}/{what}", @operator, inputs, constants);

    public string Literal(string what, Tensor data) => builder.Literal($"{prefix}/{what}", data);

    public string Plus(string a, string b) => Emit("plus", new Add(), a, b);

    public string Minus(string a, string b) => Emit("minus", new Arithmetic(ArithmeticKind.Subtract), a, b);

    public string Times(string a, string b) => Emit("times", new Multiply(), a, b);

    public string Over(string a, string b) => Emit("over", new Arithmetic(ArithmeticKind.Divide), a, b);

    public string Function(ActivationKind kind, string x, double alpha = 0, double beta = 0) =>
        Emit(kind.ToString().ToLowerInvariant(), new Activation(kind, null, alpha, beta), x);

    /// <summary>factor·x + offset.</summary>
    public string Scaled(string x, double factor, double offset = 0) =>
        factor == 1 && offset == 0 ? x : Emit("scale", new Activation(ActivationKind.Affine, null, factor, offset), x);

    public string Sum(string x, ImmutableArray<int> axes, bool keep = true) => Emit("sum", new Reduce(ReduceKind.Sum, axes, keep), x);

    public string Mean(string x, ImmutableArray<int> axes, bool keep = true) => Emit("mean", new Reduce(ReduceKind.Mean, axes, keep), x);

    public string Reshaped(string x, Shape shape) => ShapeOf(x) == shape ? x : Emit("reshape", new Reshape([.. shape]), x);

    public string Sliced(string x, int axis, int start, int length) =>
        start == 0 && length == ShapeOf(x)[axis] ? x : Emit("slice", new Slice(axis, start, length), x);

    /// <summary>Zeros around <paramref name="x"/> along one axis.</summary>
    public string Padded(string x, int axis, int before, int after)
    {
        int rank = ShapeOf(x).Rank;
        return before == 0 && after == 0 ? x : Emit("pad", new Pad(Along(before), Along(after)), x);

        ImmutableArray<int> Along(int count) => [.. Enumerable.Range(0, rank).Select(dimension => dimension == axis ? count : 0)];
    }

    /// <summary>Repeats extents of 1 up to a shape of the same rank: the edge of such a dimension is all that it has.</summary>
    public string Repeated(string x, Shape shape)
    {
        var from = ShapeOf(x);
        ImmutableArray<int> none = [.. from.Select(_ => 0)], missing = [.. from.Zip(shape, (extent, wanted) => wanted - extent)];
        return from == shape ? x : Emit("repeat", new Pad(none, missing, PadMode.Edge), x);
    }

    /// <summary>The gradient of a broadcast operand: summed over the dimensions along which it was repeated.</summary>
    public string SumTo(string gradient, Shape operand)
    {
        var from = ShapeOf(gradient);
        int missing = from.Rank - operand.Rank;
        ImmutableArray<int> axes = [.. Enumerable.Range(0, from.Rank).Where(axis => axis < missing || (operand[axis - missing] == 1 && from[axis] > 1))];
        return Reshaped(axes.IsEmpty ? gradient : Sum(gradient, axes), operand);
    }

    /// <summary>The gradient of picking: element i of <paramref name="gradient"/> is added to position <paramref name="positions"/>[i] of an axis of <paramref name="extent"/>.</summary>
    public string Scattered(string gradient, int axis, ImmutableArray<int> positions, int extent)
    {
        var readers = positions.Select((position, i) => (position, i)).ToLookup(pair => pair.position, pair => pair.i);
        int most = readers.Max(group => group.Count());
        // A position that nothing picked reads the zero behind the gradient.
        bool everywhere = Enumerable.Range(0, extent).All(position => readers[position].Count() == most);
        string source = everywhere ? gradient : Padded(gradient, axis, 0, 1);
        return Enumerable.Range(0, most)
            .Select(turn => Emit("gather", new Gather(axis, [.. Enumerable.Range(0, extent).Select(position => readers[position].Skip(turn).DefaultIfEmpty(positions.Length).First())]), source))
            .Aggregate(Plus);
    }
}
