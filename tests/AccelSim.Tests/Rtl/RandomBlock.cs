using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Rtl;

/// <summary>A quantized depthwise-separable block with random constants, an input, and what plain loops say it gives.</summary>
internal sealed class RandomBlock
{
    private readonly Random _random;

    /// <param name="shape">Table, multiplier and weight widths included: 9 bits ask for weight zero points.</param>
    /// <param name="seed">Of every constant and of the input.</param>
    /// <param name="frames">Images in the batch.</param>
    public RandomBlock(BlockShape shape, int seed, int frames = 1)
    {
        _random = new Random(seed);
        Seed = seed;
        var input = Code();
        var type = new TensorType(ElementType.Int8, Shape.Of(frames, shape.Channels, shape.Height, shape.Width), input);
        var constants = new List<Constant>();
        var layers = new List<Layer>();
        int area = shape.Kernel * shape.Kernel;
        Convolve("dw", "x", shape.Channels, 1, shape.Kernel, shape.DepthwiseMultiplierBits, shape.DepthwiseWeightBits,
            (size, integer) => new Convolution(size, Size2.Square(shape.Stride), shape.Padding, shape.Channels, ClampKind.None, integer));
        string middle = "dw";
        if (shape.DepthwiseTable)
            layers.Add(Table(middle = "dw_table", "dw"));
        Convolve("pw", middle, shape.OutChannels, shape.Channels, 1, shape.PointwiseMultiplierBits, shape.PointwiseWeightBits,
            (size, integer) => new Convolution(size, Size2.Square(1), Padding.None, 1, ClampKind.None, integer));
        string output = "pw";
        if (shape.PointwiseTable)
            layers.Add(Table(output = "pw_table", "pw"));
        Graph = new LayerGraph("random", [new GraphInput("x", type)], constants, layers, [output]);
        Input = Tensor.Of(type.Shape, Bytes((int)type.Shape.Elements, -128, 127));

        void Convolve(string name, string from, int outputs, int inputs, int kernel, int bits, int weightBits, Func<Size2, MacArithmetic, Convolution> make)
        {
            int terms = inputs * kernel * kernel;
            var weightShape = Shape.Of(outputs, inputs, kernel, kernel);
            constants.Add(new Constant($"{name}/w", new TensorType(ElementType.Int8, weightShape), Tensor.Of(weightShape, Bytes((int)weightShape.Elements, -128, 127))));
            int[] bias = [.. Enumerable.Range(0, outputs).Select(_ => _random.Next(-3000 * terms, 3000 * terms))];
            constants.Add(new Constant($"{name}/b", new TensorType(ElementType.Int32, Shape.Of(outputs)), Tensor.Of(Shape.Of(outputs), bias)));
            ImmutableArray<int> zeros = weightBits == 9 ? [.. Enumerable.Range(0, outputs).Select(_ => _random.Next(-128, 128))] : [];
            var arithmetic = new MacArithmetic(Requantize(outputs, bits, terms), [.. Enumerable.Repeat(0.01, outputs)], zeros);
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

    /// <summary>Ratios around those that fill the int8 range, so that some results saturate; a zero multiplier and extreme shifts now and then.</summary>
    private Requantization Requantize(int channels, int bits, int terms)
    {
        var multipliers = new int[channels];
        var shifts = new int[channels];
        for (int c = 0; c < channels; c++)
        {
            multipliers[c] = _random.Next(12) == 0 ? 0 : (int)_random.NextInt64(1L << (bits - 1), 1L << bits);
            int typical = bits + 5 + (int)Math.Log2(terms) / 2;
            shifts[c] = _random.Next(12) switch { 0 => 62, 1 => 1, _ => Math.Clamp(typical + _random.Next(-2, 4), 1, 62) };
        }
        bool clamped = _random.Next(2) == 0;
        int low = clamped ? _random.Next(-128, 0) : -128;
        int high = clamped ? _random.Next(low, 128) : 127;
        return new Requantization([.. multipliers], [.. shifts], bits, Code(), low, high);
    }

    private Layer Table(string name, string from) =>
        new(name, new Activation(ActivationKind.HardSwish, new LookupTable([.. Bytes(256, -128, 127)], Code())), from);

    private Quantization Code() => new(0.1, _random.Next(-128, 128));

    /// <summary>Random codes, the extremes more often than the rest.</summary>
    private sbyte[] Bytes(int count, int low, int high) =>
        [.. Enumerable.Range(0, count).Select(_ => (sbyte)(_random.Next(8) switch { 0 => low, 1 => high, _ => _random.Next(low, high + 1) }))];
}
