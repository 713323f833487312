using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;

namespace AccelSim.Systolic.Operators;

/// <summary>One dot product a unit, each with the units already updated, so that one waits for the other.</summary>
internal sealed class HopfieldSweepLayer : LayerImplementation<HopfieldSweep>
{
    protected override LayerWork Work(HopfieldSweep op, LayerGraph graph, Layer layer)
    {
        Shape states = ShapeOf(graph, layer.Name);
        return new SequenceLayer(null, states[1], [UnitOf(states)], new VectorLayer(2L * states[0], "two operations a state and unit for its sign"));
    }

    protected override LayerExecution Prepare(HopfieldSweep op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Shape shape = ShapeOf(graph, layer.Name);
        (int count, int units) = (shape[0], shape[1]);
        var product = new RowProduct(array, UnitOf(shape));
        return (operands, cancellation) =>
        {
            float[] states = operands.Inputs[0].Float32.ToArray();
            for (int unit = 0; unit < units; unit++)
            {
                int row = unit * units;
                float[] sums = product.Run(() => states, () => operands.Constants[0].Float32.Slice(row, units), cancellation);
                for (int state = 0; state < count; state++)
                {
                    if (sums[state] != 0)
                        states[state * units + unit] = Math.Sign(sums[state]);
                }
            }
            return Tensor.Of(shape, states);
        };
    }

    private static MatrixWork UnitOf(Shape states) => new(1, states[0], states[1], 1);
}
