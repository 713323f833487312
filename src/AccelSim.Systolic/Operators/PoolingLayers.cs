using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Largest element of a window: one comparison an element of the window.</summary>
internal sealed class MaxPoolLayer : LayerImplementation<MaxPool>
{
    protected override LayerWork Work(MaxPool op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements * op.Kernel.Area, "one comparison an element of each window");

    protected override LayerExecution Prepare(MaxPool op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        var windows = new Windows(graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name), op.Kernel, op.Stride, op.Padding);
        return (inputs, _) => windows.Pool(inputs[0], (plane, window) =>
        {
            sbyte largest = sbyte.MinValue;
            for (int row = window.Top; row < window.Bottom; row++)
            {
                for (int column = window.Left; column < window.Right; column++)
                    largest = Math.Max(largest, plane[row * windows.Width + column]);
            }
            return largest;
        });
    }
}

/// <summary>Mean of a window: one addition an element of the window and one requantization a result.</summary>
internal sealed class AveragePoolLayer : LayerImplementation<AveragePool>
{
    protected override LayerWork Work(AveragePool op, LayerGraph graph, Layer layer) =>
        new VectorLayer(graph.TypeOf(layer.Name).Shape.Elements * (op.Kernel.Area + 1), "one addition an element of each window and one requantization");

    protected override LayerExecution Prepare(AveragePool op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        TensorType input = graph.TypeOf(layer.Inputs[0]);
        var windows = new Windows(input, graph.TypeOf(layer.Name), op.Kernel, op.Stride, op.Padding);
        Requantization arithmetic = op.Integer!;
        ImmutableArray<int> counts = op.Counts(input.Image);
        int zero = input.Quantization!.Value.ZeroPoint;
        return (inputs, _) => windows.Pool(inputs[0], (plane, window) =>
        {
            int pair = counts.IndexOf(op.Count(input.Image, window.Row, window.Column));
            return FixedPoint.Requantize(
                windows.Sum(plane, window, zero), arithmetic.Multiplier[pair], arithmetic.Shift[pair], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High);
        });
    }
}

/// <summary>Mean of an image: one addition an element and one requantization a result.</summary>
internal sealed class GlobalAveragePoolLayer : LayerImplementation<GlobalAveragePool>
{
    protected override LayerWork Work(GlobalAveragePool op, LayerGraph graph, Layer layer) => new VectorLayer(
        graph.TypeOf(layer.Inputs[0]).Shape.Elements + graph.TypeOf(layer.Name).Shape.Elements, "one addition an element and one requantization a channel");

    protected override LayerExecution Prepare(GlobalAveragePool op, LayerGraph graph, Layer layer, ArrayConfiguration array)
    {
        TensorType input = graph.TypeOf(layer.Inputs[0]);
        var windows = new Windows(input, graph.TypeOf(layer.Name), input.Image, Size2.Square(1), Padding.None);
        Requantization arithmetic = op.Integer!;
        int zero = input.Quantization!.Value.ZeroPoint;
        return (inputs, _) => windows.Pool(inputs[0], (plane, window) => FixedPoint.Requantize(
            windows.Sum(plane, window, zero), arithmetic.Multiplier[0], arithmetic.Shift[0], arithmetic.Output.ZeroPoint, arithmetic.Low, arithmetic.High));
    }
}

/// <summary>The part of a window that lies inside the image, and which output it belongs to.</summary>
internal readonly record struct Window(int Row, int Column, int Top, int Bottom, int Left, int Right);

/// <summary>The windows of a pooling layer over each image plane.</summary>
internal sealed class Windows
{
    private readonly Shape _outputShape;
    private readonly int _planeSize;
    private readonly Window[] _windows;

    public Windows(TensorType input, TensorType output, Size2 kernel, Size2 stride, Padding padding)
    {
        _outputShape = output.Shape;
        Width = input.Image.Width;
        _planeSize = input.Image.Area;
        _windows = new Window[output.Image.Area];
        for (int row = 0; row < output.Image.Height; row++)
        {
            for (int column = 0; column < output.Image.Width; column++)
            {
                (int top, int left) = (row * stride.Height - padding.Top, column * stride.Width - padding.Left);
                _windows[row * output.Image.Width + column] = new Window(
                    row,
                    column,
                    Math.Max(top, 0),
                    Math.Min(top + kernel.Height, input.Image.Height),
                    Math.Max(left, 0),
                    Math.Min(left + kernel.Width, input.Image.Width));
            }
        }
    }

    /// <summary>One result of a window over a plane of one image and channel.</summary>
    public delegate sbyte Reduction(ReadOnlySpan<sbyte> plane, Window window);

    public int Width { get; }

    public Tensor Pool(Tensor input, Reduction reduce)
    {
        ReadOnlySpan<sbyte> source = input.Int8;
        sbyte[] output = new sbyte[_outputShape.Elements];
        for (int i = 0; i < output.Length; i++)
        {
            (int plane, int window) = Math.DivRem(i, _windows.Length);
            output[i] = reduce(source.Slice(plane * _planeSize, _planeSize), _windows[window]);
        }
        return Tensor.Of(_outputShape, output);
    }

    /// <summary>Σ (x − z) over the part of the window inside the image; padding is real 0 and adds nothing.</summary>
    public int Sum(ReadOnlySpan<sbyte> plane, Window window, int zeroPoint)
    {
        int sum = 0;
        for (int row = window.Top; row < window.Bottom; row++)
        {
            for (int column = window.Left; column < window.Right; column++)
                sum += plane[row * Width + column] - zeroPoint;
        }
        return sum;
    }
}
