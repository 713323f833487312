using AccelSim.Graph;
using AccelSim.Graph.Training;
using TorchSharp;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>
/// Trains a float graph to classify images: order, augmentation, schedule and the choice of the best epoch, whatever engine computes the steps.
/// Deterministic for a seed and a machine.
/// </summary>
public sealed class Trainer(TrainingOptions options, IProgress<TrainingProgress>? progress = null)
{
    private const int ValidationBatch = 500;

    /// <summary>Makes the engine for a network; null trains through libtorch.</summary>
    public Func<LayerGraph, TrainingStepOptions, ITrainingEngine>? Engine { get; init; }

    /// <param name="graph">A float graph with initial weights; any batch.</param>
    /// <param name="training">Images in the graph's input shape.</param>
    /// <param name="validation">Images that choose the epoch; never trained on.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public TrainingResult Train(LayerGraph graph, LabelledImages training, LabelledImages validation, CancellationToken cancellation = default)
    {
        options.Check();
        TorchRuntime.Ensure();
        torch.random.manual_seed(options.Seed);
        var shuffle = new Random(options.Seed);
        using var scope = torch.NewDisposeScope();
        using var engine = (Engine ?? ((network, step) => new TorchTrainingEngine(network, step)))(graph, options.Step);
        var images = training.Images.ToTorch();
        int classes = graph.TypeOf(graph.Outputs[0]).Channels, steps = training.Count / options.BatchSize;
        int[] order = [.. Enumerable.Range(0, training.Count)];
        var best = new TrainingResult(graph, 0, 0, 0);
        for (int epoch = 0; epoch < options.Epochs && epoch - best.BestEpoch < options.Patience; epoch++)
        {
            shuffle.Shuffle(order);
            for (int step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var stepScope = torch.NewDisposeScope();
                long[] batch = Array.ConvertAll(order[(step * options.BatchSize)..((step + 1) * options.BatchSize)], index => (long)index);
                var input = Augment(images.index_select(0, torch.tensor(batch)), shuffle).ToTensor();
                double rate = LearningRate((epoch * steps + step) / (double)(options.Epochs * steps));
                double loss = engine.Step(input, OneHot(batch, training.Labels, classes), rate, cancellation);
                if (step % 10 == 0)
                    progress?.Report(new TrainingProgress(epoch + 1, options.Epochs, step, steps, loss, null));
            }
            double accuracy = Accuracy(engine, validation, cancellation);
            progress?.Report(new TrainingProgress(epoch + 1, options.Epochs, steps, steps, double.NaN, accuracy));
            best = accuracy > best.ValidationAccuracy
                ? new TrainingResult(engine.Network, epoch + 1, epoch + 1, accuracy)
                : best with { EpochsRun = epoch + 1 };
        }
        return best;
    }

    /// <summary>Linear warm-up over the first twentieth, then a half cosine to zero (Loshchilov and Hutter, "SGDR", ICLR 2017).</summary>
    private double LearningRate(double done)
    {
        const double warmUp = 0.05;
        return options.LearningRate * (done < warmUp ? (done + 1e-3) / warmUp : 0.5 * (1 + Math.Cos(Math.PI * (done - warmUp) / (1 - warmUp))));
    }

    private TorchTensor Augment(TorchTensor images, Random random)
    {
        if (options.Flip)
            images = torch.where(torch.rand(images.shape[0], 1, 1, 1).lt(0.5), images.flip(3), images);
        if (options.Shift == 0)
            return images;
        int down = random.Next(-options.Shift, options.Shift + 1), right = random.Next(-options.Shift, options.Shift + 1);
        return images.roll([down, right], [2, 3]);
    }

    private static Tensor OneHot(long[] batch, IReadOnlyList<int> labels, int classes)
    {
        var target = new float[batch.Length * classes];
        for (int i = 0; i < batch.Length; i++)
            target[i * classes + labels[(int)batch[i]]] = 1;
        return Tensor.Of(Shape.Of(batch.Length, classes), target);
    }

    private static double Accuracy(ITrainingEngine engine, LabelledImages images, CancellationToken cancellation)
    {
        long correct = 0;
        for (int start = 0; start < images.Count; start += ValidationBatch)
        {
            int count = Math.Min(ValidationBatch, images.Count - start);
            using var scope = torch.NewDisposeScope();
            var logits = engine.Predict(images.Images.Batch(start, count), cancellation).ToTorch();
            var labels = torch.tensor(images.Labels.Skip(start).Take(count).Select(label => (long)label).ToArray());
            correct += logits.argmax(1).eq(labels).sum().item<long>();
        }
        return correct / (double)images.Count;
    }
}
