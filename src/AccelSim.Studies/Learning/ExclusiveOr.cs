using AccelSim.Graph;
using AccelSim.Graph.Training;
using AccelSim.Models;

namespace AccelSim.Studies.Learning;

/// <summary>What a network made of exclusive-or.</summary>
/// <param name="Network">Units of each layer, such as <c>2-2-1</c>.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Restarts">Initial weights that led to a local minimum before those of the result.</param>
/// <param name="Loss">The mean binary cross entropy, in nats, after them. Without an idea of the answer it is ln 2 = 0.693.</param>
/// <param name="Outputs">Probabilities of 1 for (0,0), (0,1), (1,0), (1,1).</param>
public sealed record ExclusiveOrResult(string Network, int Steps, int Restarts, double Loss, IReadOnlyList<double> Outputs)
{
    /// <summary>True when each of the four answers is on the right side of one half.</summary>
    public bool Learned => Outputs.Zip(ExclusiveOr.Answers).All(pair => (pair.First > 0.5) == (pair.Second > 0.5));
}

/// <summary>
/// Exclusive-or by back-propagation through a layer graph (Rumelhart, Hinton, Williams, "Learning internal representations by error propagation", 1986): two hidden units learn it,
/// and one layer cannot, since no line separates the answers (Minsky and Papert, "Perceptrons", 1969): its best is one half for all, a loss of ln 2.
/// </summary>
public static class ExclusiveOr
{
    /// <summary>Below it, each answer is right with a probability of more than 0.95.</summary>
    public const double GoodLoss = 0.05;

    private const double LearningRate = 0.2;
    private const int MostRestarts = 8;

    internal static readonly float[] Answers = [0, 1, 1, 0];

    private static readonly float[] Questions = [0, 0, 0, 1, 1, 0, 1, 1];

    /// <param name="layers">Units of each layer: <c>2-2-1</c>, or <c>2-1</c> for one layer.</param>
    /// <param name="backend">Executes the training step.</param>
    /// <param name="steps">The most steps from each initial weights; training ends at <see cref="GoodLoss"/>.</param>
    /// <param name="seed">Of the first initial weights.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="GraphException">The layers are not from two units to one.</exception>
    public static ExclusiveOrResult Run(
        string layers, IBackend backend, int steps = 1000, ulong seed = 1, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        var options = new NetworkOptions(Named: new Dictionary<string, string> { ["layers"] = layers, ["activation"] = "tanh" });
        var network = NetworkZoo.Find("mlp").Build(options);
        if (network.Inputs[0].Type.Shape != Shape.Of(1, 2) || network.TypeOf(network.Outputs[0]).Shape != Shape.Of(1, 1))
            throw new GraphException($"Exclusive-or has two inputs and one output, but the layers are {layers}.");
        // Two hidden units have local minima in which one of the four answers stays one half; more layers than one may begin anew.
        int attempts = network.Layers.Length == 1 ? 1 : MostRestarts;
        ExclusiveOrResult? best = null;
        for (int attempt = 0; attempt < attempts && best is not { Loss: < GoodLoss }; attempt++)
        {
            var result = Train(network.WithSeededWeights(seed + (ulong)attempt), layers, attempt, backend, steps, progress, cancellation);
            best = best is null || result.Loss < best.Loss ? result : best;
        }
        return best!;
    }

    private static ExclusiveOrResult Train(
        LayerGraph network, string layers, int restarts, IBackend backend, int steps, IProgress<StudyProgress>? progress, CancellationToken cancellation)
    {
        var step = new TrainingStepOptions { Loss = LossKind.BinaryCrossEntropy };
        using var engine = new GraphTrainingEngine(network, Answers.Length, step, backend);
        var (questions, answers) = (Tensor.Of(Shape.Of(4, 2), Questions), Tensor.Of(Shape.Of(4, 1), Answers));
        double loss = double.PositiveInfinity;
        int taken = 0;
        while (taken < steps && loss > GoodLoss)
        {
            cancellation.ThrowIfCancellationRequested();
            loss = engine.Step(questions, answers, LearningRate, cancellation);
            if (++taken % 50 == 0 && taken < steps)
                progress?.Report(new StudyProgress($"xor {layers}", taken, steps, FormattableString.Invariant($"loss {loss:f3}")));
        }
        progress?.Report(new StudyProgress($"xor {layers}", steps, steps, FormattableString.Invariant($"loss {loss:f3}")));
        double[] outputs = [.. engine.Predict(questions, cancellation).Float32.ToArray().Select(logit => ActivationKind.Sigmoid.Evaluate(logit))];
        return new ExclusiveOrResult(layers, taken, restarts, loss, outputs);
    }
}
