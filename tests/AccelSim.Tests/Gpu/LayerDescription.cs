using AccelSim.Graph;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Gpu;

/// <summary>A graph of one convolution or fully connected layer from a line such as <c>pointwise 70 120 12x12 batch 3</c>: kind, input and output channels, image, batch.</summary>
internal static class LayerDescription
{
    /// <param name="description">The line.</param>
    /// <param name="integer">Quantized to the range of its values on random images.</param>
    /// <param name="calibrator">What computes that range; plain loops where it is null, which are slow.</param>
    public static LayerGraph Graph(string description, bool integer, IBackend? calibrator = null)
    {
        string[] words = description.Split(' ');
        int inputs = int.Parse(words[1], null), outputs = int.Parse(words[2], null), batch = int.Parse(words[5], null);
        int[] side = [.. words[3].Split('x').Select(text => int.Parse(text, null))];
        Operator layer = words[0] switch
        {
            "pointwise" => new Convolution(Size2.Square(1), Size2.Square(1), Padding.None, 1, ClampKind.Relu),
            "3x3" => new Convolution(Size2.Square(3), Size2.Square(1), Padding.All(1)),
            "wide" => new Convolution(new Size2(1, 3), Size2.Square(1), new Padding(0, 1, 0, 1)),
            "pairs" => new Convolution(Size2.Square(1), Size2.Square(1), Padding.None, inputs / 2),
            "grouped" => new Convolution(new Size2(3, 2), Size2.Square(1), new Padding(1, 1, 0, 1), 4),
            "strided" => new Convolution(Size2.Square(7), Size2.Square(2), Padding.All(3), 1, ClampKind.Relu6),
            ['d', .., var kernel, '/', var stride] => new Convolution(Size2.Square(kernel - '0'), Size2.Square(stride - '0'), Padding.All(1), inputs),
            _ => new FullyConnected(),
        };
        var input = layer is FullyConnected ? Shape.Of(batch, inputs) : Shape.Of(batch, inputs, side[0], side[1]);
        var random = new RandomTensors(7);
        var weight = layer is Convolution convolution ? Shape.Of(outputs, inputs / convolution.Groups, convolution.Kernel.Height, convolution.Kernel.Width) : Shape.Of(outputs, inputs);
        var graph = new LayerGraph("layer", [new GraphInput("x", new TensorType(ElementType.Float32, input))],
            [
                new Constant("w", new TensorType(ElementType.Float32, weight), random.Floats(weight)),
                new Constant("b", new TensorType(ElementType.Float32, Shape.Of(outputs)), random.Floats(Shape.Of(outputs))),
            ],
            [new Layer("y", layer, ["x"], ["w", "b"])], ["y"]);
        if (!integer)
            return graph;
        var images = TestNetwork.Images(graph);
        using var executor = (calibrator ?? new NaiveBackend()).Compile(graph);
        return TestNetwork.Quantized(graph, executor.Run(images, everyLayer: true, TestContext.Current.CancellationToken).Concat(images).ToDictionary());
    }

    /// <summary>Codes to the byte, floats within 1e-5.</summary>
    public static void AssertSame(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        if (expected.Element == ElementType.Int8)
        {
            Assert.True(expected.Int8.SequenceEqual(actual.Int8), what);
            Assert.True(expected.Int8.ToArray().Distinct().Count() > 1, $"{what} is constant");
            return;
        }
        double error = 0, norm = 0;
        for (int i = 0; i < expected.Float32.Length; i++)
        {
            error += Math.Pow(expected.Float32[i] - (double)actual.Float32[i], 2);
            norm += Math.Pow(expected.Float32[i], 2);
        }
        Assert.True(Math.Sqrt(error) <= 1e-5 * Math.Sqrt(norm), $"{what}: {Math.Sqrt(error / norm):e2}");
    }
}
