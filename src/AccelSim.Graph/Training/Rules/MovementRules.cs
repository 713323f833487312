using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

internal sealed class LiteralRule : GradientRule<Literal>
{
    protected override void Apply(Literal op, LayerBackward layer) => layer.To(layer.Layer.Constants[0], () => layer.Dy);
}

internal sealed class FlattenRule : GradientRule<Flatten>
{
    protected override void Apply(Flatten op, LayerBackward layer) => layer.To(layer.X(0), () => layer.Reshaped(layer.Dy, layer.ShapeOf(layer.X(0))));
}

internal sealed class ReshapeRule : GradientRule<Reshape>
{
    protected override void Apply(Reshape op, LayerBackward layer) => layer.To(layer.X(0), () => layer.Reshaped(layer.Dy, layer.ShapeOf(layer.X(0))));
}

internal sealed class TransposeRule : GradientRule<Transpose>
{
    protected override void Apply(Transpose op, LayerBackward layer) => layer.To(layer.X(0), () =>
        layer.Emit("input", new Transpose([.. Enumerable.Range(0, op.Permutation.Length).Select(dimension => op.Permutation.IndexOf(dimension))]), layer.Dy));
}

internal sealed class ConcatRule : GradientRule<Concat>
{
    protected override void Apply(Concat op, LayerBackward layer)
    {
        int start = 0;
        foreach (string operand in layer.Layer.Inputs)
        {
            int from = start, length = layer.ShapeOf(operand)[op.Axis];
            layer.To(operand, () => layer.Sliced(layer.Dy, op.Axis, from, length));
            start += length;
        }
    }
}

/// <summary>A stretch of the input's gradient; behind a step, with zeros between the elements.</summary>
internal sealed class SliceRule : GradientRule<Slice>
{
    protected override void Apply(Slice op, LayerBackward layer)
    {
        int step = Math.Abs(op.Step), start = op.Step > 0 ? op.Start : op.Start + (op.Length - 1) * op.Step;
        layer.ToPart(layer.X(0), op.Axis, start, () => Spread(layer, op.Step > 0 ? layer.Dy : layer.Emit("reverse", new Slice(op.Axis, op.Length - 1, op.Length, -1), layer.Dy), op.Axis, step));
    }

    private static string Spread(LayerBackward layer, string dy, int axis, int step)
    {
        var shape = layer.ShapeOf(dy);
        if (step == 1 || shape[axis] == 1)
            return dy;
        var apart = Shape.Of([.. shape.Take(axis + 1), 1, .. shape.Skip(axis + 1)]);
        string padded = layer.Padded(layer.Reshaped(dy, apart), axis + 1, 0, step - 1);
        string joined = layer.Reshaped(padded, shape.With(axis, checked(shape[axis] * step)));
        return layer.Sliced(joined, axis, 0, (shape[axis] - 1) * step + 1);
    }
}

internal sealed class GatherRule : GradientRule<Gather>
{
    protected override void Apply(Gather op, LayerBackward layer) =>
        layer.To(layer.X(0), () => layer.Scattered(layer.Dy, op.Axis, op.Indices, layer.ShapeOf(layer.X(0))[op.Axis]));
}

internal sealed class ChannelShuffleRule : GradientRule<ChannelShuffle>
{
    protected override void Apply(ChannelShuffle op, LayerBackward layer) =>
        layer.To(layer.X(0), () => layer.Emit("input", new ChannelShuffle(layer.ShapeOf(layer.X(0))[1] / op.Groups), layer.Dy));
}

internal sealed class PadRule : GradientRule<Pad>
{
    protected override void Apply(Pad op, LayerBackward layer) => layer.To(layer.X(0), () =>
    {
        string gradient = layer.Dy;
        var shape = layer.ShapeOf(layer.X(0));
        for (int dimension = 0; dimension < shape.Rank; dimension++)
        {
            int extent = shape[dimension], padded = op.Before[dimension] + extent + op.After[dimension], axis = dimension;
            if (op.Mode == PadMode.Constant)
                gradient = layer.Sliced(gradient, dimension, op.Before[dimension], extent);
            else if (padded != extent)
                gradient = layer.Scattered(gradient, dimension, [.. Enumerable.Range(0, padded).Select(position => op.Source(axis, extent, position))], extent);
        }
        return gradient;
    });
}

internal sealed class InterpolateRule : GradientRule<Interpolate>
{
    protected override void Apply(Interpolate op, LayerBackward layer) => layer.To(layer.X(0), () =>
    {
        var shape = layer.ShapeOf(layer.X(0));
        return layer.Plus(Side(op.Low, fraction => 1 - fraction), Side(op.High, fraction => fraction));

        string Side(ImmutableArray<int> positions, Func<double, double> share)
        {
            var along = Shape.Of([.. Enumerable.Range(0, shape.Rank).Select(dimension => dimension == op.Axis ? positions.Length : 1)]);
            string shares = layer.Literal("shares", Tensor.Of(along, [.. op.Fraction.Select(fraction => (float)share(fraction))]));
            return layer.Scattered(layer.Times(layer.Dy, shares), op.Axis, positions, shape[op.Axis]);
        }
    });
}
