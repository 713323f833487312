using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>
/// A recurrent layer: the input's matrix for all steps at once, which no state holds up; then the state's matrix step by step, with the gate functions on
/// the vector unit between one step and the next.
/// </summary>
internal sealed class RecurrentLayer : LayerImplementation<Recurrent>
{
    protected override LayerWork Work(Recurrent op, LayerGraph graph, Layer layer)
    {
        RecurrentProducts products = ProductsOf(op, graph, layer);
        Shape states = ShapeOf(graph, layer.Name);
        long each = OperationsOf(op, hasPeephole: layer.Constants.Length > 3);
        return new SequenceLayer(
            products.Input,
            states[0],
            products.Candidate is { } candidate ? [products.State, candidate] : [products.State],
            new VectorLayer(each * states[1] * states[2], $"{each} operations a unit for its gates"))
        {
            HeldWeights = layer.Constants[1],
        };
    }

    protected override LayerExecution Prepare(Recurrent op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        var cell = new RecurrentCellMachine(op, ProductsOf(op, graph, layer), array);
        Shape states = ShapeOf(graph, layer.Name);
        return (operands, cancellation) => Tensor.Of(states, cell.Run(operands.Inputs, operands.Constants, states, cancellation));
    }

    private static RecurrentProducts ProductsOf(Recurrent op, LayerGraph graph, Layer layer)
    {
        Shape sequence = ShapeOf(graph, layer.Inputs[0]);
        return RecurrentProducts.Of(op, sequence[0], sequence[1], sequence[2], ShapeOf(graph, layer.Name)[2]);
    }

    // For one unit and step, with the additions of the two products.
    private static long OperationsOf(Recurrent op, bool hasPeephole)
    {
        (int gate, int candidate) = (LaneOperations.Of(op.Gate), LaneOperations.Of(op.Candidate));
        int clip = op.Clip is null ? 0 : 2;
        return op.Gates * (1 + clip) + op.Cell switch
        {
            RecurrentCell.Simple => candidate,
            // Three gates, two products and their sum, the output function and its product.
            RecurrentCell.Lstm => 3 * gate + candidate + 3 + LaneOperations.Of(op.CellOutput) + 1 + (hasPeephole ? 6 : 0),
            // Two gates, the reset's product, the blend of three operations.
            _ => 2 * gate + candidate + 1 + 3,
        };
    }
}
