using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Rtl;

namespace AccelSim.Tests.Rtl;

/// <summary>A quantized depthwise-separable block with random constants, an input, and what a naive loop says it gives.</summary>
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
        var type = new TensorType(ElementType.Int8, Shape.Of(1, shape.Channels, shape.Height, shape.Width), input);
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
        Input = Tensor.Of(type.Shape.With(0, frames), Bytes(frames * shape.Channels * shape.Height * shape.Width, -128, 127));

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

    /// <summary>Input and golden values by a loop over the definitions of numerics.md.</summary>
    public BlockVectors Vectors()
    {
        var values = new Dictionary<string, Tensor> { ["x"] = Input };
        foreach (var layer in Graph.Layers)
        {
            var input = values[layer.Inputs[0]];
            values[layer.Name] = layer.Operator is Convolution convolution
                ? Convolve(input, Graph.TypeOf(layer.Inputs[0]).Quantization!.Value.ZeroPoint, convolution, Graph.Constants[layer.Constants[0]].Value, Graph.Constants[layer.Constants[1]].Value)
                : Tensor.Of(input.Shape, input.Int8.ToArray().Select(code => ((Activation)layer.Operator).Integer!.Entries[code + 128]).ToArray());
        }
        return BlockVectors.From(Block, values);
    }

    private static Tensor Convolve(Tensor x, int inputZero, Convolution convolution, Tensor w, Tensor bias)
    {
        var (pad, stride, kernel) = (convolution.Padding, convolution.Stride.Height, convolution.Kernel.Height);
        var integer = convolution.Integer!;
        int height = (x.Shape[2] + pad.Top + pad.Bottom - kernel) / stride + 1;
        int width = (x.Shape[3] + pad.Left + pad.Right - kernel) / stride + 1;
        int outputs = w.Shape[0], inputs = w.Shape[1];
        var y = new sbyte[x.Shape[0] * outputs * height * width];
        int at = 0;
        for (int n = 0; n < x.Shape[0]; n++)
        for (int o = 0; o < outputs; o++)
        for (int row = 0; row < height; row++)
        for (int column = 0; column < width; column++)
        {
            long sum = bias.Int32[o];
            for (int i = 0; i < inputs; i++)
            for (int u = 0; u < kernel; u++)
            for (int v = 0; v < kernel; v++)
            {
                int r = row * stride + u - pad.Top, c = column * stride + v - pad.Left;
                if (r < 0 || r >= x.Shape[2] || c < 0 || c >= x.Shape[3])
                    continue;
                int channel = convolution.Groups == 1 ? i : o;
                int code = x.Int8[((n * x.Shape[1] + channel) * x.Shape[2] + r) * x.Shape[3] + c];
                sum += (code - inputZero) * (w.Int8[((o * inputs + i) * kernel + u) * kernel + v] - integer.WeightZeroPointOf(o));
            }
            var q = integer.Requantization;
            long scaled = (sum * q.Multiplier[o] + (1L << (q.Shift[o] - 1))) >> q.Shift[o];
            y[at++] = (sbyte)Math.Clamp(q.Output.ZeroPoint + scaled, q.Low, q.High);
        }
        return Tensor.Of(Shape.Of(x.Shape[0], outputs, height, width), y);
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
