using AccelSim.Graph;
using AccelSim.Graph.Training;
using AccelSim.Reference;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Graph.Training;

/// <summary>Each operator's gradient rule alone, over random attributes and shapes, against libtorch's autograd and against finite differences.</summary>
public sealed class GradientRuleTests
{
    private const int Cases = 80;

    /// <summary>A Hopfield sweep is not differentiable; a value that nothing feeds has no gradient to pass.</summary>
    public static TheoryData<string> Differentiable =>
        [.. RandomCase.InferenceOperators.Except(["hopfield", "literal", "dequantize"]), "cross-entropy", "convolution-runtime-weight", "fully-connected-runtime-weight"];

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Gradients_equal_autograd(string @operator)
    {
        int compared = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            var sample = RandomCase.Float(@operator, seed);
            if (IsFlat(sample.Graph))
                continue;
            var values = Values(sample.Graph);
            var dy = Random(sample.Graph.TypeOf("layer").Shape, seed);
            var expected = Autograd.VectorJacobianProduct(sample.Graph, sample.Inputs, dy, values);
            var actual = Gradients(sample.Graph, sample.Inputs, dy, values);
            foreach (string value in values)
            {
                double error = Relative(expected[value], actual[value]);
                Assert.True(error <= 1e-5, $"{value} of {sample}: {error:e2}");
            }
            compared++;
        }
        Assert.InRange(compared, Cases / 2, Cases);
    }

    /// <summary>Where a function is smooth, a small step along any direction changes the output by what the gradient says: no other code of derivatives is asked.</summary>
    [Theory]
    [InlineData("convolution")]
    [InlineData("depthwise")]
    [InlineData("transposed-convolution")]
    [InlineData("fully-connected")]
    [InlineData("matrix-product")]
    [InlineData("softmax")]
    [InlineData("local-response-normalization")]
    [InlineData("average-pool")]
    [InlineData("interpolate")]
    [InlineData("radial-basis")]
    [InlineData("boltzmann")]
    [InlineData("batch-norm")]
    public void Gradients_equal_finite_differences(string @operator)
    {
        const float step = 1 / 64f;
        int compared = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            var sample = RandomCase.Float(@operator, seed);
            if (sample.Graph.Layers[0].Operator is IClamped { Clamp: not ClampKind.None })
                continue;
            var dy = Random(sample.Graph.TypeOf("layer").Shape, seed);
            string value = sample.Graph.Inputs[0].Name;
            var direction = Random(sample.Graph.TypeOf(value).Shape, seed + 1000);
            double predicted = Dot(Gradients(sample.Graph, sample.Inputs, dy, [value])[value], direction);
            double measured = (Objective(step) - Objective(-step)) / (2 * step);
            double scale = Math.Sqrt(Dot(dy, dy) * Dot(direction, direction));
            Assert.True(Math.Abs(predicted - measured) <= 1e-3 * scale + 1e-4, $"{sample}: {predicted} predicted, {measured} measured");
            compared++;

            double Objective(float amount)
            {
                float[] moved = [.. sample.Inputs[value].Float32.ToArray().Zip(direction.Float32.ToArray(), (x, d) => x + amount * d)];
                var inputs = new Dictionary<string, Tensor>(sample.Inputs) { [value] = Tensor.Of(direction.Shape, moved) };
                using var executor = new ReferenceBackend(doublePrecision: true).Compile(sample.Graph);
                return Dot(executor.Run(inputs, cancellation: TestContext.Current.CancellationToken)["layer"], dy);
            }
        }
        Assert.InRange(compared, Cases / 6, Cases);
    }

    /// <summary>The operators without a rule are those that have no gradient, those of integers, and gradients themselves.</summary>
    [Fact]
    public void Every_operator_of_an_inference_has_a_rule_or_a_reason()
    {
        var missing = OperatorCatalog.Types.Values.Except(DifferentiableOperators.All).Select(type => type.Name).Order();
        Assert.Equal(
            ["ActivationGradient", "AveragePoolGradient", "ConvolutionWeightGradient", "Dequantize", "HopfieldSweep", "MaxPoolGradient", "Quantize"], missing);
    }

    [Fact]
    public void A_layer_that_cannot_be_trained_through_is_named()
    {
        var builder = new GraphBuilder("tiny");
        string x = builder.FullyConnected("first", builder.Input("image", Shape.Of(2, 3)), 4);
        x = builder.Activation("threshold", x, ActivationKind.Step);
        var step = builder.Build(builder.FullyConnected("last", x, 2));
        Assert.Equal(
            "Layer 'threshold' (Activation) cannot be trained through: step is flat, and no gradient passes it.",
            Assert.Throws<GraphException>(() => TrainingStep.Of(step, new TrainingStepOptions())).Message);

        builder = new GraphBuilder("memory");
        x = builder.FullyConnected("first", builder.Input("image", Shape.Of(2, 3)), 4);
        x = builder.Layer("sweep", new HopfieldSweep(), [x], ("weight", Shape.Of(4, 4)));
        var graph = builder.Build(x).WithData(new Dictionary<string, Tensor> { ["sweep/weight"] = Tensor.Of(Shape.Of(4, 4), new float[16]) });
        Assert.Equal(
            "Layer 'sweep' (HopfieldSweep) cannot be trained through: its operator has no gradient rule.",
            Assert.Throws<GraphException>(() => TrainingStep.Of(graph, new TrainingStepOptions())).Message);
    }

    private static bool IsFlat(LayerGraph graph) =>
        graph.Layers[0].Operator is Activation { Kind: ActivationKind.Round or ActivationKind.Floor or ActivationKind.Sign or ActivationKind.Step };

    /// <summary>All that a gradient may be asked of: not targets, centres, or the statistics' own.</summary>
    private static string[] Values(LayerGraph graph) => graph.Layers[0].Operator switch
    {
        CrossEntropy => [graph.Inputs[0].Name],
        RadialBasis => [graph.Inputs[0].Name],
        BatchNormalization => [graph.Inputs[0].Name, "gamma", "beta"],
        BoltzmannLayer { Downward: var downward } => [graph.Inputs[0].Name, "weight", downward ? "visible_bias" : "hidden_bias"],
        _ => [.. graph.Inputs.Select(input => input.Name), .. graph.Constants.Keys],
    };

    private static Dictionary<string, Tensor> Gradients(LayerGraph graph, IReadOnlyDictionary<string, Tensor> inputs, Tensor dy, IReadOnlyList<string> values)
    {
        var product = VectorJacobianProduct.Of(graph, values);
        using var executor = new ReferenceBackend(doublePrecision: true).Compile(product.Graph);
        var all = new Dictionary<string, Tensor>(inputs) { [VectorJacobianProduct.OutputGradientName] = dy };
        foreach (var constant in graph.Constants.Values)
            all[constant.Name] = constant.Value;
        var results = executor.Run(all, cancellation: TestContext.Current.CancellationToken);
        return values.ToDictionary(value => value, value => product.Gradients.TryGetValue(value, out string? layer)
            ? results[layer]
            : Tensor.Of(graph.TypeOf(value).Shape, new float[graph.TypeOf(value).Shape.Elements]));
    }

    private static Tensor Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.Of(shape, [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => (float)(random.NextDouble() * 2 - 1))]);
    }

    private static double Dot(Tensor a, Tensor b)
    {
        double sum = 0;
        for (int i = 0; i < a.Float32.Length; i++)
            sum += a.Float32[i] * (double)b.Float32[i];
        return sum;
    }

    internal static double Relative(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double error = 0, norm = 0;
        for (int i = 0; i < expected.Float32.Length; i++)
        {
            error += Math.Pow(actual.Float32[i] - (double)expected.Float32[i], 2);
            norm += Math.Pow(expected.Float32[i], 2);
        }
        return error == 0 ? 0 : Math.Sqrt(error / Math.Max(norm, 1e-12));
    }
}
