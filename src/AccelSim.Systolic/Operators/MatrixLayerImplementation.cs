using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Functional;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Operators;

/// <summary>A layer that is a product of an activation with weights on the array, of codes or of reals.</summary>
internal abstract class MatrixLayerImplementation<T> : LayerImplementation<T>, IMatrixLayerImplementation
    where T : Operator
{
    /// <inheritdoc/>
    public IntegerProduct PrepareMatrix(LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        var op = (T)layer.Operator;
        MacArithmetic arithmetic = ArithmeticOf(op)
            ?? throw new UnsupportedOperatorException(array.Name, layer.Name, op.Name, "it works on floats and the registers hold integers; quantize the graph first");
        LayerGeometry geometry = GeometryOf(op, graph, layer);
        return new IntegerProduct(
            layer.Name,
            MappingChoice.Choose(geometry, array),
            InputsOf(op, geometry.Work, graph, layer, ZeroPointOf(graph, layer.Inputs[0])),
            arithmetic,
            ZeroPointOf(graph, layer.Inputs[0]),
            graph.ConstantOf(layer, 0)!.Value,
            graph.ConstantOf(layer, 1)!.Value,
            ShapeOf(graph, layer.Name));
    }

    protected sealed override LayerWork Work(T op, LayerGraph graph, Layer layer) => new MatrixLayer(GeometryOf(op, graph, layer), [layer.Inputs[0]], layer.Constants);

    protected sealed override LayerExecution Prepare(T op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        if (ArithmeticOf(op) is not null)
        {
            IntegerProduct codes = PrepareMatrix(graph, layer, array);
            return (operands, cancellation) => codes.Run(operands.Inputs[0], cancellation);
        }
        LayerGeometry geometry = GeometryOf(op, graph, layer);
        // Zeros that a sparse array leaves out add nothing to a float sum: it is computed with them.
        var product = new FoldedProduct<float>(MappingChoice.Choose(geometry, array with { Sparsity = null }), InputsOf(op, geometry.Work, graph, layer, 0f));
        (ClampKind clamp, Shape output) = (((IClamped)op).Clamp, ShapeOf(graph, layer.Name));
        return (operands, cancellation) => FloatProduct.Run(product, operands.Inputs[0], operands.Constants[0], operands.Constant(1), clamp, output, cancellation);
    }

    protected abstract LayerGeometry GeometryOf(T op, LayerGraph graph, Layer layer);

    protected abstract ArrayInputs<TOperand> InputsOf<TOperand>(T op, MatrixWork work, LayerGraph graph, Layer layer, TOperand zero);

    /// <summary>The arithmetic of codes, or null where the layer works on reals.</summary>
    protected abstract MacArithmetic? ArithmeticOf(T op);
}

/// <summary>What all implementations with codes on the array share, whatever their operator.</summary>
internal interface IMatrixLayerImplementation
{
    /// <summary>Prepares the layer of a quantized graph as a matrix product.</summary>
    /// <exception cref="UnsupportedOperatorException">The layer works on floats.</exception>
    IntegerProduct PrepareMatrix(LayerGraph graph, Layer layer, ArrayConfiguration array);
}
