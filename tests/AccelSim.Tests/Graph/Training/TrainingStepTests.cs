using AccelSim.Graph;
using AccelSim.Graph.Training;
using AccelSim.Models;
using AccelSim.Reference;

namespace AccelSim.Tests.Graph.Training;

/// <summary>Whole training steps against libtorch: gradients, updates, statistics and cost.</summary>
public sealed class TrainingStepTests
{
    private static readonly TrainingStepOptions Plain = new();

    public static TheoryData<string> Networks => [.. Cases.Keys];

    private static Dictionary<string, Func<LayerGraph>> Cases { get; } = new()
    {
        ["mlp"] = () => Network(Shape.Of(7, 20), (b, x) =>
        {
            x = b.Activation("relu", b.FullyConnected("hidden", x, 16), ActivationKind.Relu);
            return b.FullyConnected("output", b.Activation("tanh", b.FullyConnected("second", x, 12), ActivationKind.Tanh), 5);
        }),
        ["lenet5"] = () => NetworkZoo.Find("lenet5").Build(new NetworkOptions(Batch: 3)),
        ["lenet5-1998"] = () => NetworkZoo.Find("lenet5").Build(new NetworkOptions("1998", Batch: 3)),
        ["lenet_caffe"] = () => NetworkZoo.Find("lenet_caffe").Build(new NetworkOptions(Batch: 2)),
        ["mobilenet_v2-block"] = () => Network(Shape.Of(4, 8, 9, 9), (b, x) =>
        {
            string expanded = b.Activation("expand/relu6", b.BatchNormalization("expand/bn", b.Convolution("expand", x, 24, 1), 1e-3), ActivationKind.Relu6);
            string filtered = b.Activation("depthwise/relu6", b.BatchNormalization("depthwise/bn", b.Convolution("depthwise", expanded, 24, 3, groups: 24), 1e-3), ActivationKind.Relu6);
            string sum = b.Layer("sum", new Add(), [x, b.BatchNormalization("project/bn", b.Convolution("project", filtered, 8, 1), 1e-3)]);
            return b.FullyConnected("output", b.Layer("flatten", new Flatten(), [b.Layer("pool", new GlobalAveragePool(), [sum])]), 5);
        }),
        ["mobilenet_v2-strided"] = () => Network(Shape.Of(4, 8, 10, 10), (b, x) =>
        {
            x = b.Layer("expand", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None, 1, ClampKind.Relu6), [x], ("weight", Shape.Of(24, 8, 1, 1)), ("bias", Shape.Of(24)));
            x = b.BatchNormalization("depthwise/bn", b.Convolution("depthwise", x, 24, 3, stride: 2, groups: 24), 1e-5);
            return b.FullyConnected("output", b.Layer("flatten", new Flatten(), [x]), 5);
        }),
        ["squeeze-excite"] = () => Network(Shape.Of(4, 12, 6, 6), (b, x) =>
        {
            x = b.Activation("swish", b.Convolution("conv", x, 12, 3, groups: 3, bias: true), ActivationKind.HardSwish);
            string squeezed = b.Activation("squeeze/relu", b.Convolution("squeeze", b.Layer("pool", new GlobalAveragePool(), [x]), 3, 1, bias: true), ActivationKind.Relu);
            string scale = b.Activation("excite/sigmoid", b.Convolution("excite", squeezed, 12, 1, bias: true), ActivationKind.HardSigmoid);
            x = b.Layer("scale", new Multiply(), [x, scale]);
            return b.FullyConnected("output", b.Layer("flatten", new Flatten(), [x]), 5);
        }),
        ["shared-branches"] = () => Network(Shape.Of(3, 6, 8, 8), (b, x) =>
        {
            string left = b.Convolution("left", x, 4, 3, bias: true), right = b.Layer("right", new AveragePool(Size2.Square(3), Size2.Square(1), Padding.All(1)), [x]);
            string all = b.Layer("concat", new Concat(1), [b.Activation("tanh", left, ActivationKind.Tanh), right, left]);
            all = b.Layer("shuffle", new ChannelShuffle(2), [all]);
            all = b.Layer("norm", new LocalResponseNormalization(3), [b.Layer("pool", new MaxPool(Size2.Square(3), Size2.Square(2), Padding.All(1)), [all])]);
            return b.FullyConnected("output", b.Layer("flatten", new Flatten(), [all]), 5);
        }),
        ["rnn"] = () => Sequence(RecurrentCell.Simple),
        ["lstm"] = () => Sequence(RecurrentCell.Lstm),
        ["gru"] = () => Sequence(RecurrentCell.Gru),
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_equal_autograd(string name)
    {
        var graph = Cases[name]().WithSeededWeights(3);
        foreach (var loss in Enum.GetValues<LossKind>())
        {
            var (inputs, target) = Data(graph, loss);
            var (expectedLoss, expected) = Autograd.OfLoss(graph, inputs, target, loss);
            var step = TrainingStep.Of(graph, Plain with { Loss = loss });
            var outputs = Run(step, step.InitialState(graph), inputs, target, 0.1f);
            Assert.Equal(expectedLoss, outputs[step.Loss].Float32[0], 1e-6 * Math.Abs(expectedLoss));
            Assert.NotEmpty(expected);
            foreach (var (constant, gradient) in expected)
            {
                // The first velocity is the gradient.
                var velocity = outputs[step.State.Single(value => value.Input == $"{constant}/velocity").Output];
                double error = GradientRuleTests.Relative(Connected(graph, constant, gradient), velocity);
                Assert.True(error <= 1e-5, $"{name}, {loss}, {constant}: {error:e2}");
            }
        }
    }

    /// <summary>Ten steps with momentum, Nesterov's update, decay and moving statistics end where libtorch's SGD ends.</summary>
    [Theory]
    [InlineData(false, 0.0)]
    [InlineData(true, 0.01)]
    public void Weights_follow_libtorch(bool nesterov, double decay)
    {
        var graph = Cases["mobilenet_v2-block"]().WithSeededWeights(5);
        var options = new TrainingStepOptions { Momentum = 0.9, Nesterov = nesterov, WeightDecay = decay };
        var (losses, weights, prediction) = TenSteps(new GraphTrainingEngine(graph, graph.Batch, options, new ReferenceBackend()));
        var (expectedLosses, expectedWeights, expectedPrediction) = TenSteps(new TorchTrainingEngine(graph, options));
        for (int i = 0; i < losses.Length; i++)
            Assert.Equal(expectedLosses[i], losses[i], 1e-5);
        foreach (var constant in expectedWeights.Constants.Values)
        {
            double error = GradientRuleTests.Relative(constant.Value, weights.Constants[constant.Name].Value);
            Assert.True(error <= 1e-4, $"{constant.Name}: {error:e2}");
        }
        Assert.InRange(GradientRuleTests.Relative(expectedPrediction, prediction), 0, 1e-4);

        (double[] Losses, LayerGraph Network, Tensor Prediction) TenSteps(ITrainingEngine engine)
        {
            using (engine)
            {
                double[] losses = [.. Enumerable.Range(0, 10).Select(i =>
                {
                    var (inputs, target) = Data(graph, LossKind.CrossEntropy, seed: i);
                    return engine.Step(inputs["x"], target, 0.05 / (i + 1), TestContext.Current.CancellationToken);
                })];
                var (last, _) = Data(graph, LossKind.CrossEntropy, seed: 99);
                return (losses, engine.Network, engine.Predict(last["x"], TestContext.Current.CancellationToken));
            }
        }
    }

    /// <summary>Forward, the gradient of the weights and that of the input take the same multiply-accumulates, and the image needs no gradient.</summary>
    [Theory]
    [InlineData("lenet5", null)]
    [InlineData("mobilenet_v1", 0.25)]
    [InlineData("mobilenet_v2", 0.35)]
    [InlineData("mobilenet_v3_small", 1.0)]
    [InlineData("resnet18", null)]
    public void A_step_takes_three_times_the_forward_macs_less_the_first_layers_input_gradient(string network, double? width)
    {
        var graph = NetworkZoo.Find(network).Build(new NetworkOptions(Width: width, Batch: 2));
        long forward = graph.TotalCost().Macs, first = graph.CostOf(graph.Layers[0]).Macs;
        Assert.True(first > 0);
        Assert.Equal(3 * forward - first, TrainingStep.Of(graph, Plain).Graph.TotalCost().Macs);
    }

    /// <summary>A recurrent layer at the input spares the gradients of the sequence and of the first state.</summary>
    [Theory]
    [InlineData(RecurrentCell.Simple)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Back_propagation_through_time_takes_the_same_macs(RecurrentCell cell)
    {
        var graph = Sequence(cell);
        var layer = graph.Layers.Single(layer => layer.Operator is Recurrent);
        var weights = graph.ConstantTypes(layer);
        int batch = graph.Batch;
        var shape = graph.TypeOf(layer.Inputs[0]).Shape;
        long firstState = batch * weights[1].Shape.Elements;
        // The GRU's candidate multiplies the first state by a gate, which is learned.
        long spared = shape[0] * batch * weights[0].Shape.Elements + (cell == RecurrentCell.Gru ? firstState * 2 / 3 : firstState);
        Assert.Equal(3 * graph.TotalCost().Macs - spared, TrainingStep.Of(graph, Plain).Graph.TotalCost().Macs);
    }

    [Fact]
    public void A_batch_without_variance_is_refused()
    {
        var graph = Network(Shape.Of(1, 4), (b, x) => b.BatchNormalization("bn", b.FullyConnected("first", x, 4), 1e-5));
        Assert.Contains("Layer 'bn' normalizes a batch of one value a channel", Assert.Throws<GraphException>(() => TrainingStep.Of(graph, Plain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_weights_is_refused()
    {
        var graph = Network(Shape.Of(2, 4), (b, x) => b.Activation("relu", x, ActivationKind.Relu));
        Assert.Contains("has nothing to learn", Assert.Throws<GraphException>(() => TrainingStep.Of(graph, Plain)).Message, StringComparison.Ordinal);
    }

    /// <summary>The gradient without weights that a connection table lacks: autograd does not know the table.</summary>
    private static Tensor Connected(LayerGraph graph, string constant, Tensor gradient)
    {
        if (graph.Consumers(constant).Single().Operator is not Convolution { ConnectionTable.IsDefaultOrEmpty: false } convolution || gradient.Shape.Rank != 4)
            return gradient;
        int filter = gradient.Shape[2] * gradient.Shape[3];
        return Tensor.Of(gradient.Shape, [.. gradient.Float32.ToArray().Select((value, i) => convolution.Connects(i / filter / gradient.Shape[1], i / filter % gradient.Shape[1]) ? value : 0)]);
    }

    private static LayerGraph Network(Shape input, Func<GraphBuilder, string, string> define)
    {
        var builder = new GraphBuilder("case");
        return builder.Build(define(builder, builder.Input("x", input)));
    }

    /// <summary>The rows of a 6×5 image as a sequence, and a classifier of the last state.</summary>
    private static LayerGraph Sequence(RecurrentCell cell) => Network(Shape.Of(3, 1, 6, 5), (b, x) =>
    {
        x = b.Layer("sequence", new Transpose([1, 0, 2]), [b.Layer("rows", new Reshape([0, 6, 5]), [x])]);
        var layer = new Recurrent(cell);
        x = b.Layer("cell", layer, [x], ("input_weight", Shape.Of(layer.Gates * 7, 5)), ("recurrent_weight", Shape.Of(layer.Gates * 7, 7)), ("bias", Shape.Of(2 * layer.Gates * 7)));
        x = b.Layer("flat", new Reshape([-1, 7]), [b.Layer("last", new Slice(0, 5, 1), [x])]);
        return b.FullyConnected("output", x, 4);
    });

    private static (Dictionary<string, Tensor> Inputs, Tensor Target) Data(LayerGraph graph, LossKind loss, int seed = 1)
    {
        var random = new NormalNumbers((ulong)seed);
        var inputs = graph.Inputs.ToDictionary(input => input.Name, input =>
            Tensor.Of(input.Type.Shape, [.. Enumerable.Range(0, (int)input.Type.Shape.Elements).Select(_ => (float)random.Next())]));
        var shape = graph.TypeOf(graph.Outputs[0]).Shape;
        var target = new float[shape.Elements];
        for (int n = 0; n < shape[0]; n++)
        {
            // Probabilities that sum to 1, or a class.
            double share = loss == LossKind.CrossEntropy && n % 2 == 0 ? 1 : random.NextUniform();
            int @class = (int)(random.NextUniform() * shape[1]);
            target[n * shape[1] + @class] = (float)share;
            target[n * shape[1] + (@class + 1) % shape[1]] = 1 - (float)share;
        }
        return (inputs, Tensor.Of(shape, target));
    }

    private static IReadOnlyDictionary<string, Tensor> Run(TrainingStep step, Dictionary<string, Tensor> state, Dictionary<string, Tensor> inputs, Tensor target, float rate)
    {
        foreach (var (name, tensor) in inputs)
            state[name] = tensor;
        state[TrainingStep.TargetName] = target;
        state[TrainingStep.LearningRateName] = Tensor.Of(Shape.Of(1), [rate]);
        using var executor = new ReferenceBackend(doublePrecision: true).Compile(step.Graph);
        return executor.Run(state, cancellation: TestContext.Current.CancellationToken);
    }
}
