using System.CommandLine;
using System.Globalization;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Models.Trained;
using AccelSim.Reference;
using AccelSim.Studies;
using AccelSim.Studies.Learning;
using AccelSim.Studies.Training;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim train</c></summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = "A network of the zoo" };
        var arguments = new NetworkArguments();
        var epochs = new Option<int>("--epochs") { Description = "The most epochs", DefaultValueFactory = _ => 30 };
        var patience = new Option<int>("--patience") { Description = "Stop after this many epochs without a better validation accuracy", DefaultValueFactory = _ => 8 };
        var rate = new Option<double>("--learning-rate") { Description = "The highest learning rate", DefaultValueFactory = _ => 0.05 };
        var seed = new Option<int>("--seed") { Description = "Seed of weights, order and augmentation", DefaultValueFactory = _ => 1 };
        var engine = new Option<string>("--engine")
        {
            Description = "torch: libtorch's autograd; otherwise the training step as a layer graph on a backend: reference, systolic, or gpu or one of its devices (accelsim devices lists them)",
            DefaultValueFactory = _ => "torch",
        };
        var output = new Option<string?>("--out") { Description = "Folder for the trained network (default: trained/NAME)" };
        var export = new Option<string?>("--export-images") { Description = "Also write 256 test and 128 calibration images with labels to this folder" };
        var command = new Command("train", """
            Train a network by back-propagation on Fashion-MNIST and measure it on the test set.

            Examples:
              accelsim train lenet5
              accelsim train mobilenet_v1 --width 0.25 --resolution 32 --epochs 40
              accelsim train lenet5 --engine gpu --epochs 2
              accelsim train lstm --epochs 3
            """) { network, epochs, patience, rate, seed, engine, output, export };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            var family = NetworkZoo.Find(result.GetValue(network)!);
            var options = new TrainingOptions
            {
                Epochs = result.GetValue(epochs),
                Patience = result.GetValue(patience),
                LearningRate = result.GetValue(rate),
                Seed = result.GetValue(seed),
            };
            string line = Command(result, output, export);
            using var backend = result.GetValue(engine) == "torch" ? null : LearningBackend.Open(result.GetValue(engine)!);
            var trained = await Terminal.WithProgressAsync(progress => Task.Run(
                () => FashionTraining.Run(family, arguments.Read(result), options, backend?.Backend, line, new TrainingReport(progress), cancellation), cancellation));
            string folder = result.GetValue(output) ?? Path.Combine("trained", trained.Graph.Name);
            trained.Save(folder);
            if (result.GetValue(export) is { } images)
            {
                TrainedNetwork.SaveSet(FashionMnist.Test().Take(0, 256), images, "test");
                TrainedNetwork.SaveSet(FashionMnist.Training().Take(0, 128), images, "calibration");
            }
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"{trained.Graph.Name}: {100 * trained.Record.TestAccuracy:f2} % on {trained.Record.TestImages} test images; epoch {trained.Record.BestEpoch} of {trained.Record.EpochsRun} was best; written to {folder}");
            return Terminal.Success;
        }));
        return command;
    }

    /// <summary>The command line without what says where its results go.</summary>
    private static string Command(ParseResult result, params Option[] places)
    {
        var words = new List<string> { "accelsim" };
        var skipped = places.Where(place => result.GetResult(place) is { Implicit: false }).SelectMany(place => result.GetResult(place)!.Tokens.Select(token => token.Value).Append(place.Name)).ToHashSet();
        words.AddRange(result.Tokens.Select(token => token.Value).Where(word => !skipped.Contains(word)));
        return string.Join(' ', words);
    }

    /// <summary>Training progress on one bar: its length is all steps of all epochs.</summary>
    private sealed class TrainingReport(IProgress<StudyProgress> progress) : IProgress<TrainingProgress>
    {
        private double? _accuracy;

        public void Report(TrainingProgress value)
        {
            _accuracy = value.ValidationAccuracy ?? _accuracy;
            string loss = double.IsNaN(value.Loss) ? "" : $", loss {value.Loss:f3}";
            progress.Report(new StudyProgress("training", (value.Epoch - 1.0) * value.Steps + value.Step, (double)value.Epochs * value.Steps,
                $"epoch {value.Epoch}{loss}{(_accuracy is { } accuracy ? $", validation {100 * accuracy:f2} %" : "")}"));
        }
    }
}
