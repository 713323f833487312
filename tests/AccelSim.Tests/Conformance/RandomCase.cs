using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>A one-layer graph with weights and an input, drawn from a seed that reproduces it.</summary>
internal sealed record RandomCase(string Operator, int Seed, LayerGraph Graph, IReadOnlyDictionary<string, Tensor> Inputs)
{
    public static readonly ImmutableArray<string> IntegerOperators =
    [
        "convolution", "depthwise", "pointwise", "fully-connected", "activation", "add", "multiply", "average-pool", "global-average-pool", "max-pool", "flatten",
        "literal", "concat", "slice", "transpose", "reshape", "pad", "gather", "channel-shuffle", "quantize",
    ];

    /// <summary>Float layers besides those of a training step.</summary>
    public static readonly ImmutableArray<string> InferenceOperators =
    [
        .. IntegerOperators.Remove("quantize"), "dequantize", "batch-norm", "radial-basis", "arithmetic", "softmax", "local-response-normalization", "reduce", "matrix-product",
        "interpolate", "transposed-convolution", "recurrent", "hopfield", "boltzmann",
    ];

    public static readonly ImmutableArray<string> FloatOperators =
    [
        .. InferenceOperators, "convolution-runtime-weight", "fully-connected-runtime-weight", "convolution-weight-gradient", "activation-gradient", "max-pool-gradient",
        "average-pool-gradient", "cross-entropy",
    ];

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
        private bool _positive;

        public RandomCase Make()
        {
            var image = Shape.Of(Int(1, 3), Int(1, 9), Int(1, 9), Int(1, 9));
            Layer layer = @operator switch
            {
                "convolution" => Convolution(image, Groups(image[1])),
                "depthwise" => Convolution(image.With(1, Int(2, 12)), null),
                "pointwise" => Mac(new Convolution(Size2.Square(1), Size2.Square(1), Padding.None, 1, Clamp()), image, Shape.Of(Int(1, 17), image[1], 1, 1)),
                "fully-connected" => Mac(new FullyConnected(Clamp()), Shape.Of(image[0], image[1] * image[2]), Shape.Of(Int(1, 19), image[1] * image[2])),
                "activation" => Elementwise(Activated(ActivationKind.Step), image),
                "add" => Elementwise(new Add(Clamp()), Broadcast(image)),
                "multiply" => Elementwise(new Multiply(), Chance() ? Broadcast(image) : [image, Shape.Of(image[0], image[1], 1, 1)]),
                "average-pool" => Pool(image),
                "global-average-pool" => Elementwise(new GlobalAveragePool(), image),
                "max-pool" => MaxPool(image),
                "flatten" => Layer(new Flatten(), image),
                "literal" => Literal(image),
                "concat" => Concat(image),
                "slice" => Slice(AnyRank()),
                "transpose" => Transpose(AnyRank()),
                "reshape" => Layer(new Reshape(Int(0, 3) switch { 0 => [0, -1], 1 => [-1, image[3], image[2]], _ => [image[1], 1, -1] }), image),
                "pad" => Pad(AnyRank()),
                "gather" => Gather(AnyRank()),
                "channel-shuffle" => Shuffle(image),
                "quantize" => Quantize(image),
                "dequantize" => Dequantize(image),
                "arithmetic" => Arithmetic(image),
                "softmax" => Softmax(AnyRank()),
                "local-response-normalization" => Layer(new LocalResponseNormalization(Int(1, 7), _random.NextDouble(), 0.5 + _random.NextDouble(), 0.5 + _random.NextDouble()), Chance() ? image : Shape.Of(image[0], image[1], image[2])),
                "reduce" => Reduce(AnyRank()),
                "matrix-product" => MatrixProduct(),
                "interpolate" => Interpolate(AnyRank()),
                "transposed-convolution" => TransposedConvolution(image),
                "recurrent" => Recurrent(),
                "hopfield" => Hopfield(),
                "boltzmann" => Boltzmann(),
                "convolution-runtime-weight" => RuntimeWeights(Convolution(image, Groups(image[1]))),
                "fully-connected-runtime-weight" => RuntimeWeights(Mac(new FullyConnected(Clamp()), Shape.Of(image[0], image[1] * image[2]), Shape.Of(Int(1, 19), image[1] * image[2]))),
                "convolution-weight-gradient" => WeightGradient(image),
                "activation-gradient" => ActivationGradient(image),
                "max-pool-gradient" => MaxPoolGradient(image),
                "average-pool-gradient" => AveragePoolGradient(image),
                "cross-entropy" => CrossEntropy(Shape.Of(Int(1, 6), Int(2, 12))),
                "batch-norm" => BatchNorm(image),
                "radial-basis" => Layer(new RadialBasis(), [Shape.Of(image[0], image[1])], Float("centre", Shape.Of(Int(1, 7), image[1]))),
                _ => throw new ArgumentOutOfRangeException(@operator),
            };
            _positive = layer.Operator is Arithmetic { Kind: ArithmeticKind.Divide or ArithmeticKind.Power }
                or Activation { Kind: ActivationKind.Log or ActivationKind.Sqrt or ActivationKind.Power or ActivationKind.Reciprocal }
                or ActivationGradient { Kind: ActivationKind.Log or ActivationKind.Sqrt or ActivationKind.Power or ActivationKind.Reciprocal };
            var graph = new LayerGraph(@operator, _inputs, _constants, [layer], [layer.Name]);
            return new RandomCase(@operator, seed, graph, graph.Inputs.ToDictionary(input => input.Name, input => Values(input.Type)));
        }

        private Layer Convolution(Shape image, int? groups)
        {
            int channels = image[1], group = groups ?? channels;
            var kernel = Chance() ? Size2.Square(2 * Int(0, 3) + 1) : new Size2(Int(1, 6), Int(1, 6));
            var padding = new Padding(Int(0, kernel.Height), Int(0, kernel.Height), Int(0, kernel.Width), Int(0, kernel.Width));
            var dilation = Dilation();
            var reach = Sliding.Reach(kernel, dilation);
            image = image.With(2, Math.Max(image[2], reach.Height - padding.Top - padding.Bottom)).With(3, Math.Max(image[3], reach.Width - padding.Left - padding.Right));
            int outputs = groups is null ? channels * (Chance() ? 1 : 2) : group * Int(1, 6);
            return Mac(
                new Convolution(kernel, new Size2(Int(1, 4), Int(1, 4)), padding, group, Clamp(), Dilation: dilation),
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
                Activation activation => activation with
                {
                    Integer = LookupTable.Of(activation.Kind, _inputs[0].Type.Quantization!.Value, output, activation.Alpha, activation.Beta),
                },
                Add add => add with { Integer = AddArithmetic.Encode(Scale(0) / output.Scale, Scale(1) / output.Scale, Int(8, 32), output, low, high) },
                Multiply multiply => multiply with { Integer = Requantization(1, 1.0 / Int(30, 300)) },
                GlobalAveragePool pool => pool with { Integer = Requantization(1, 1.0 / shapes[0][2] / shapes[0][3]) },
                _ => throw new ArgumentOutOfRangeException(op.Name),
            };
            return new Layer("layer", integer, inputs, []);
        }

        private Layer Pool(Shape image)
        {
            var (kernel, padding, dilation) = Window(ref image);
            var pool = new AveragePool(kernel, new Size2(Int(1, 4), Int(1, 4)), padding, Chance(), Dilation: dilation);
            int pairs = pool.Counts(new Size2(image[2], image[3])).Length;
            return Layer(quantized ? pool with { Integer = Requantization(pairs, 1.0 / kernel.Area) } : pool, image);
        }

        private Layer MaxPool(Shape image)
        {
            var (kernel, padding, dilation) = Window(ref image);
            return Layer(new MaxPool(kernel, new Size2(Int(1, 4), Int(1, 4)), padding, dilation), image);
        }

        /// <summary>A window that never lies in padding alone.</summary>
        private (Size2 Kernel, Padding Padding, Size2? Dilation) Window(ref Shape image)
        {
            var kernel = new Size2(Int(1, 5), Int(1, 5));
            var padding = new Padding(Int(0, kernel.Height), Int(0, kernel.Height), Int(0, kernel.Width), Int(0, kernel.Width));
            var dilation = Dilation();
            var reach = Sliding.Reach(kernel, dilation);
            image = image.With(2, Math.Max(image[2], reach.Height)).With(3, Math.Max(image[3], reach.Width));
            return (kernel, padding, dilation);
        }

        private Size2? Dilation() => Int(0, 3) == 0 ? new Size2(Int(1, 4), Int(1, 4)) : null;

        private Shape AnyRank()
        {
            var extents = new int[Int(1, 6)];
            for (int i = 0; i < extents.Length; i++)
                extents[i] = Int(1, 6);
            return Shape.Of(extents);
        }

        /// <summary>Two shapes that broadcast, half the time with extents of 1 and a missing leading dimension on either side.</summary>
        private Shape[] Broadcast(Shape image)
        {
            if (Chance())
                return [image, image];
            var shapes = Enumerable.Range(0, 2).Select(_ => Shape.Of([.. image.Select(extent => Int(0, 3) == 0 ? 1 : extent).Skip(Int(0, 3) == 0 ? Int(1, 4) : 0)])).ToArray();
            return Chance() ? [shapes[0], image] : shapes;
        }

        private Activation Activated(ActivationKind last)
        {
            var kind = (ActivationKind)Int(0, (int)last + 1);
            double low = _random.NextDouble() * 4 - 3;
            return kind switch
            {
                ActivationKind.Clip => new Activation(kind, null, low, low + 3 * _random.NextDouble()),
                ActivationKind.Power => new Activation(kind, null, ((double[])[2, 0.5, -1, 3, 1.7])[Int(0, 5)]),
                _ => new Activation(kind, null, kind.ParameterCount() > 0 ? low : 0, kind.ParameterCount() > 1 ? low / 2 : 0),
            };
        }

        private Layer Literal(Shape image)
        {
            var quantization = Codes();
            _inputs.Add(new GraphInput("unused", quantized ? new TensorType(ElementType.Int8, Shape.Of(1), quantization) : new TensorType(ElementType.Float32, Shape.Of(1))));
            var type = quantized ? new TensorType(ElementType.Int8, image) : new TensorType(ElementType.Float32, image);
            _constants.Add(new Constant("value", type, Values(type)));
            return new Layer("layer", new Literal(quantized ? quantization : null), [], ["value"]);
        }

        private Layer Concat(Shape image)
        {
            int axis = Int(0, 4), operands = Int(1, 5);
            var inputs = Inputs([.. Enumerable.Range(0, operands).Select(_ => image.With(axis, Int(1, 6)))]);
            if (!quantized)
                return new Layer("layer", new Concat(axis), inputs, []);
            if (Int(0, 4) == 0)
            {
                var shared = Codes();
                for (int i = 0; i < operands; i++)
                    _inputs[i] = _inputs[i] with { Type = _inputs[i].Type with { Quantization = shared } };
                return new Layer("layer", new Concat(axis), inputs, []);
            }
            var requantization = Requantization(operands, 1);
            if (Chance())
                _inputs[0] = _inputs[0] with { Type = _inputs[0].Type with { Quantization = requantization.Output } };
            return new Layer("layer", new Concat(axis, requantization), inputs, []);
        }

        private Layer Slice(Shape shape)
        {
            int axis = Int(0, shape.Rank), extent = shape[axis], start = Int(0, extent), step = Chance() ? Int(1, 4) : -Int(1, 4);
            int most = step > 0 ? (extent - 1 - start) / step + 1 : start / -step + 1;
            return Layer(new Slice(axis, start, Int(1, most + 1), step), shape);
        }

        private Layer Transpose(Shape shape)
        {
            int[] permutation = [.. Enumerable.Range(0, shape.Rank)];
            _random.Shuffle(permutation);
            return Layer(new Transpose([.. permutation]), shape);
        }

        private Layer Pad(Shape shape)
        {
            var mode = (PadMode)Int(0, 3);
            ImmutableArray<int> Sides() => [.. shape.Select(extent => mode == PadMode.Reflect ? Int(0, extent) : Int(0, 4))];
            return Layer(new Pad(Sides(), Sides(), mode, Chance() ? 0 : _random.NextDouble() * 4 - 2), shape);
        }

        private Layer Gather(Shape shape)
        {
            int axis = Int(0, shape.Rank);
            return Layer(new Gather(axis, [.. Enumerable.Range(0, Int(1, 9)).Select(_ => Int(0, shape[axis]))]), shape);
        }

        private Layer Shuffle(Shape image) => Layer(new ChannelShuffle(Groups(image[1])), image);

        /// <summary>From float, so that the only integer part is the rounding; some values lie on a half.</summary>
        private Layer Quantize(Shape image)
        {
            _inputs.Add(new GraphInput("input0", new TensorType(ElementType.Float32, image)));
            return new Layer("layer", new Quantize(Chance() ? Codes() : new Quantization(0.25, Int(-128, 128))), "input0");
        }

        private Layer Dequantize(Shape image)
        {
            _inputs.Add(new GraphInput("input0", new TensorType(ElementType.Int8, image, Codes())));
            return new Layer("layer", new Dequantize(), "input0");
        }

        private Layer Arithmetic(Shape image)
        {
            var kinds = Enum.GetValues<ArithmeticKind>();
            return Layer(new Arithmetic(kinds[Int(0, kinds.Length)]), Broadcast(image));
        }

        private Layer Softmax(Shape shape) => Layer(new Softmax(Int(-shape.Rank, shape.Rank)), shape);

        private Layer Reduce(Shape shape)
        {
            var axes = Enumerable.Range(0, shape.Rank).Where(_ => Chance()).ToImmutableArray();
            return Layer(new Reduce((ReduceKind)Int(0, 4), axes, Chance()), shape);
        }

        private Layer MatrixProduct()
        {
            var (m, k, n) = (Int(1, 20), Int(1, 20), Int(1, 20));
            bool transposeA = Chance(), transposeB = Chance();
            var leading = Broadcast(Shape.Of(Int(1, 3), Int(1, 4)));
            return Layer(
                new MatrixProduct(transposeA, transposeB),
                [
                    Shape.Of([.. leading[0], .. transposeA ? (int[])[k, m] : [m, k]]),
                    Shape.Of([.. leading[1], .. transposeB ? (int[])[n, k] : [k, n]]),
                ]);
        }

        private Layer Interpolate(Shape shape)
        {
            int axis = Int(0, shape.Rank), outputs = Int(1, 9);
            ImmutableArray<int> Positions() => [.. Enumerable.Range(0, outputs).Select(_ => Int(0, shape[axis]))];
            return Layer(new Interpolate(axis, Positions(), Positions(), [.. Enumerable.Range(0, outputs).Select(_ => _random.NextDouble())]), shape);
        }

        private Layer TransposedConvolution(Shape image)
        {
            int groups = Groups(image[1]), perGroup = Int(1, 5);
            var kernel = new Size2(Int(1, 5), Int(1, 5));
            var stride = new Size2(Int(1, 4), Int(1, 4));
            var dilation = Dilation();
            var reach = Sliding.Reach(kernel, dilation);
            var padding = new Padding(Int(0, (reach.Height + 1) / 2), Int(0, (reach.Height + 1) / 2), Int(0, (reach.Width + 1) / 2), Int(0, (reach.Width + 1) / 2));
            Size2? extra = Chance() ? new Size2(Int(0, 4), Int(0, 4)) : null;
            var weight = Float("weight", Shape.Of(image[1], perGroup, kernel.Height, kernel.Width));
            return Layer(
                new TransposedConvolution(kernel, stride, padding, groups, dilation, extra), [image], Chance() ? [weight, Float("bias", Shape.Of(groups * perGroup))] : [weight]);
        }

        private Layer Recurrent()
        {
            var cell = (RecurrentCell)Int(0, 3);
            var (steps, batch, inputs, hidden) = (Int(1, 6), Int(1, 4), Int(1, 9), Int(1, 9));
            bool lstm = cell == RecurrentCell.Lstm;
            var layer = new Recurrent(
                cell, Chance(), Chance(), lstm && Int(0, 3) == 0 ? RecurrentOutput.Cell : RecurrentOutput.Hidden,
                Chance() ? ActivationKind.Sigmoid : ActivationKind.HardSigmoid, Chance() ? ActivationKind.Tanh : ActivationKind.Relu, ActivationKind.Tanh,
                Int(0, 4) == 0 ? 0.3 : null);
            int rows = layer.Gates * hidden;
            var state = Shape.Of(batch, hidden);
            Shape[] shapes = [Shape.Of(steps, batch, inputs), .. Enumerable.Repeat(state, Int(0, lstm ? 3 : 2))];
            Constant[] constants =
            [
                Float("input_weight", Shape.Of(rows, inputs)), Float("recurrent_weight", Shape.Of(rows, hidden)),
                Float("bias", Shape.Of(Chance() ? rows : 2 * rows)), Float("peephole", Shape.Of(3 * hidden)),
            ];
            return Layer(layer, shapes, constants[..Int(2, lstm ? 5 : 4)]);
        }

        /// <summary>Weights of few bits, so that sums are exact in float32 and some are 0.</summary>
        private Layer Hopfield()
        {
            int units = Int(1, 20);
            var weights = new float[units * units];
            for (int i = 0; i < units; i++)
            {
                for (int j = 0; j < i; j++)
                    weights[i * units + j] = weights[j * units + i] = Int(-4, 5) / 8f;
            }
            _constants.Add(new Constant("weight", new TensorType(ElementType.Float32, Shape.Of(units, units)), Tensor.Of(Shape.Of(units, units), weights)));
            return new Layer("layer", new HopfieldSweep(), Inputs(Shape.Of(Int(1, 5), units)), ["weight"]);
        }

        private Layer Boltzmann()
        {
            var (visible, hidden, batch, downward) = (Int(1, 20), Int(1, 20), Int(1, 5), Chance());
            return Layer(
                new BoltzmannLayer(downward), [Shape.Of(batch, downward ? hidden : visible)],
                Float("weight", Shape.Of(hidden, visible)), Float("hidden_bias", Shape.Of(hidden)), Float("visible_bias", Shape.Of(visible)));
        }

        /// <summary>The same layer with its constants as inputs of the graph.</summary>
        private Layer RuntimeWeights(Layer layer)
        {
            _inputs.AddRange(_constants.Select(constant => new GraphInput(constant.Name, constant.Type)));
            _constants.Clear();
            return layer;
        }

        private Layer WeightGradient(Shape image)
        {
            int groups = Groups(image[1]);
            var (kernel, padding, dilation) = Window(ref image);
            var stride = new Size2(Int(1, 4), Int(1, 4));
            var output = Sliding.Output(new Size2(image[2], image[3]), kernel, stride, padding, dilation);
            return Layer(new ConvolutionWeightGradient(kernel, stride, padding, groups, dilation), [image, Shape.Of(image[0], groups * Int(1, 5), output.Height, output.Width)]);
        }

        private Layer ActivationGradient(Shape image)
        {
            var activation = Activated(ActivationKind.Affine);
            return Layer(new ActivationGradient(activation.Kind, activation.Alpha, activation.Beta), [image, image]);
        }

        private Layer MaxPoolGradient(Shape image)
        {
            var (kernel, padding, dilation) = Window(ref image);
            var stride = new Size2(Int(1, 4), Int(1, 4));
            var output = Sliding.Output(new Size2(image[2], image[3]), kernel, stride, padding, dilation);
            return Layer(new MaxPoolGradient(kernel, stride, padding, dilation), [image, Shape.Of(image[0], image[1], output.Height, output.Width)]);
        }

        private Layer AveragePoolGradient(Shape image)
        {
            var (kernel, padding, _) = Window(ref image);
            var stride = new Size2(Int(1, 4), Int(1, 4));
            var size = new Size2(image[2], image[3]);
            var output = Sliding.Output(size, kernel, stride, padding);
            return Layer(new AveragePoolGradient(size, kernel, stride, padding, Chance()), Shape.Of(image[0], image[1], output.Height, output.Width));
        }

        private Layer CrossEntropy(Shape logits) => Layer(new CrossEntropy(), [logits, logits]);

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

        private Tensor Values(TensorType type) => @operator switch
        {
            // Logarithms, roots and quotients have their domain, and its edge no relative error that could be held.
            "activation" or "activation-gradient" or "arithmetic" when !quantized && _positive => Drawn(type, () => 0.1 + 4 * _random.NextDouble()),
            "hopfield" => Drawn(type, () => Chance() ? 1 : -1),
            "boltzmann" or "cross-entropy" => Drawn(type, _random.NextDouble),
            // Ties, so that the first maximum matters.
            "max-pool-gradient" => Drawn(type, () => Int(-2, 3)),
            // A quarter's multiples: every second lies on a half of the code.
            "quantize" => Drawn(type, () => Int(-400, 401) * 0.125),
            _ => Uniform(type),
        };

        private static Tensor Drawn(TensorType type, Func<double> next) =>
            Tensor.Of(type.Shape, [.. Enumerable.Range(0, (int)type.Shape.Elements).Select(_ => (float)next())]);

        private Tensor Uniform(TensorType type) => type.Element == ElementType.Int8
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

        /// <summary>In [low, high).</summary>
        private int Int(int low, int high) => _random.Next(low, high);

        private bool Chance() => _random.Next(2) == 0;

        private static int StableHash(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
    }
}
