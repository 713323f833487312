using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>The derivative of a function at each element times the gradient there.</summary>
internal sealed class ActivationGradientLayer : FloatLayerImplementation<ActivationGradient>
{
    protected override LayerWork Work(ActivationGradient op, LayerGraph graph, Layer layer)
    {
        int each = LaneOperations.OfGradient(op.Kind);
        return new VectorLayer(each * OutputsOf(graph, layer), $"{each} operations an element for the derivative of {op.Describe()} and its product with the gradient");
    }

    protected override float[] Compute(ActivationGradient op, LayerOperands operands, Shape output)
    {
        ReadOnlySpan<float> x = operands.Inputs[0].Float32;
        ReadOnlySpan<float> gradient = operands.Inputs[1].Float32;
        float[] result = new float[x.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)(gradient[i] * ActivationGradient.Derivative(op.Kind, x[i], op.Alpha, op.Beta));
        return result;
    }
}

/// <summary>Each window's gradient to its largest element: the comparisons of the pool again, and one addition a window.</summary>
internal sealed class MaxPoolGradientLayer : FloatLayerImplementation<MaxPoolGradient>
{
    protected override LayerWork Work(MaxPoolGradient op, LayerGraph graph, Layer layer) => new VectorLayer(
        ShapeOf(graph, layer.Inputs[1]).Elements * (op.Kernel.Area + 1) + OutputsOf(graph, layer),
        "one comparison an element of each window, one addition a window, one move of zero an element");

    protected override float[] Compute(MaxPoolGradient op, LayerOperands operands, Shape output)
    {
        Shape pooled = operands.Inputs[1].Shape;
        var windows = new Windows(new Size2(output[2], output[3]), new Size2(pooled[2], pooled[3]), op.Kernel, op.Stride, op.Padding, op.Dilation);
        return windows.Spread(operands.Inputs[0].Float32, operands.Inputs[1].Float32, (plane, window, gradient, result) =>
            result[windows.PlaceOfLargest(plane, window)] += gradient);
    }
}

/// <summary>Each window's gradient, divided by its count, to all of its elements.</summary>
internal sealed class AveragePoolGradientLayer : FloatLayerImplementation<AveragePoolGradient>
{
    protected override LayerWork Work(AveragePoolGradient op, LayerGraph graph, Layer layer) => new VectorLayer(
        ShapeOf(graph, layer.Inputs[0]).Elements * (op.Kernel.Area + 1) + OutputsOf(graph, layer),
        "one multiplication a window, one addition an element of each window, one move of zero an element");

    protected override float[] Compute(AveragePoolGradient op, LayerOperands operands, Shape output)
    {
        Shape pooled = operands.Inputs[0].Shape;
        AveragePool pool = op.Pool;
        var windows = new Windows(op.Image, new Size2(pooled[2], pooled[3]), op.Kernel, op.Stride, op.Padding);
        return windows.Spread([], operands.Inputs[0].Float32, (_, window, gradient, result) =>
        {
            float share = gradient / pool.Count(op.Image, window.Row, window.Column);
            for (int row = 0; row < window.Rows; row++)
            {
                for (int column = 0; column < window.Columns; column++)
                    result[windows.PlaceOf(window, row, column)] += share;
            }
        });
    }
}

/// <summary>The mean cross entropy of logits: a softmax's first two passes, a product with the target, and a logarithm a row.</summary>
internal sealed class CrossEntropyLayer : FloatLayerImplementation<CrossEntropy>
{
    // A comparison, a subtraction, the exponential, its addition, the target's multiplication and addition.
    private const int EachElement = LaneOperations.Exponential + 5;

    protected override LayerWork Work(CrossEntropy op, LayerGraph graph, Layer layer)
    {
        Shape logits = ShapeOf(graph, layer.Inputs[0]);
        return new VectorLayer(
            EachElement * logits.Elements + (LaneOperations.Logarithm + 2L) * logits[0], $"{EachElement} operations an element, and one logarithm an image");
    }

    protected override float[] Compute(CrossEntropy op, LayerOperands operands, Shape output)
    {
        Shape shape = operands.Inputs[0].Shape;
        (int images, int classes) = (shape[0], shape[1]);
        double loss = 0;
        for (int image = 0; image < images; image++)
        {
            ReadOnlySpan<float> logits = operands.Inputs[0].Float32.Slice(image * classes, classes);
            ReadOnlySpan<float> target = operands.Inputs[1].Float32.Slice(image * classes, classes);
            double largest = double.NegativeInfinity;
            foreach (float logit in logits)
                largest = Math.Max(largest, logit);
            double sum = 0;
            foreach (float logit in logits)
                sum += Math.Exp(logit - largest);
            double logarithm = largest + Math.Log(sum);
            for (int i = 0; i < classes; i++)
                loss += target[i] * (logarithm - logits[i]);
        }
        return [(float)(loss / images)];
    }
}
