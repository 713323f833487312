using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Training;
using AccelSim.Models;
using AccelSim.Models.Trained;
using AccelSim.Reference;
using AccelSim.Studies.Learning;
using AccelSim.Tests.Conformance;
using CsCheck;

namespace AccelSim.Tests.Studies;

public sealed class LearningTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Two_layers_learn_exclusive_or_and_one_cannot()
    {
        var two = ExclusiveOr.Run("2-2-1", new ReferenceBackend(), cancellation: Cancellation);
        Assert.True(two.Learned);
        Assert.True(two.Loss < ExclusiveOr.GoodLoss);
        var one = ExclusiveOr.Run("2-1", new ReferenceBackend(), steps: 400, cancellation: Cancellation);
        Assert.False(one.Learned);
        // No line does better than one half for all four: the loss is convex with its minimum at ln 2.
        Assert.Equal(Math.Log(2), one.Loss, 1e-3);
    }

    /// <summary>Whatever is stored and however damaged, on symmetric weights without a diagonal.</summary>
    [Fact]
    public void Energy_never_rises() => Gen.Select(Gen.Int[1, 12], Gen.Int[2, 60], Gen.Double[0, 1], Gen.Int[0, 1000]).Sample(
        (patterns, units, flip, seed) =>
        {
            var stored = HopfieldRecall.RandomPatterns(patterns, units, seed);
            return HopfieldRecall.Run(stored, flip, new ReferenceBackend(), seed).EnergyNeverRises;
        },
        iter: 40, threads: 1);

    [Fact]
    public void Few_patterns_are_recalled_from_a_fifth_of_flipped_units_and_many_are_not()
    {
        var few = HopfieldRecall.Run(HopfieldRecall.RandomPatterns(6, 200, 3), 0.2, new ReferenceBackend(), cancellation: Cancellation);
        Assert.Equal((6, 40), (few.Recalled, few.Recalls[0].Flipped));
        // Twice the capacity.
        var many = HopfieldRecall.Run(HopfieldRecall.RandomPatterns(55, 200, 3), 0.2, new ReferenceBackend(), cancellation: Cancellation);
        Assert.True(many.Recalled < 10, $"{many.Recalled} of 55");
    }

    [Fact]
    public void A_step_of_contrastive_divergence_equals_plain_loops()
    {
        const int batch = 3, visible = 5, hidden = 4;
        const double rate = 0.3;
        var random = new Random(5);
        var step = ContrastiveDivergence.Step(batch, visible, hidden, rate);
        var inputs = step.Inputs.ToDictionary(input => input.Name, input =>
            Tensor.Of(input.Type.Shape, [.. Enumerable.Range(0, (int)input.Type.Shape.Elements).Select(_ => random.NextSingle())]));
        using var executor = new ReferenceBackend(doublePrecision: true).Compile(step);
        var outputs = executor.Run(inputs, cancellation: Cancellation);
        float[] v = inputs["visible"].Float32.ToArray(), u = inputs["uniform"].Float32.ToArray(), w = inputs["weight"].Float32.ToArray();
        float[] b = inputs["hidden_bias"].Float32.ToArray(), a = inputs["visible_bias"].Float32.ToArray();
        double[] weight = [.. w.Select(value => (double)value)], hiddenBias = [.. b.Select(value => (double)value)], visibleBias = [.. a.Select(value => (double)value)];
        double error = 0;
        for (int n = 0; n < batch; n++)
        {
            double[] seen = [.. Enumerable.Range(0, visible).Select(i => (double)v[n * visible + i])];
            double[] first = Up(seen);
            double[] sampled = [.. first.Select((p, j) => p > u[n * hidden + j] ? 1.0 : 0)];
            double[] model = [.. Enumerable.Range(0, visible).Select(i => Sigmoid(a[i] + Enumerable.Range(0, hidden).Sum(j => w[j * visible + i] * sampled[j])))];
            double[] second = Up(model);
            for (int j = 0; j < hidden; j++)
            {
                hiddenBias[j] += rate / batch * (first[j] - second[j]);
                for (int i = 0; i < visible; i++)
                    weight[j * visible + i] += rate / batch * (first[j] * seen[i] - second[j] * model[i]);
            }
            for (int i = 0; i < visible; i++)
            {
                visibleBias[i] += rate / batch * (seen[i] - model[i]);
                error += Math.Pow(seen[i] - model[i], 2) / (batch * visible);
            }
        }
        AssertClose(weight, outputs["weight/new"]);
        AssertClose(hiddenBias, outputs["hidden_bias/new"]);
        AssertClose(visibleBias, outputs["visible_bias/new"]);
        AssertClose([error], outputs["error"]);

        double[] Up(double[] units) => [.. Enumerable.Range(0, hidden).Select(j => Sigmoid(b[j] + Enumerable.Range(0, visible).Sum(i => w[j * visible + i] * units[i])))];

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    [Fact]
    public void Reconstruction_error_falls_on_photographs()
    {
        var result = ContrastiveDivergence.Train(TrainedNetwork.ShippedTestImages(), hidden: 64, epochs: 4, new ReferenceBackend(), cancellation: Cancellation);
        Assert.All(result.Errors.Zip(result.Errors.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        Assert.True(result.Errors[^1] < 0.6 * result.Errors[0], string.Join(", ", result.Errors));
    }

    /// <summary>The recurrent networks of the zoo, every layer, on the executor of GPUs and the simulator of arrays.</summary>
    [Theory]
    [InlineData("rnn", "1")]
    [InlineData("lstm", "2")]
    [InlineData("gru", "2")]
    public void Recurrent_networks_agree_on_every_backend(string name, string biases)
    {
        var options = new NetworkOptions(Batch: 2, Named: new Dictionary<string, string> { ["biases"] = biases, ["hidden"] = "32" });
        var graph = FloatPasses.Run(NetworkZoo.Find(name).Build(options).WithSeededWeights(4));
        var inputs = new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = NormalNumbers.Tensor(graph.Inputs[0].Type.Shape, 9) };
        using var exact = new ReferenceBackend(doublePrecision: true).Compile(graph);
        var expected = exact.Run(inputs, everyLayer: true, Cancellation);
        using var gpu = LearningBackend.Open("cpu");
        using var array = LearningBackend.Open("systolic");
        foreach (var backend in (IBackend[])[gpu.Backend, array.Backend, new NaiveBackend()])
        {
            using var executor = backend.Compile(graph);
            var actual = executor.Run(inputs, everyLayer: true, Cancellation);
            Assert.All(graph.Layers, layer => AssertClose(Array.ConvertAll(expected[layer.Name].Float32.ToArray(), value => (double)value), actual[layer.Name]));
        }
    }

    /// <summary>LeNet-5, three steps: the layer graph on the executor of GPUs against libtorch's autograd.</summary>
    [Fact]
    public void Both_engines_train_alike()
    {
        const int batch = 4;
        var network = NetworkZoo.Find("lenet5").Build(new NetworkOptions()).WithSeededWeights(3);
        var options = new TrainingStepOptions { Nesterov = true, WeightDecay = 1e-4 };
        var images = NormalNumbers.Tensor(network.Inputs[0].Type.Shape.With(0, batch), 2);
        var target = Tensor.Of(Shape.Of(batch, 10), [.. Enumerable.Range(0, batch * 10).Select(i => i % 11 == 0 ? 1f : 0)]);
        using var device = LearningBackend.Open("gpu");
        using var graph = new GraphTrainingEngine(network, batch, options, device.Backend);
        using var torch = new TorchTrainingEngine(network, options);
        for (int step = 0; step < 3; step++)
        {
            double loss = torch.Step(images, target, 0.05, Cancellation);
            Assert.Equal(loss, graph.Step(images, target, 0.05, Cancellation), 1e-5 * loss);
        }
        Assert.All(network.Constants.Keys, name => AssertClose(
            Array.ConvertAll(torch.Network.Constants[name].Value.Float32.ToArray(), value => (double)value), graph.Network.Constants[name].Value));
    }

    private static void AssertClose(double[] expected, Tensor actual)
    {
        var values = actual.Float32;
        Assert.Equal(expected.Length, values.Length);
        double error = 0, norm = 0;
        for (int i = 0; i < values.Length; i++)
        {
            error += Math.Pow(values[i] - expected[i], 2);
            norm += expected[i] * expected[i];
        }
        Assert.True(Math.Sqrt(error) <= 1e-5 * Math.Sqrt(norm), $"relative error {Math.Sqrt(error / norm):e2}");
    }
}
