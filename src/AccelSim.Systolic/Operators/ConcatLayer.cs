using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Operands one after another: each element is moved, and on its way requantized where its operand has another scale.</summary>
internal sealed class ConcatLayer : VectorLayerImplementation<Concat>
{
    private delegate void Transfer<T>(int operand, ReadOnlySpan<T> from, Span<T> to);

    protected override LayerWork Work(Concat op, LayerGraph graph, Layer layer) =>
        new VectorLayer(OutputsOf(graph, layer), op.IsInteger ? "one move or requantization an element" : "one move an element");

    protected override LayerExecution PrepareCodes(Concat op, LayerGraph graph, Layer layer)
    {
        Shape shape = ShapeOf(graph, layer.Name);
        TensorType[] types = [.. graph.InputTypes(layer)];
        return (operands, _) =>
        {
            sbyte[] output = new sbyte[shape.Elements];
            Join(op.Axis, shape, operands, tensor => tensor.Int8, output, (operand, from, to) =>
            {
                if (op.Copies(types[operand]))
                    from.CopyTo(to);
                else
                    Requantize(op.Integer!, operand, types[operand].Quantization!.Value.ZeroPoint, from, to);
            });
            return Tensor.Of(shape, output);
        };
    }

    protected override LayerExecution PrepareReals(Concat op, LayerGraph graph, Layer layer)
    {
        Shape shape = ShapeOf(graph, layer.Name);
        return (operands, _) =>
        {
            float[] output = new float[shape.Elements];
            Join<float>(op.Axis, shape, operands, tensor => tensor.Float32, output, (_, from, to) => from.CopyTo(to));
            return Tensor.Of(shape, output);
        };
    }

    private delegate ReadOnlySpan<T> Elements<T>(Tensor tensor);

    private static void Join<T>(int axis, Shape shape, LayerOperands operands, Elements<T> elementsOf, Span<T> output, Transfer<T> transfer)
    {
        int outer = 1;
        for (int dimension = 0; dimension < axis; dimension++)
            outer *= shape[dimension];
        int row = output.Length / outer;
        int start = 0;
        for (int operand = 0; operand < operands.Inputs.Count; operand++)
        {
            ReadOnlySpan<T> elements = elementsOf(operands.Inputs[operand]);
            int length = elements.Length / outer;
            for (int i = 0; i < outer; i++)
                transfer(operand, elements.Slice(i * length, length), output.Slice(i * row + start, length));
            start += length;
        }
    }

    private static void Requantize(Requantization arithmetic, int operand, int zero, ReadOnlySpan<sbyte> from, Span<sbyte> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = FixedPoint.Requantize(
                from[i] - zero, arithmetic.Multiplier[operand], arithmetic.Shift[operand], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
        }
    }
}
