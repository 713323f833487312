using System.CommandLine;
using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Platforms;
using AccelSim.Studies.Networks;
using AccelSim.Studies.Simulate;
using AccelSim.Systolic;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim simulate</c></summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var network = new Argument<string?>("network") { Description = NetworkArguments.NetworkHelp, Arity = ArgumentArity.ZeroOrOne };
        var hardware = new Option<string?>("--hw") { Description = "The platform: a name (accelsim hw lists them) or a file; of an FPGA the largest array that fits" };
        var batch = new Option<int>("--batch") { Description = "Images at once", DefaultValueFactory = _ => 1 };
        var training = new Option<bool>("--training") { Description = "A training step (forward, loss, backward, update) in float32 instead of inference in int8" };
        var dataflow = new Option<string?>("--dataflow") { Description = "The operand that stays in the array, instead of the platform's: os, ws or is" };
        dataflow.AcceptOnlyFromAmong([.. DataflowWords.Short.Keys]);
        var array = new Option<string?>("--array") { Description = "Rows and columns of the array, instead of the platform's, such as 32x64" };
        var arrays = new Option<int?>("--arrays") { Description = "Arrays that share memories and vector unit, instead of the platform's" };
        var sparsity = new Option<string?>("--sparsity") { Description = "Structured sparsity of the weights, instead of the platform's: 2:4 keeps 2 of every 4" };
        var energy = new Option<bool>("--energy") { Description = "Also print the energy of each layer by component" };
        var layer = new Option<string?>("--layer") { Description = "One layer in depth, by its number or name: traffic by memory, and every way to map it" };
        var json = new Option<string?>("--json") { Description = "Also write the report to this file (- for stdout alone)" };
        var csv = new Option<string?>("--csv") { Description = "Also write the layers to this file as CSV (- for stdout alone)" };
        var trace = new Option<string?>("--trace") { Description = "Also write a trace to this file, for ui.perfetto.dev or chrome://tracing" };
        var scale = new ScaleSimOptions();
        var arguments = new NetworkArguments();
        var command = new Command("simulate", """
            Simulate a network on an accelerator layer by layer: cycles by cause, utilization, traffic by memory, what limits each
            layer and how it is mapped, and the three changes that would help most, each simulated.
            With --scale-topology, count the layers of a SCALE-Sim topology as that tool does and write its three reports.

            Examples:
              accelsim simulate mobilenet_v2 --hw edge_tpu
              accelsim simulate resnet50 --hw tpu_v1 --batch 8 --trace resnet50.json
              accelsim simulate resnet18 --hw generic_32x32 --array 16x64 --dataflow os --csv layers.csv
              accelsim simulate mobilenet_v1 --hw zcu102 --array 32x32 --layer 4
              accelsim simulate resnet50 --hw generic_64x64 --arrays 4 --sparsity 2:4 --energy
              accelsim simulate lenet5 --hw gemmini_16x16 --training --batch 32
              accelsim simulate --scale-topology resnet18.csv --scale-config scale.cfg --out reports
            """) { network, hardware, batch, dataflow, array, arrays, sparsity, training, energy, layer, json, csv, trace };
        arguments.AddTo(command);
        scale.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            if (scale.AreGiven(result))
                return result.GetValue(network) is { } both
                    ? throw new GraphException($"--scale-topology names the layers, so leave the network '{both}' out, or --scale-topology.")
                    : await scale.RunAsync(result, cancellation);
            string name = result.GetValue(network) ?? throw new GraphException("There is no network to simulate: name one (accelsim models lists them), or give --scale-topology.");
            string platform = result.GetValue(hardware) ?? throw new UnknownPlatformException("--hw is missing: name a platform (accelsim hw lists them), such as --hw tpu_v1.");
            (string? jsonFile, string? csvFile, string? traceFile) = (result.GetValue(json), result.GetValue(csv), result.GetValue(trace));
            if (((string?[])[jsonFile, csvFile, traceFile]).Count(file => file == "-") > 1)
                throw new GraphException("Only one of --json, --csv and --trace can write to stdout: give the others a file.");
            foreach (string? file in (string?[])[jsonFile, csvFile, traceFile])
                Terminal.RequireFolderOf(file);

            var (machine, note) = SimulatedPlatform.Of(
                PlatformCatalog.Open().Find(platform),
                new ArrayChanges(result.GetValue(dataflow) is { } flow ? DataflowWords.Short[flow] : null, result.GetValue(array), result.GetValue(arrays), result.GetValue(sparsity)));
            var graph = PreparedNetwork.Structure(name, arguments.Read(result, result.GetValue(batch)), arguments.Dimensions(result));
            var (simulation, report) = await Terminal.WithProgressAsync(progress => Task.Run(() =>
            {
                var prepared = result.GetValue(training) ? Simulation.OfTraining(graph) : Simulation.OfInference(graph);
                return (prepared, prepared.Run(machine, note, progress, cancellation));
            }, cancellation));
            var study = result.GetValue(layer) is { } one ? LayerStudy.Of(simulation, report, machine, one, cancellation) : null;

            if (jsonFile is not null)
                Terminal.WriteJson(jsonFile, study is null ? report : (object)study);
            if (csvFile is not null)
                Terminal.WriteText(csvFile, SimulationCsv.Text(report));
            if (traceFile is not null)
                Terminal.WriteText(traceFile, ChromeTrace.Text(report, machine));
            if (jsonFile == "-" || csvFile == "-" || traceFile == "-")
                return Terminal.Success;
            if (study is null)
                SimulationTable.Print(Terminal.Output, report);
            else
                LayerTable.Print(Terminal.Output, report, study);
            if (result.GetValue(energy) && report.Totals.Energy.Count > 0)
                EnergyTable.Print(Terminal.Output, report);
            return Terminal.Success;
        }));
        return command;
    }
}
