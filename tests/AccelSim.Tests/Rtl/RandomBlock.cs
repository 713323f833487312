using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Rtl;

/// <summary>A quantized depthwise-separable block with random constants, an input, and what plain loops say it gives.</summary>
internal sealed class RandomBlock
{
    private readonly Random _random;
    private readonly RandomConstants _constants;

    /// <param name="shape">Table, multiplier and weight widths included: 9 bits ask for weight zero points.</param>
    /// <param name="seed">Of every constant and of the input.</param>
    /// <param name="frames">Images in the batch.</param>
    public RandomBlock(BlockShape shape, int seed, int frames = 1)
    {
        _random = new Random(seed);
        _constants = new RandomConstants(_random);
        Seed = seed;
        var input = _constants.Code();
        var type = new TensorType(ElementType.Int8, Shape.Of(frames, shape.Channels, shape.Height, shape.Width), input);
        var constants = new List<Constant>();
        var layers = new List<Layer>();
        int area = shape.Kernel * shape.Kernel;
        Convolve("dw", "x", shape.Channels, 1, shape.Kernel, shape.DepthwiseMultiplierBits, shape.DepthwiseWeightBits,
            (size, integer) => new Convolution(size, Size2.Square(shape.Stride), shape.Padding, shape.Channels, ClampKind.None, integer));
        string middle = "dw";
        if (shape.DepthwiseTable)
            layers.Add(_constants.Table(middle = "dw_table", "dw"));
        Convolve("pw", middle, shape.OutChannels, shape.Channels, 1, shape.PointwiseMultiplierBits, shape.PointwiseWeightBits,
            (size, integer) => new Convolution(size, Size2.Square(1), Padding.None, 1, ClampKind.None, integer));
        string output = "pw";
        if (shape.PointwiseTable)
            layers.Add(_constants.Table(output = "pw_table", "pw"));
        Graph = new LayerGraph("random", [new GraphInput("x", type)], constants, layers, [output]);
        Input = Tensor.Of(type.Shape, _constants.Bytes((int)type.Shape.Elements, -128, 127));

        void Convolve(string name, string from, int outputs, int inputs, int kernel, int bits, int weightBits, Func<Size2, MacArithmetic, Convolution> make)
        {
            int terms = inputs * kernel * kernel;
            var weightShape = Shape.Of(outputs, inputs, kernel, kernel);
            constants.Add(new Constant($"{name}/w", new TensorType(ElementType.Int8, weightShape), Tensor.Of(weightShape, _constants.Bytes((int)weightShape.Elements, -128, 127))));
            int[] bias = [.. Enumerable.Range(0, outputs).Select(_ => _random.Next(-3000 * terms, 3000 * terms))];
            constants.Add(new Constant($"{name}/b", new TensorType(ElementType.Int32, Shape.Of(outputs)), Tensor.Of(Shape.Of(outputs), bias)));
            ImmutableArray<int> zeros = weightBits == 9 ? [.. Enumerable.Range(0, outputs).Select(_ => _random.Next(-128, 128))] : [];
            var arithmetic = new MacArithmetic(_constants.Requantize(outputs, bits, terms), [.. Enumerable.Repeat(0.01, outputs)], zeros);
            layers.Add(new Layer(name, make(Size2.Square(kernel), arithmetic), [from], [$"{name}/w", $"{name}/b"]));
        }
    }

    public int Seed { get; }

    public LayerGraph Graph { get; }

    public Tensor Input { get; }

    public DepthwiseSeparableBlock Block => Assert.Single(DepthwiseSeparableBlock.FindIn(Graph));

    /// <summary>Input and golden values by the plain loops of <see cref="NaiveBackend"/>.</summary>
    public BlockVectors Vectors()
    {
        using var naive = new NaiveBackend().Compile(Graph);
        var inputs = new Dictionary<string, Tensor> { ["x"] = Input };
        return BlockVectors.From(Block, new Dictionary<string, Tensor>(naive.Run(inputs, everyLayer: true)) { ["x"] = Input });
    }
}
