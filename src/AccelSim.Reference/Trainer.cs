using AccelSim.Graph;
using TorchSharp;
using TorchSharp.Modules;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>
/// Trains a float graph by back-propagation of the cross entropy of its first output, through libtorch's autograd over the same operator
/// implementations that execute it. Deterministic for a seed and a machine.
/// </summary>
public sealed class Trainer(TrainingOptions options, IProgress<TrainingProgress>? progress = null)
{
    /// <param name="graph">A float graph with initial weights; any batch.</param>
    /// <param name="training">Images in the graph's input shape.</param>
    /// <param name="validation">Images that choose the epoch; never trained on.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public TrainingResult Train(LayerGraph graph, LabelledImages training, LabelledImages validation, CancellationToken cancellation = default)
    {
        options.Check();
        TorchRuntime.UseOneDnn(true);
        try
        {
            return TrainOnOneDnn(graph, training, validation, cancellation);
        }
        finally
        {
            TorchRuntime.UseOneDnn(false);
        }
    }

    private TrainingResult TrainOnOneDnn(LayerGraph graph, LabelledImages training, LabelledImages validation, CancellationToken cancellation)
    {
        torch.random.manual_seed(options.Seed);
        var shuffle = new Random(options.Seed);
        using var scope = torch.NewDisposeScope();
        var constants = graph.Constants.Values.ToDictionary(constant => constant.Name, constant => constant.Value.ToTorch());
        using var optimizer = Optimizer(graph, constants);
        using var loss = torch.nn.CrossEntropyLoss();
        var images = training.Images.ToTorch();
        var labels = torch.tensor(training.Labels.Select(label => (long)label).ToArray());
        int steps = training.Count / options.BatchSize;
        int[] order = [.. Enumerable.Range(0, training.Count)];
        var best = new TrainingResult(graph, 0, 0, 0);
        for (int epoch = 0; epoch < options.Epochs && epoch - best.BestEpoch < options.Patience; epoch++)
        {
            shuffle.Shuffle(order);
            for (int step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = LearningRate((epoch * steps + step) / (double)(options.Epochs * steps));
                using var stepScope = torch.NewDisposeScope();
                var indices = torch.tensor(order.AsSpan(step * options.BatchSize, options.BatchSize).ToArray().Select(index => (long)index).ToArray());
                var logits = Forward(graph, constants, Augment(images.index_select(0, indices), shuffle), training: true);
                var error = loss.call(logits, labels.index_select(0, indices));
                optimizer.zero_grad();
                error.backward();
                optimizer.step();
                MaskUnconnected(graph, constants);
                if (step % 10 == 0)
                    progress?.Report(new TrainingProgress(epoch + 1, options.Epochs, step, steps, error.item<float>(), null));
            }
            double accuracy = Accuracy(graph, constants, validation);
            progress?.Report(new TrainingProgress(epoch + 1, options.Epochs, steps, steps, double.NaN, accuracy));
            best = accuracy > best.ValidationAccuracy
                ? new TrainingResult(graph.WithData(constants.ToDictionary(pair => pair.Key, pair => pair.Value.detach().ToTensor())), epoch + 1, epoch + 1, accuracy)
                : best with { EpochsRun = epoch + 1 };
        }
        return best;
    }

    private SGD Optimizer(LayerGraph graph, Dictionary<string, TorchTensor> constants)
    {
        List<Parameter> weights = [], others = [];
        foreach (var layer in graph.Layers)
        {
            for (int i = 0; i < layer.Constants.Length; i++)
            {
                string role = layer.Operator.ConstantRoles[i];
                if (role is "mean" or "variance" or "centre")
                    continue;
                var parameter = new Parameter(constants[layer.Constants[i]]);
                constants[layer.Constants[i]] = parameter;
                bool depthwise = layer.Operator is Graph.Convolution convolution && convolution.IsDepthwise(graph.TypeOf(layer.Inputs[0]));
                (role == "weight" && !depthwise ? weights : others).Add(parameter);
            }
        }
        var groups = new List<SGD.ParamGroup>
        {
            new(weights, new SGD.Options { LearningRate = options.LearningRate, momentum = options.Momentum, nesterov = true, weight_decay = options.WeightDecay }),
            new(others, new SGD.Options { LearningRate = options.LearningRate, momentum = options.Momentum, nesterov = true, weight_decay = 0 }),
        };
        return torch.optim.SGD(groups, options.LearningRate);
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

    private static TorchTensor Forward(LayerGraph graph, Dictionary<string, TorchTensor> constants, TorchTensor images, bool training)
    {
        var values = new Dictionary<string, TorchTensor> { [graph.Inputs[0].Name] = images };
        foreach (var layer in graph.Layers)
        {
            values[layer.Name] = FloatOperators.Table[layer.Operator.GetType()](
                layer.Operator, [.. layer.Inputs.Select(name => values[name])], [.. layer.Constants.Select(name => constants[name])], training);
        }
        return values[graph.Outputs[0]];
    }

    private static void MaskUnconnected(LayerGraph graph, Dictionary<string, TorchTensor> constants)
    {
        foreach (var layer in graph.Layers)
        {
            if (layer.Operator is not Graph.Convolution { ConnectionTable.IsDefaultOrEmpty: false } convolution)
                continue;
            using var inference = torch.no_grad();
            var weight = constants[layer.Constants[0]];
            var mask = torch.zeros_like(weight);
            for (int output = 0; output < convolution.ConnectionTable.Length; output++)
            {
                foreach (int input in convolution.ConnectionTable[output])
                    mask[output, input].fill_(1);
            }
            weight.mul_(mask);
        }
    }

    private static double Accuracy(LayerGraph graph, Dictionary<string, TorchTensor> constants, LabelledImages images)
    {
        const int batch = 500;
        long correct = 0;
        for (int start = 0; start < images.Count; start += batch)
        {
            int count = Math.Min(batch, images.Count - start);
            using var scope = torch.NewDisposeScope();
            using var inference = torch.no_grad();
            var logits = Forward(graph, constants, images.Images.Batch(start, count).ToTorch(), training: false);
            var labels = torch.tensor(images.Labels.Skip(start).Take(count).Select(label => (long)label).ToArray());
            correct += logits.argmax(1).eq(labels).sum().item<long>();
        }
        return correct / (double)images.Count;
    }
}
