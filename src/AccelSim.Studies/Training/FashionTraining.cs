using AccelSim.Graph;
using AccelSim.Graph.Training;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Models.Trained;
using AccelSim.Reference;

namespace AccelSim.Studies.Training;

/// <summary>Trains a network of the zoo on Fashion-MNIST and measures it on the test set.</summary>
public static class FashionTraining
{
    private const int ValidationImages = 5000;

    /// <param name="family">The network.</param>
    /// <param name="network">Its options; classes are the data set's ten.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="backend">Executes the training step as a layer graph; null trains through libtorch's autograd.</param>
    /// <param name="command">The command that asked, for the record.</param>
    /// <param name="progress">Told after every tenth step and every epoch.</param>
    /// <param name="cancellation">Stops between steps; nothing is kept.</param>
    /// <exception cref="GraphException">The network does not take images or does not give the data set's classes.</exception>
    public static TrainedNetwork Run(
        NetworkFamily family, NetworkOptions network, TrainingOptions options, IBackend? backend, string command,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        options.Check();
        int classes = FashionMnist.Classes.Count;
        bool choosesClasses = family.Options.Any(option => option.Name == NetworkOption.Classes);
        var graph = family.Build(network with { Classes = choosesClasses ? classes : network.Classes, Batch = 1 }).WithSeededWeights((ulong)options.Seed);
        if (graph.Outputs.Length != 1 || graph.TypeOf(graph.Outputs[0]).Shape != Shape.Of(1, classes) || graph.Inputs[0].Type.Shape.Rank != 4)
            throw new GraphException($"'{graph.Name}' cannot be trained on photographs of {classes} classes: it takes {graph.Inputs[0].Type.Shape} and gives {string.Join(", ", graph.Outputs.Select(output => graph.TypeOf(output).Shape))}.");
        var (train, test) = (FashionMnist.Training(), FashionMnist.Test());
        int trained = train.Count - ValidationImages;
        var trainer = new Trainer(options, progress)
        {
            Engine = backend is null ? null : (network, step) => new GraphTrainingEngine(network, options.BatchSize, step, backend),
        };
        var result = trainer.Train(graph, Labelled(train.Take(0, trained)), Labelled(train.Take(trained, ValidationImages)), cancellation);
        return new TrainedNetwork(result.Graph, new TrainingRecord
        {
            Network = graph.Name,
            Command = command,
            DataSet = $"Fashion-MNIST (Debian package {FashionMnist.DebianPackage})",
            Licence = "MIT",
            Seed = options.Seed,
            TrainingImages = trained,
            ValidationImages = ValidationImages,
            TestImages = test.Count,
            EpochsRun = result.EpochsRun,
            BestEpoch = result.BestEpoch,
            ValidationAccuracy = result.ValidationAccuracy,
            TestAccuracy = ImageClassification.Accuracy(result.Graph, Labelled(test), cancellation),
            Mean = FashionMnist.Preprocessing.Mean.Single(),
            Deviation = FashionMnist.Preprocessing.Deviation.Single(),
        });

        LabelledImages Labelled(GreyImages images) => ImageClassification.Labelled(graph, images, FashionMnist.Preprocessing);
    }
}
