using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Rtl.Network;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Rtl;

/// <summary>A quantized network with random constants, images, and what plain loops say it gives.</summary>
internal sealed class RandomNetwork
{
    private readonly Random _random;
    private readonly RandomConstants _constants;
    private readonly List<Constant> _weights = [];
    private readonly List<Layer> _layers = [];
    private readonly GraphInput _input;

    /// <param name="seed">Of every constant and of the images.</param>
    public RandomNetwork(int seed, int frames, int channels, int height, int width)
    {
        _random = new Random(seed);
        _constants = new RandomConstants(_random);
        Seed = seed;
        _input = new GraphInput("x", new TensorType(ElementType.Int8, Shape.Of(frames, channels, height, width), _constants.Code()));
        Last = "x";
    }

    public int Seed { get; }

    /// <summary>The value that the next layer reads.</summary>
    public string Last { get; private set; }

    public TensorType LastType => Last == _input.Name ? _input.Type : Graph.TypeOf(Last);

    public LayerGraph Graph => new("random", [_input], _weights, _layers, [Last]);

    public RandomNetwork Convolve(int outputs, int kernel, int stride, Padding padding, bool depthwise = false, int bits = 16, int weightBits = 8)
    {
        int channels = LastType.Channels, inputs = depthwise ? 1 : channels;
        outputs = depthwise ? channels : outputs;
        return Mac(Shape.Of(outputs, inputs, kernel, kernel), bits, weightBits, integer =>
            new Convolution(Size2.Square(kernel), Size2.Square(stride), padding, depthwise ? channels : 1, ClampKind.None, integer));
    }

    public RandomNetwork Depthwise(int kernel, int stride, Padding padding) => Convolve(0, kernel, stride, padding, depthwise: true);

    public RandomNetwork Pointwise(int outputs, int stride = 1) => Convolve(outputs, 1, stride, Padding.None);

    /// <summary>Goes on from an earlier value.</summary>
    public RandomNetwork From(string value)
    {
        Last = value;
        return this;
    }

    /// <summary>Channels times gates that two small layers compute from their means.</summary>
    public RandomNetwork SqueezeExcite(int squeezed, bool gateFirst = false)
    {
        string frame = Last;
        int channels = LastType.Channels;
        GlobalPool().Pointwise(squeezed).Pointwise(channels).Table();
        string gates = Last;
        return AppendTo(new Multiply(_constants.Requantize(1, _random.Next(8, 32), 1 << 14)), gateFirst ? [gates, frame] : [frame, gates]);
    }

    /// <summary>Channels of other values and then of the last, each with its own scale.</summary>
    public RandomNetwork Concat(params string[] others)
    {
        var requantization = _constants.Requantize(others.Length + 1, _random.Next(8, 32), 1) with { Low = -128, High = 127 };
        return AppendTo(new Concat(1, requantization with { Output = _random.Next(2) == 0 ? LastType.Quantization!.Value : requantization.Output }), [.. others, Last]);
    }

    public RandomNetwork Slice(int axis, int start, int length, int step = 1) => Append(new Slice(axis, start, length, step));

    public RandomNetwork Pad(ImmutableArray<int> before, ImmutableArray<int> after) => Append(new Pad(before, after, PadMode.Constant, _random.Next(-40, 40) * 0.1));

    public RandomNetwork Connect(int outputs)
    {
        if (LastType.Shape.Rank == 4)
            Append(new Flatten());
        return Mac(Shape.Of(outputs, LastType.Shape[1]), 16, 8, integer => new FullyConnected(ClampKind.None, integer));
    }

    public RandomNetwork Table()
    {
        var layer = _constants.Table($"l{_layers.Count}", Last);
        _layers.Add(layer);
        Last = layer.Name;
        return this;
    }

    /// <summary>A depthwise-separable block, inverted residual or residual block of random shape, with and without squeeze-and-excite.</summary>
    public RandomNetwork RandomBlock()
    {
        string fork = Last;
        int kernel = _random.Next(2) == 0 ? 3 : 5, stride = _random.Next(1, 3), channels = LastType.Channels;
        if (_random.Next(4) == 0)
            return Basic(stride);
        if (_random.Next(3) > 0)
        {
            Pointwise(channels * _random.Next(1, 4));
            if (_random.Next(2) == 0)
                Table();
        }
        Depthwise(kernel, stride, Padding.All(kernel / 2));
        if (_random.Next(3) == 0)
            Table();
        if (_random.Next(2) == 0)
            SqueezeExcite(_random.Next(1, 5), _random.Next(2) == 0);
        bool adds = stride == 1 && _random.Next(3) > 0;
        Pointwise(adds ? channels : _random.Next(1, 9));
        return adds ? Add(fork) : this;
    }

    /// <summary>Two 3×3 layers beside a shortcut: identity, projection, or pixels and channels of zeros.</summary>
    private RandomNetwork Basic(int stride)
    {
        string fork = Last;
        var before = LastType;
        int channels = before.Channels, more = stride == 1 ? 0 : _random.Next(3);
        Convolve(channels + 2 * more, 3, stride, Padding.All(1));
        string main = Convolve(channels + 2 * more, 3, 1, Padding.All(1)).Last;
        var size = LastType.Image;
        if (stride == 1)
            return Add(fork);
        From(fork);
        if (_random.Next(2) == 0)
            Pointwise(channels + 2 * more, stride);
        else
            Slice(2, 0, size.Height, stride).Slice(3, 0, size.Width, stride).Pad([0, more, 0, 0], [0, more, 0, 0]);
        return Add(main);
    }

    public RandomNetwork MaxPool(int kernel, int stride, Padding padding = default) => Append(new MaxPool(Size2.Square(kernel), Size2.Square(stride), padding));

    public RandomNetwork AveragePool(int kernel, int stride, Padding padding = default) =>
        Append(new AveragePool(Size2.Square(kernel), Size2.Square(stride), padding, CountPadding: true, _constants.Requantize(1, 16, kernel * kernel)));

    public RandomNetwork GlobalPool() => Append(new GlobalAveragePool(_constants.Requantize(1, 16, LastType.Image.Area)));

    public RandomNetwork Add(string other)
    {
        int shift = _random.Next(8, 18);
        return Append(new Add(ClampKind.None, new AddArithmetic(_random.Next(1 << 15, 1 << 16), _random.Next(0, 1 << 16), shift, 16, _constants.Code(), -128, 127)), other);
    }

    /// <summary>What <see cref="Make"/> knows.</summary>
    public static ImmutableArray<string> Kinds { get; } =
    [
        "classifier", "LeNet", "inverted residual", "max pool", "separable", "residual", "pools", "input forks", "one pixel", "blocks", "squeeze and excite",
        "squeeze and excite in a residual", "gated input", "projection", "zeros for channels", "three readers", "slices and pads", "concat",
    ];

    /// <summary>A network of a kind: all kinds together have every stage behind and before others.</summary>
    public static RandomNetwork Make(int seed, string kind)
    {
        var random = new Random(seed);
        var network = kind == "one pixel"
            ? new RandomNetwork(seed, 4, 3, 1, 1)
            : new RandomNetwork(seed, 2, random.Next(1, 5), random.Next(5, 9), random.Next(5, 9));
        string fork;
        switch (kind)
        {
            case "classifier":
                return network.Convolve(4, 3, 2, new Padding(0, 1, 0, 1)).Depthwise(3, 1, Padding.All(1)).Pointwise(6).GlobalPool().Connect(5);
            case "LeNet":
                return network.Convolve(6, 3, 1, Padding.None, weightBits: 9, bits: 31).Table().AveragePool(2, 2).Connect(4).Table().Connect(3);
            case "inverted residual":
                fork = network.Pointwise(4).Last;
                return network.Pointwise(12).Depthwise(3, 1, Padding.All(1)).Pointwise(4).Add(fork).Connect(3);
            case "blocks":
                return network.Depthwise(7, 1, Padding.All(3)).Pointwise(6).Depthwise(5, 2, Padding.All(2)).Pointwise(4).Depthwise(3, 2, new Padding(0, 1, 0, 1)).Pointwise(3);
            case "max pool":
                return network.Convolve(4, 5, 2, Padding.All(2)).MaxPool(2, 1).Pointwise(5);
            case "separable":
                return network.Depthwise(3, 2, Padding.All(1)).Pointwise(8).Depthwise(2, 1, Padding.None);
            case "residual":
                fork = network.Convolve(4, 3, 1, Padding.All(1)).Last;
                return network.Convolve(4, 3, 1, Padding.All(1)).Convolve(4, 3, 1, Padding.All(1)).Add(fork).GlobalPool();
            case "pools":
                return network.MaxPool(3, 2, Padding.All(1)).GlobalPool();
            case "input forks":
                fork = network.Last;
                return network.Convolve(network.LastType.Channels, 3, 1, Padding.All(1)).Add(fork).AveragePool(3, 1, Padding.All(1)).Pointwise(3);
            case "squeeze and excite":
                return network.Pointwise(6).Depthwise(3, 2, Padding.All(1)).SqueezeExcite(2).Pointwise(3);
            case "squeeze and excite in a residual":
                fork = network.Pointwise(4).Last;
                return network.Pointwise(8).Depthwise(5, 1, Padding.All(2)).Table().SqueezeExcite(3, gateFirst: true).Pointwise(4).Add(fork).GlobalPool();
            case "gated input":
                return network.SqueezeExcite(2);
            case "projection":
                fork = network.Convolve(3, 3, 1, Padding.All(1)).Last;
                string main = network.Convolve(4, 3, 2, Padding.All(1)).Convolve(4, 3, 1, Padding.All(1)).Last;
                return network.From(fork).Pointwise(4, stride: 2).Add(main).Connect(3);
            case "zeros for channels":
                fork = network.Convolve(4, 3, 1, Padding.All(1)).Last;
                main = network.Convolve(8, 3, 2, Padding.All(1)).Convolve(8, 3, 1, Padding.All(1)).Last;
                var half = network.LastType.Image;
                return network.From(fork).Slice(2, 0, half.Height, 2).Slice(3, 0, half.Width, 2).Pad([0, 2, 0, 0], [0, 2, 0, 0]).Add(main);
            case "three readers":
                fork = network.Pointwise(4).Last;
                main = network.Convolve(4, 3, 1, Padding.All(1)).Add(fork).Last;
                return network.From(fork).Depthwise(3, 1, Padding.All(1)).Add(main).Pointwise(3);
            case "concat":
                fork = network.Pointwise(4).Last;
                string one = network.Pointwise(2).Last, three = network.From(fork).Convolve(6, 3, 1, Padding.All(1)).Last;
                string pool = network.From(fork).MaxPool(3, 1, Padding.All(1)).Last;
                return network.From(fork).Depthwise(3, 1, Padding.All(1)).Concat(one, three, pool).Pointwise(5);
            case "slices and pads":
                return network.Pointwise(8).Slice(1, 2, 4).Pad([0, 4, 2, 0], [0, 2, 1, 3]).Slice(2, 1, 3, 2).Slice(3, 0, 4).Depthwise(3, 1, Padding.All(1));
            default:
                return network.Pointwise(5).Connect(2);
        }
    }

    /// <summary>The stages, without foldings.</summary>
    public StageGraph Stages => StageGraph.Of(Graph);

    /// <summary>A random folding for each stage; every other one that may has two products a multiplier.</summary>
    public ImmutableArray<StageFolding> RandomFoldings()
    {
        return [.. Stages.Stages.Select(stage => new StageFolding(
                Pick(Divisors(stage.Shape.LaneGranule)), Pick([.. StageFolding.TapChoices(stage.Shape)]), stage.Shape.MixesChannels ? Pick(Divisors(stage.Shape.OutChannels)) : 1))
            .Select((folding, place) => folding with { Packed = Stages.Stages[place].Shape.MixesChannels && folding.Out % 2 == 0 && place % 2 == 0 })];

        int Pick(int[] choices) => choices[_random.Next(choices.Length)];

        static int[] Divisors(int number) => [.. Enumerable.Range(1, number).Where(divisor => number % divisor == 0)];
    }

    /// <summary>Those, with the weights of about half of the stages that allow it streamed.</summary>
    public ImmutableArray<StageFolding> RandomStreamedFoldings() =>
        [.. Stages.Stages.Zip(RandomFoldings(), (stage, folding) => WeightStreaming.Refusal(stage.Shape) is not null || _random.Next(4) == 0
            ? folding
            : folding with { Packed = false, Streaming = new WeightStreaming(PickDivisor((int)stage.Shape.OutPixels), PickDivisor(folding.In * folding.Out)) })];

    private int PickDivisor(int number)
    {
        int[] divisors = [.. Enumerable.Range(1, number).Where(divisor => number % divisor == 0)];
        return divisors[_random.Next(divisors.Length)];
    }

    /// <summary>Images and golden results by the plain loops of <see cref="NaiveBackend"/>.</summary>
    public NetworkVectors Vectors()
    {
        var graph = Graph;
        var images = Tensor.Of(_input.Type.Shape, _constants.Bytes((int)_input.Type.Shape.Elements, -128, 127));
        using var naive = new NaiveBackend().Compile(graph);
        return new NetworkVectors(images, naive.Run(new Dictionary<string, Tensor> { ["x"] = images })[Last]);
    }

    private RandomNetwork Mac(Shape shape, int bits, int weightBits, Func<MacArithmetic, Operator> make)
    {
        string name = $"l{_layers.Count}";
        int outputs = shape[0], terms = (int)(shape.Elements / outputs);
        _weights.Add(new Constant($"{name}/w", new TensorType(ElementType.Int8, shape), Tensor.Of(shape, _constants.Bytes((int)shape.Elements, -128, 127))));
        int[] bias = [.. Enumerable.Range(0, outputs).Select(_ => _random.Next(-3000 * terms, 3000 * terms))];
        _weights.Add(new Constant($"{name}/b", new TensorType(ElementType.Int32, Shape.Of(outputs)), Tensor.Of(Shape.Of(outputs), bias)));
        ImmutableArray<int> zeros = weightBits == 9 ? [.. Enumerable.Range(0, outputs).Select(_ => _random.Next(-128, 128))] : [];
        var arithmetic = new MacArithmetic(_constants.Requantize(outputs, bits, terms), [.. Enumerable.Repeat(0.01, outputs)], zeros);
        _layers.Add(new Layer(name, make(arithmetic), [Last], [$"{name}/w", $"{name}/b"]));
        Last = name;
        return this;
    }

    private RandomNetwork Append(Operator @operator, params string[] others) => AppendTo(@operator, [Last, .. others]);

    private RandomNetwork AppendTo(Operator @operator, ImmutableArray<string> inputs)
    {
        string name = $"l{_layers.Count}";
        _layers.Add(new Layer(name, @operator, inputs, []));
        Last = name;
        return this;
    }
}
