using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>A one-layer graph with weights and an input, drawn from a seed that reproduces it.</summary>
internal sealed record RandomCase(string Operator, int Seed, LayerGraph Graph, IReadOnlyDictionary<string, Tensor> Inputs)
{
    public static readonly ImmutableArray<string> IntegerOperators =
        ["convolution", "depthwise", "pointwise", "fully-connected", "activation", "add", "multiply", "average-pool", "global-average-pool", "max-pool", "flatten"];

    public static readonly ImmutableArray<string> FloatOperators = [.. IntegerOperators, "batch-norm", "radial-basis"];

    public static RandomCase Integer(string @operator, int seed) => new Draw(@operator, seed, quantized: true).Make();

    public static RandomCase Float(string @operator, int seed) => new Draw(@operator, seed, quantized: false).Make();

    public override string ToString() =>
        $"{Operator} seed {Seed}: {string.Join(", ", Graph.Inputs.Select(input => input.Type))} → {string.Join("; ", Graph.Layers.Select(layer => $"{layer.Operator.Describe()} {Graph.TypeOf(layer.Name)}"))}";

    /// <summary>Draws shapes small enough for a register-level debugger yet ragged: odd sizes, unequal strides, four different paddings.</summary>
    private sealed class Draw(string @operator, int seed, bool quantized)
    {
        private readonly Random _random = new(unchecked(seed * 7919 + StableHash(@operator)));
        private readonly List<Constant> _constants = [];
        private readonly List<GraphInput> _inputs = [];

        public RandomCase Make()
        {
            var image = Shape.Of(Int(1, 3), Int(1, 9), Int(1, 9), Int(1, 9));
            Layer layer = @operator switch
            {
                "convolution" => Convolution(image, Groups(image[1])),
                "depthwise" => Convolution(image.With(1, Int(2, 12)), null),
                "pointwise" => Mac(new Convolution(Size2.Square(1), Size2.Square(1), Padding.None, 1, Clamp()), image, Shape.Of(Int(1, 17), image[1], 1, 1)),
                "fully-connected" => Mac(new FullyConnected(Clamp()), Shape.Of(image[0], image[1] * image[2]), Shape.Of(Int(1, 19), image[1] * image[2])),
                "activation" => Elementwise(new Activation(Kind()), image),
                "add" => Elementwise(new Add(Clamp()), image, image),
                "multiply" => Elementwise(new Multiply(), image, Chance() ? image : Shape.Of(image[0], image[1], 1, 1)),
                "average-pool" => Pool(image),
                "global-average-pool" => Elementwise(new GlobalAveragePool(), image),
                "max-pool" => MaxPool(image),
                "flatten" => Layer(new Flatten(), image),
                "batch-norm" => BatchNorm(image),
                "radial-basis" => Layer(new RadialBasis(), [Shape.Of(image[0], image[1])], Float("centre", Shape.Of(Int(1, 7), image[1]))),
                _ => throw new ArgumentOutOfRangeException(@operator),
            };
            var graph = new LayerGraph(@operator, _inputs, _constants, [layer], [layer.Name]);
            return new RandomCase(@operator, seed, graph, graph.Inputs.ToDictionary(input => input.Name, input => Values(input.Type)));
        }

        private Layer Convolution(Shape image, int? groups)
        {
            int channels = image[1], group = groups ?? channels;
            var kernel = Chance() ? Size2.Square(2 * Int(0, 3) + 1) : new Size2(Int(1, 6), Int(1, 6));
            var padding = new Padding(Int(0, kernel.Height), Int(0, kernel.Height), Int(0, kernel.Width), Int(0, kernel.Width));
            image = image.With(2, Math.Max(image[2], kernel.Height - padding.Top - padding.Bottom)).With(3, Math.Max(image[3], kernel.Width - padding.Left - padding.Right));
            int outputs = groups is null ? channels * (Chance() ? 1 : 2) : group * Int(1, 6);
            return Mac(
                new Convolution(kernel, new Size2(Int(1, 4), Int(1, 4)), padding, group, Clamp()),
                image,
                Shape.Of(outputs, channels / group, kernel.Height, kernel.Width));
        }

        /// <summary>A convolution or fully connected layer with weights over the whole of int8 and, half the time, weight zero points.</summary>
        private Layer Mac(Operator op, Shape image, Shape weight)
        {
            int outputs = weight[0];
            if (!quantized)
                return Layer(op, [image], Chance() ? [Float("weight", weight), Float("bias", Shape.Of(outputs))] : [Float("weight", weight)]);
            bool saturating = Int(0, 4) == 0;
            sbyte[] weights = [.. Enumerable.Range(0, (int)weight.Elements).Select(_ => saturating ? (sbyte)(Chance() ? -128 : 127) : (sbyte)Int(-128, 128))];
            int[] biases = [.. Enumerable.Range(0, outputs).Select(_ => Int(-100000, 100000))];
            ImmutableArray<int> zeros = Chance() ? [] : [.. Enumerable.Range(0, outputs).Select(_ => Int(-128, 128))];
            // Accumulators are about 128·70·√n: aim for outputs that use the range and sometimes leave it.
            double ratio = 60.0 / (8000 * Math.Sqrt(weight.Elements / outputs));
            var arithmetic = new MacArithmetic(Requantization(outputs, ratio), [.. Enumerable.Repeat(0.01, outputs)], zeros);
            _constants.Add(new Constant("weight", new TensorType(ElementType.Int8, weight), Tensor.Of(weight, weights)));
            _constants.Add(new Constant("bias", new TensorType(ElementType.Int32, Shape.Of(outputs)), Tensor.Of(Shape.Of(outputs), biases)));
            Operator integer = op is Convolution convolution ? convolution with { Integer = arithmetic } : ((FullyConnected)op) with { Integer = arithmetic };
            return new Layer("layer", integer, Inputs(image), ["weight", "bias"]);
        }

        private Layer Elementwise(Operator op, params Shape[] shapes)
        {
            var inputs = Inputs(shapes);
            if (!quantized)
                return new Layer("layer", op, inputs, []);
            double Scale(int i) => _inputs[i].Type.Quantization!.Value.Scale;
            var output = Codes();
            var (low, high) = Range(output);
            Operator integer = op switch
            {
                Activation activation => activation with { Integer = LookupTable.Of(activation.Kind, _inputs[0].Type.Quantization!.Value, output) },
                Add add => add with { Integer = AddArithmetic.Encode(Scale(0) / output.Scale, Scale(1) / output.Scale, Int(8, 32), output, low, high) },
                Multiply multiply => multiply with { Integer = Requantization(1, 1.0 / Int(30, 300)) },
                GlobalAveragePool pool => pool with { Integer = Requantization(1, 1.0 / shapes[0][2] / shapes[0][3]) },
                _ => throw new ArgumentOutOfRangeException(op.Name),
            };
            return new Layer("layer", integer, inputs, []);
        }

        private Layer Pool(Shape image)
        {
            var (kernel, padding) = Window(ref image);
            var pool = new AveragePool(kernel, new Size2(Int(1, 4), Int(1, 4)), padding, Chance());
            int pairs = pool.Counts(new Size2(image[2], image[3])).Length;
            return Layer(quantized ? pool with { Integer = Requantization(pairs, 1.0 / kernel.Area) } : pool, image);
        }

        private Layer MaxPool(Shape image)
        {
            var (kernel, padding) = Window(ref image);
            return Layer(new MaxPool(kernel, new Size2(Int(1, 4), Int(1, 4)), padding), image);
        }

        private (Size2 Kernel, Padding Padding) Window(ref Shape image)
        {
            var kernel = new Size2(Int(1, 5), Int(1, 5));
            var padding = new Padding(Int(0, kernel.Height), Int(0, kernel.Height), Int(0, kernel.Width), Int(0, kernel.Width));
            image = image.With(2, Math.Max(image[2], kernel.Height)).With(3, Math.Max(image[3], kernel.Width));
            return (kernel, padding);
        }

        private Layer BatchNorm(Shape image)
        {
            var channels = Shape.Of(image[1]);
            return Layer(new BatchNormalization(1e-3, Clamp()), [image],
                Float("gamma", channels), Float("beta", channels), Float("mean", channels), Float("variance", channels, positive: true));
        }

        private Layer Layer(Operator op, Shape image) => new("layer", op, Inputs(image), []);

        private Layer Layer(Operator op, Shape[] images, params Constant[] constants)
        {
            _constants.AddRange(constants);
            return new Layer("layer", op, Inputs(images), [.. constants.Select(constant => constant.Name)]);
        }

        private ImmutableArray<string> Inputs(params Shape[] shapes)
        {
            foreach (var shape in shapes)
            {
                _inputs.Add(new GraphInput($"input{_inputs.Count}", quantized
                    ? new TensorType(ElementType.Int8, shape, Codes())
                    : new TensorType(ElementType.Float32, shape)));
            }
            return [.. _inputs.Select(input => input.Name)];
        }

        private Constant Float(string name, Shape shape, bool positive = false) => new(name, new TensorType(ElementType.Float32, shape),
            Tensor.Of(shape, [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => (float)(_random.NextDouble() * 2 - (positive ? 0 : 1)))]));

        private Tensor Values(TensorType type) => type.Element == ElementType.Int8
            ? Tensor.Of(type.Shape, [.. Enumerable.Range(0, (int)type.Shape.Elements).Select(_ => (sbyte)(Int(0, 8) == 0 ? (Chance() ? -128 : 127) : Int(-128, 128)))])
            : Tensor.Of(type.Shape, [.. Enumerable.Range(0, (int)type.Shape.Elements).Select(_ => (float)(_random.NextDouble() * 16 - 8))]);

        private Quantization Codes() => new(Math.Exp(_random.NextDouble() * 4 - 4), Int(0, 3) == 0 ? (Chance() ? -128 : 127) : Int(-128, 128));

        private Requantization Requantization(int pairs, double ratio)
        {
            int bits = Int(8, 32);
            var encoded = Enumerable.Range(0, pairs).Select(_ => Pair(ratio * Math.Exp(_random.NextDouble() - 0.5), bits)).ToList();
            var output = Codes();
            var (low, high) = Range(output);
            return new Requantization([.. encoded.Select(pair => pair.Multiplier)], [.. encoded.Select(pair => pair.Shift)], bits, output, low, high);
        }

        /// <summary>Mostly a pair that brings sums near the codes' range; now and then one that loses or saturates all of them, or is 0.</summary>
        private (int Multiplier, int Shift) Pair(double ratio, int bits)
        {
            var (multiplier, shift) = AccelSim.Graph.Requantization.Encode(ratio, bits);
            return Int(0, 16) switch
            {
                0 => (0, shift),
                1 => (multiplier, Math.Clamp(shift + Int(-40, 41), 1, 62)),
                _ => (multiplier, shift),
            };
        }

        private (int Low, int High) Range(Quantization output) => Int(0, 3) switch
        {
            0 => (-128, 127),
            1 => (output.ZeroPoint, 127),
            _ => (output.ZeroPoint, Math.Min(127, output.ZeroPoint + Int(0, 200))),
        };

        private int Groups(int channels)
        {
            int[] divisors = [.. Enumerable.Range(1, channels).Where(group => channels % group == 0)];
            return divisors[_random.Next(divisors.Length)];
        }

        private ClampKind Clamp() => quantized ? ClampKind.None : (ClampKind)Int(0, 3);

        private ActivationKind Kind() => Enum.GetValues<ActivationKind>()[Int(0, Enum.GetValues<ActivationKind>().Length)];

        /// <summary>In [low, high).</summary>
        private int Int(int low, int high) => _random.Next(low, high);

        private bool Chance() => _random.Next(2) == 0;

        private static int StableHash(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
    }
}
