using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

/// <summary>A graph of one layer and values for its inputs.</summary>
internal sealed record OperatorCase(LayerGraph Graph, Dictionary<string, Tensor> Inputs)
{
    private const string Output = "y";

    /// <summary>A random case of an operator; <paramref name="scale"/> bounds extents (1 is tiny, 2 passes the size of a tile).</summary>
    public static OperatorCase Of(string @operator, bool integer, int seed, int scale)
    {
        var random = new RandomCase(seed);
        return @operator switch
        {
            nameof(Convolution) => Convolution(random, integer, scale, depthwise: false),
            "Depthwise" => Convolution(random, integer, scale, depthwise: true),
            nameof(FullyConnected) => FullyConnected(random, integer, scale),
            nameof(RadialBasis) => RadialBasis(random, scale),
            nameof(BatchNormalization) => BatchNormalization(random),
            nameof(Activation) => Activation(random, integer),
            nameof(Add) => Add(random, integer),
            nameof(Multiply) => Multiply(random, integer),
            nameof(AveragePool) => AveragePool(random, integer),
            nameof(GlobalAveragePool) => GlobalAveragePool(random, integer),
            nameof(MaxPool) => MaxPool(random, integer),
            nameof(Flatten) => One(random, new Flatten(), integer, [Image(random, 4)]),
            _ => throw new ArgumentOutOfRangeException(nameof(@operator)),
        };
    }

    private static OperatorCase Convolution(RandomCase random, bool integer, int scale, bool depthwise)
    {
        int groups = depthwise ? random.Between(2, 6 * scale) : random.Pick(1, 1, 2, 3);
        int inputs = depthwise ? groups : groups * random.Between(1, 5 * scale);
        int outputs = groups * random.Between(1, depthwise ? 2 : 30 * scale * scale);
        var kernel = random.Size(random.Pick(1, 3, 5));
        var (shape, padding) = Sliding(random, inputs, kernel, 5 * scale);
        var weight = Shape.Of(outputs, inputs / groups, kernel.Height, kernel.Width);
        var (constants, arithmetic, clamp) = Mac(random, integer, weight);
        return One(random, new Convolution(kernel, random.Size(3), padding, groups, clamp, arithmetic), integer, [shape], constants);
    }

    private static OperatorCase FullyConnected(RandomCase random, bool integer, int scale)
    {
        var weight = Shape.Of(random.Between(1, 40 * scale), random.Between(1, 40 * scale));
        var (constants, arithmetic, clamp) = Mac(random, integer, weight);
        return One(random, new FullyConnected(clamp, arithmetic), integer, [Shape.Of(random.Between(1, 4), weight[1])], constants);
    }

    private static OperatorCase RadialBasis(RandomCase random, int scale)
    {
        var centres = Shape.Of(random.Between(1, 40 * scale), random.Between(1, 40 * scale));
        return One(random, new RadialBasis(), false, [Shape.Of(random.Between(1, 4), centres[1])], random.Floats(centres));
    }

    private static (Tensor[] Constants, MacArithmetic? Arithmetic, ClampKind Clamp) Mac(RandomCase random, bool integer, Shape weight)
    {
        int outputs = weight[0];
        int terms = (int)(weight.Elements / outputs);
        if (integer)
            return ([random.Codes(weight), random.Integers(Shape.Of(outputs), 100_000)], random.MacArithmetic(outputs, terms), ClampKind.None);
        var floats = random.Floats(weight);
        return (random.Coin() ? [floats] : [floats, random.Floats(Shape.Of(outputs))], null, Clamp(random));
    }

    private static OperatorCase BatchNormalization(RandomCase random)
    {
        var shape = random.Coin() ? Image(random, 4) : Shape.Of(random.Between(1, 3), random.Between(1, 9));
        var channels = Shape.Of(shape[1]);
        var variance = Tensor.Of(channels, [.. random.Floats(channels).Float32.ToArray().Select(x => x * x)]);
        return One(random, new BatchNormalization(random.Pick(1e-5, 1e-3), Clamp(random)), false, [shape],
            random.Floats(channels), random.Floats(channels), random.Floats(channels), variance);
    }

    private static OperatorCase Activation(RandomCase random, bool integer)
    {
        var kind = random.Pick(Enum.GetValues<ActivationKind>());
        var table = integer ? LookupTable.Of(kind, random.Quantization(), random.Quantization()) : null;
        return One(random, new Activation(kind, table), integer, [Image(random, 5)]);
    }

    private static OperatorCase Add(RandomCase random, bool integer)
    {
        var shape = random.Coin() ? Image(random, 5) : Shape.Of(2, 3);
        return One(random, new Add(integer ? ClampKind.None : Clamp(random), integer ? random.AddArithmetic() : null), integer, [shape, shape]);
    }

    private static OperatorCase Multiply(RandomCase random, bool integer)
    {
        var shape = Image(random, 5);
        var second = random.Coin() ? shape : Shape.Of(shape[0], shape[1], 1, 1);
        return One(random, new Multiply(integer ? random.Requantization(1, 30_000) : null), integer, [shape, second]);
    }

    private static OperatorCase AveragePool(RandomCase random, bool integer)
    {
        var kernel = random.Size(4);
        var (shape, padding) = Sliding(random, random.Between(1, 5), kernel, 5);
        var pool = new AveragePool(kernel, random.Size(3), padding, random.Coin());
        int counts = pool.Counts(new Size2(shape[2], shape[3])).Length;
        return One(random, pool with { Integer = integer ? random.Requantization(counts, kernel.Area * 100) : null }, integer, [shape]);
    }

    private static OperatorCase GlobalAveragePool(RandomCase random, bool integer)
    {
        var shape = Image(random, 8);
        return One(random, new GlobalAveragePool(integer ? random.Requantization(1, shape[2] * shape[3] * 100) : null), integer, [shape]);
    }

    private static OperatorCase MaxPool(RandomCase random, bool integer)
    {
        var kernel = random.Size(4);
        var (shape, padding) = Sliding(random, random.Between(1, 5), kernel, 5);
        return One(random, new MaxPool(kernel, random.Size(3), padding), integer, [shape]);
    }

    private static ClampKind Clamp(RandomCase random) => random.Pick(Enum.GetValues<ClampKind>());

    private static Shape Image(RandomCase random, int side) =>
        Shape.Of(random.Between(1, 3), random.Between(1, 5), random.Between(1, side), random.Between(1, side));

    /// <summary>An image that a kernel with some padding fits.</summary>
    private static (Shape Shape, Padding Padding) Sliding(RandomCase random, int channels, Size2 kernel, int side)
    {
        var padding = random.Padding(kernel);
        int height = Math.Max(1, kernel.Height - padding.Top - padding.Bottom) + random.Between(0, side);
        int width = Math.Max(1, kernel.Width - padding.Left - padding.Right) + random.Between(0, side);
        return (Shape.Of(random.Between(1, 3), channels, height, width), padding);
    }

    private static OperatorCase One(RandomCase random, Operator @operator, bool integer, Shape[] shapes, params Tensor[] constants)
    {
        var inputs = shapes.Select((shape, i) => new GraphInput(
            $"x{i}", integer ? new TensorType(ElementType.Int8, shape, random.Quantization()) : new TensorType(ElementType.Float32, shape))).ToList();
        var named = constants.Select((tensor, i) => new Constant($"c{i}", new TensorType(tensor.Element, tensor.Shape), tensor)).ToList();
        var layer = new Layer(Output, @operator, [.. inputs.Select(input => input.Name)], [.. named.Select(constant => constant.Name)]);
        return new OperatorCase(
            new LayerGraph("case", inputs, named, [layer], [Output]),
            inputs.ToDictionary(input => input.Name, input => integer ? random.Codes(input.Type.Shape) : random.Floats(input.Type.Shape)));
    }
}
