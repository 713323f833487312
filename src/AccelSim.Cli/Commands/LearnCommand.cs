using System.CommandLine;
using System.Globalization;
using AccelSim.Models.Data;
using AccelSim.Models.Trained;
using AccelSim.Reference;
using AccelSim.Studies;
using AccelSim.Studies.Learning;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim learn</c></summary>
internal static class LearnCommand
{
    /// <summary>One layer, which cannot, and two, which can.</summary>
    private static readonly string[] ExclusiveOrNetworks = ["2-1", "2-2-1"];

    /// <summary>The project's digits, beside its folder.</summary>
    private const string SharedDigits = "../shared/data/mnist";

    private static readonly Option<string> Backend = new("--backend")
    {
        Description = "What executes the layers: reference, systolic, gpu, or one of the GPU executor's devices (accelsim devices lists them)",
        DefaultValueFactory = _ => "reference",
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };

    private static readonly Option<string?> Json = new("--json") { Description = "Also write the result to this file (- for stdout alone)" };

    public static Command Create() => new("learn", """
        Small networks that learn: exclusive-or, a Hopfield memory and a restricted Boltzmann machine as layer graphs on any backend; rnn, lstm and gru,
        trained through libtorch and then executed by any backend.

        Examples:
          accelsim learn xor
          accelsim learn hopfield --patterns 8 --flip 0.2 --backend systolic
          accelsim learn rbm --hidden 128 --epochs 10 --backend gpu
          accelsim learn lstm --epochs 5 --backend systolic
        """)
    {
        ExclusiveOrCommand(), HopfieldCommand(), BoltzmannCommand(), SequenceCommand("rnn"), SequenceCommand("lstm"), SequenceCommand("gru"),
    };

    private static Command ExclusiveOrCommand()
    {
        var steps = new Option<int>("--steps") { Description = "The most steps", DefaultValueFactory = _ => 1000 };
        var command = new Command("xor", """
            Exclusive-or by back-propagation: a 2-2-1 network learns it, and one layer cannot.

            Example:
              accelsim learn xor --backend gpu
            """) { steps, Backend, Seed, Json };
        Run(command, (result, backend, progress, cancellation) => ExclusiveOrNetworks
            .Select(layers => ExclusiveOr.Run(layers, backend.Backend, result.GetValue(steps), (ulong)result.GetValue(Seed), progress, cancellation)).ToList(), results =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("network", "learned", "steps", "restarts", "loss (ln 2 = 0.693)", "0,0", "0,1", "1,0", "1,1");
            foreach (var row in results)
            {
                table.AddRow([row.Network, row.Learned ? "yes" : "no", Text(row.Steps, "N0"), Text(row.Restarts, "N0"), Text(row.Loss, "f3"), .. row.Outputs.Select(output => Text(output, "f3"))]);
            }
            Terminal.Output.Write(table);
        });
        return command;
    }

    private static Command HopfieldCommand()
    {
        var patterns = new Option<int>("--patterns") { Description = "How many patterns to store", DefaultValueFactory = _ => 8 };
        var units = new Option<int>("--units") { Description = "Units, for random patterns", DefaultValueFactory = _ => 100 };
        var flip = new Option<double>("--flip") { Description = "The share of units that are flipped before recall", DefaultValueFactory = _ => 0.2 };
        var images = new Option<bool>("--images") { Description = "Store photographs of 784 pixels in black and white, one a class, instead of random patterns" };
        var command = new Command("hopfield", """
            Store patterns by Hebb's rule and recall them from damaged copies; the energy never rises.

            Examples:
              accelsim learn hopfield
              accelsim learn hopfield --units 400 --patterns 60
              accelsim learn hopfield --images --patterns 3
            """) { patterns, units, flip, images, Backend, Seed, Json };
        Run(command, (result, backend, progress, cancellation) =>
        {
            int count = result.GetValue(patterns), seed = result.GetValue(Seed);
            var stored = result.GetValue(images)
                ? HopfieldRecall.ImagePatterns(TrainedNetwork.ShippedTestImages(), count)
                : HopfieldRecall.RandomPatterns(count, result.GetValue(units), seed);
            return HopfieldRecall.Run(stored, result.GetValue(flip), backend.Backend, seed, progress, cancellation);
        }, result =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("pattern", "flipped", "wrong after recall", "energy at the start and after each sweep");
            for (int i = 0; i < result.Recalls.Count; i++)
            {
                var recall = result.Recalls[i];
                table.AddRow(Text(i + 1, "N0"), Text(recall.Flipped, "N0"), Text(recall.Wrong, "N0"), string.Join(" → ", recall.Energies.Select(energy => Text(energy, "f2"))));
            }
            Terminal.Output.Write(table);
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"{result.Recalled} of {result.Patterns} patterns recalled without an error by {result.Units} units; the energy {(result.EnergyNeverRises ? "never rose" : "ROSE")}; random patterns can be recalled up to about 0.138 × {result.Units} = {result.Capacity:f1} of them (Amit, Gutfreund, Sompolinsky, Phys. Rev. Lett. 55, 1985)");
        });
        return command;
    }

    private static Command BoltzmannCommand()
    {
        var hidden = new Option<int>("--hidden") { Description = "Hidden units", DefaultValueFactory = _ => 128 };
        var epochs = new Option<int>("--epochs") { Description = "Times over the images", DefaultValueFactory = _ => 10 };
        var command = new Command("rbm", """
            Train a restricted Boltzmann machine by contrastive divergence (CD-1) on the 256 photographs that come with AccelSim.

            Example:
              accelsim learn rbm --hidden 500 --epochs 5 --backend gpu
            """) { hidden, epochs, Backend, Seed, Json };
        Run(command, (result, backend, progress, cancellation) => ContrastiveDivergence.Train(
            TrainedNetwork.ShippedTestImages(), result.GetValue(hidden), result.GetValue(epochs), backend.Backend,
            seed: result.GetValue(Seed), progress: progress, cancellation: cancellation), result =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("epoch", "mean squared reconstruction error");
            for (int epoch = 0; epoch < result.Errors.Count; epoch++)
                table.AddRow(Text(epoch + 1, "N0"), Text(result.Errors[epoch], "f5"));
            Terminal.Output.Write(table);
            Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{result.Visible} visible and {result.Hidden} hidden units, {result.Images} images an epoch");
        });
        return command;
    }

    private static Command SequenceCommand(string family)
    {
        var hidden = new Option<int>("--hidden") { Description = "Units of the state", DefaultValueFactory = _ => 64 };
        var epochs = new Option<int>("--epochs") { Description = "Times over the images", DefaultValueFactory = _ => 5 };
        var rate = new Option<double>("--learning-rate") { Description = "The highest learning rate", DefaultValueFactory = _ => 0.1 };
        var data = new Option<string?>("--data") { Description = $"Folder with the IDX files of MNIST or its like (default: {SharedDigits} where it is, or else Fashion-MNIST)" };
        var command = new Command(family, $"""
            Train a recurrent network that reads images row by row, measure it on images that it has not seen, and run it on a backend.

            Example:
              accelsim learn {family} --hidden 128 --epochs 10 --backend gpu
            """) { hidden, epochs, rate, data, Backend, Seed, Json };
        Run(command, (result, backend, progress, cancellation) =>
        {
            string? folder = result.GetValue(data) ?? (Directory.Exists(SharedDigits) ? SharedDigits : null);
            var options = new TrainingOptions { Epochs = result.GetValue(epochs), LearningRate = result.GetValue(rate), Seed = result.GetValue(Seed), BatchSize = 64 };
            return RowSequences.Train(
                family, result.GetValue(hidden), folder is null ? ImageDataSet.Fashion() : ImageDataSet.Open(folder), options, backend.Backend, progress, cancellation);
        }, result => Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"{result.Network}, {result.Parameters:N0} parameters, on {result.DataSet}: {100 * result.TestAccuracy:f2} % of {result.TestImages:N0} test images after training on {result.TrainingImages:N0} (epoch {result.BestEpoch} of best validation, {100 * result.ValidationAccuracy:f2} %); the backend gives {result.SameClass} of {result.Executed} the reference's class"));
        return command;
    }

    private static void Run<T>(
        Command command, Func<ParseResult, LearningBackend, IProgress<StudyProgress>, CancellationToken, T> learn, Action<T> print) =>
        command.SetAction((parsed, cancellation) => Terminal.RunAsync(async () =>
        {
            Terminal.RequireFolderOf(parsed.GetValue(Json));
            using var backend = LearningBackend.Open(parsed.GetValue(Backend)!);
            var result = await Terminal.WithProgressAsync(progress => Task.Run(() => learn(parsed, backend, progress, cancellation), cancellation));
            if (parsed.GetValue(Json) is { } file)
                Terminal.WriteJson(file, result);
            if (parsed.GetValue(Json) != "-")
                print(result);
            return Terminal.Success;
        }));

    private static string Text<T>(T value, string format)
        where T : IFormattable => value.ToString(format, CultureInfo.InvariantCulture);
}
