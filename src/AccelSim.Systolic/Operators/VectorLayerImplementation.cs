using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>A layer of the vector unit that works on codes and on reals.</summary>
internal abstract class VectorLayerImplementation<T> : LayerImplementation<T>
    where T : Operator
{
    protected sealed override LayerExecution Prepare(T op, LayerGraph graph, Layer layer, ArrayConfiguration array) =>
        graph.TypeOf(layer.Name).Element == ElementType.Int8 ? PrepareCodes(op, graph, layer) : PrepareReals(op, graph, layer);

    /// <summary>The layer on int8 codes.</summary>
    protected abstract LayerExecution PrepareCodes(T op, LayerGraph graph, Layer layer);

    /// <summary>The layer on float32. Sums are rounded once: the order of accumulation is free (numerics.md).</summary>
    protected abstract LayerExecution PrepareReals(T op, LayerGraph graph, Layer layer);
}

/// <summary>A layer of the vector unit on float32 alone.</summary>
internal abstract class FloatLayerImplementation<T> : LayerImplementation<T>
    where T : Operator
{
    protected sealed override LayerExecution Prepare(T op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Shape output = ShapeOf(graph, layer.Name);
        return (operands, _) => Tensor.Of(output, Compute(op, operands, output));
    }

    /// <summary>Every element of the layer's value.</summary>
    protected abstract float[] Compute(T op, LayerOperands operands, Shape output);
}

/// <summary>A layer that moves elements, codes or reals, and computes nothing.</summary>
internal abstract class MovementLayerImplementation<T> : VectorLayerImplementation<T>
    where T : Operator
{
    protected sealed override LayerExecution PrepareCodes(T op, LayerGraph graph, Layer layer)
    {
        Shape output = ShapeOf(graph, layer.Name);
        return (operands, _) => Tensor.Of(output, Move<sbyte>(op, operands.Inputs[0].Shape, output, operands.Inputs[0].Int8, CodeOutside(op, graph.TypeOf(layer.Name).Quantization!.Value)));
    }

    protected sealed override LayerExecution PrepareReals(T op, LayerGraph graph, Layer layer)
    {
        Shape output = ShapeOf(graph, layer.Name);
        return (operands, _) => Tensor.Of(output, Move<float>(op, operands.Inputs[0].Shape, output, operands.Inputs[0].Float32, (float)RealOutside(op)));
    }

    protected override LayerWork Work(T op, LayerGraph graph, Layer layer) =>
        new VectorLayer(OutputsOf(graph, layer), "one move an element") { ElementsRead = OutputsOf(graph, layer) };

    /// <summary>Where each element comes from.</summary>
    protected abstract VectorUnit.AddressGenerator Addresses(T op, Shape input, Shape output);

    /// <summary>What stands where no element comes from.</summary>
    protected virtual double RealOutside(T op) => 0;

    private sbyte CodeOutside(T op, Quantization quantization) => quantization.Encode(RealOutside(op));

    private TElement[] Move<TElement>(T op, Shape input, Shape output, ReadOnlySpan<TElement> elements, TElement outside) =>
        Addresses(op, input, output).Read(elements, outside);
}
