using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Reference;
using AccelSim.Studies.Training;

namespace AccelSim.Studies.Learning;

/// <summary>How well a recurrent network learned to read images.</summary>
/// <param name="Network">With its sizes.</param>
/// <param name="DataSet">What it read.</param>
/// <param name="Parameters">Of the network.</param>
/// <param name="TrainingImages">An epoch.</param>
/// <param name="ValidationImages">They chose the epoch.</param>
/// <param name="TestImages">They measured it.</param>
/// <param name="BestEpoch">From 1.</param>
/// <param name="ValidationAccuracy">Of that epoch, in [0, 1].</param>
/// <param name="TestAccuracy">In [0, 1].</param>
/// <param name="Executed">Test images that the backend classified with the trained weights.</param>
/// <param name="SameClass">Of these, to the same class as the reference.</param>
public sealed record SequenceResult(
    string Network, string DataSet, long Parameters, int TrainingImages, int ValidationImages, int TestImages,
    int BestEpoch, double ValidationAccuracy, double TestAccuracy, int Executed, int SameClass);

/// <summary>
/// A recurrent network that reads an image row by row, one a time step, and names its class (Le, Jaitly, Hinton, arXiv:1504.00941, read digits pixel by pixel). Trained through
/// libtorch; the trained network then runs on any backend.
/// </summary>
public static class RowSequences
{
    /// <summary>Of the training images, every so many-th chooses the epoch.</summary>
    private const int ValidationShare = 10;

    private const int ExecutedImages = 16;

    /// <param name="family"><c>rnn</c>, <c>lstm</c> or <c>gru</c>.</param>
    /// <param name="hidden">Units of the state.</param>
    /// <param name="data">To read.</param>
    /// <param name="options">How it is trained; images are neither mirrored nor shifted.</param>
    /// <param name="backend">Executes the trained network on some test images.</param>
    /// <param name="progress">Told after every tenth step and every epoch.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="GraphException">An option is out of range, or there are too few images for a batch.</exception>
    public static SequenceResult Train(
        string family, int hidden, ImageDataSet data, TrainingOptions options, IBackend backend,
        IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        options = options with { Flip = false, Shift = 0 };
        options.Check();
        var validation = data.Training.Where(index => index % ValidationShare == 0);
        var training = data.Training.Where(index => index % ValidationShare != 0);
        if (training.Count < options.BatchSize)
            throw new GraphException($"{data.Name} has {training.Count} images to train with, fewer than a batch of {options.BatchSize}.");
        var network = NetworkZoo.Find(family).Build(new NetworkOptions(Classes: data.Training.Labels.Max() + 1, Named: new Dictionary<string, string>
        {
            ["inputs"] = Text(data.Training.Width),
            ["steps"] = Text(data.Training.Height),
            ["hidden"] = Text(hidden),
        })).WithSeededWeights((ulong)options.Seed);
        var normalization = training.Normalization();
        var test = ImageClassification.Labelled(network, data.Test, normalization);
        var trained = new Trainer(options, new StepProgress(family, progress)).Train(
            network, ImageClassification.Labelled(network, training, normalization), ImageClassification.Labelled(network, validation, normalization), cancellation);
        var some = test.Images.Batch(0, Math.Min(ExecutedImages, test.Count));
        int[] expected = ImageClassification.Top1(trained.Graph, new ReferenceBackend(), some, cancellation);
        int[] actual = ImageClassification.Top1(trained.Graph, backend, some, cancellation);
        return new SequenceResult(
            network.Name, data.Name, network.TotalCost().Parameters, training.Count, validation.Count, test.Count, trained.BestEpoch, trained.ValidationAccuracy,
            ImageClassification.Accuracy(trained.Graph, test, cancellation), actual.Length, actual.Where((top, i) => top == expected[i]).Count());
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class StepProgress(string task, IProgress<StudyProgress>? progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            string detail = value.ValidationAccuracy is { } accuracy
                ? FormattableString.Invariant($"epoch {value.Epoch}, validation {100 * accuracy:f1} %")
                : FormattableString.Invariant($"epoch {value.Epoch}, loss {value.Loss:f3}");
            progress?.Report(new StudyProgress(task, (value.Epoch - 1.0) * value.Steps + value.Step, (double)value.Epochs * value.Steps, detail));
        }
    }
}
