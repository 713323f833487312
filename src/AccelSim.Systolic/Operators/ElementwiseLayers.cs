using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Residual add on the vector unit: one lane operation an element.</summary>
internal sealed class AddLayer : LayerImplementation<Add>
{
    protected override LayerWork Work(Add op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements, "one addition an element");

    protected override LayerExecution Prepare(Add op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        AddArithmetic arithmetic = op.Integer!;
        (int zeroA, int zeroB) = (ZeroPointOf(graph, layer.Inputs[0]), ZeroPointOf(graph, layer.Inputs[1]));
        return (inputs, _) =>
        {
            ReadOnlySpan<sbyte> a = inputs[0].Int8;
            ReadOnlySpan<sbyte> b = inputs[1].Int8;
            sbyte[] output = new sbyte[a.Length];
            for (int i = 0; i < output.Length; i++)
            {
                long sum = (long)(a[i] - zeroA) * arithmetic.MultiplierA + (long)(b[i] - zeroB) * arithmetic.MultiplierB;
                output[i] = FixedPoint.Saturate(FixedPoint.RoundShift(sum, arithmetic.Shift), arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
            }
            return Tensor.Of(inputs[0].Shape, output);
        };
    }
}

/// <summary>Elementwise product on the vector unit: one lane operation an element.</summary>
internal sealed class MultiplyLayer : LayerImplementation<Multiply>
{
    protected override LayerWork Work(Multiply op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements, "one multiplication an element");

    protected override LayerExecution Prepare(Multiply op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Requantization arithmetic = op.Integer!;
        (int zeroA, int zeroB) = (ZeroPointOf(graph, layer.Inputs[0]), ZeroPointOf(graph, layer.Inputs[1]));
        // Elements of the first operand that meet one element of the second.
        int spread = checked((int)(graph.TypeOf(layer.Inputs[0]).Shape.Elements / graph.TypeOf(layer.Inputs[1]).Shape.Elements));
        return (inputs, _) =>
        {
            ReadOnlySpan<sbyte> a = inputs[0].Int8;
            ReadOnlySpan<sbyte> b = inputs[1].Int8;
            sbyte[] output = new sbyte[a.Length];
            for (int i = 0; i < output.Length; i++)
            {
                int product = (a[i] - zeroA) * (b[i / spread] - zeroB);
                output[i] = FixedPoint.Requantize(
                    product, arithmetic.Multiplier[0], arithmetic.Shift[0], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
            }
            return Tensor.Of(inputs[0].Shape, output);
        };
    }
}

/// <summary>A function of one element from a table of 256 entries: one look-up an element.</summary>
internal sealed class ActivationLayer : LayerImplementation<Activation>
{
    protected override LayerWork Work(Activation op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements, "one table look-up an element");

    protected override LayerExecution Prepare(Activation op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        sbyte[] table = [.. op.Integer!.Entries];
        return (inputs, _) =>
        {
            ReadOnlySpan<sbyte> input = inputs[0].Int8;
            sbyte[] output = new sbyte[input.Length];
            for (int i = 0; i < output.Length; i++)
                output[i] = table[input[i] - sbyte.MinValue];
            return Tensor.Of(inputs[0].Shape, output);
        };
    }
}

/// <summary>Moves bytes from the channel order of the array to one vector an image; nothing moves where an image is one pixel.</summary>
internal sealed class FlattenLayer : LayerImplementation<Flatten>
{
    protected override LayerWork Work(Flatten op, LayerGraph graph, Layer layer)
    {
        Shape input = graph.TypeOf(layer.Inputs[0]).Shape;
        return input.Elements == (long)input[0] * input[1]
            ? new VectorLayer(0, "a view: an image of one pixel lies in memory as the vector it becomes")
            : new VectorLayer(input.Elements, "one move an element");
    }

    protected override LayerExecution Prepare(Flatten op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        Shape shape = graph.TypeOf(layer.Name).Shape;
        return (inputs, _) => inputs[0].Reshape(shape);
    }
}

/// <summary>Squared distances to fixed centres: a subtraction and a multiplication for each input and centre. It has no integer form, so it is timed only.</summary>
internal sealed class RadialBasisLayer : LayerImplementation<RadialBasis>
{
    protected override LayerWork Work(RadialBasis op, LayerGraph graph, Layer layer) => new VectorLayer(
        2 * graph.TypeOf(layer.Name).Shape.Elements * graph.TypeOf(layer.Inputs[0]).Shape[1], "a subtraction and a multiplication for each input and centre");

    protected override LayerExecution Prepare(RadialBasis op, LayerGraph graph, Layer layer, ArrayConfiguration array) =>
        throw new UnsupportedOperatorException(array.Name, layer.Name, op.Name, "it has no integer form");
}
