using System.CommandLine;
using System.Globalization;
using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Studies.Networks;
using AccelSim.Studies.Run;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim run</c></summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = NetworkArguments.NetworkHelp };
        var arguments = new NetworkArguments();
        var device = new Option<string>("--device") { Description = "Where it runs (accelsim devices lists them)", DefaultValueFactory = _ => "auto" };
        var batch = new Option<int>("--batch") { Description = "Images at once", DefaultValueFactory = _ => 1 };
        var iterations = new Option<int>("--iterations") { Description = "Runs that are timed", DefaultValueFactory = _ => 20 };
        var quantized = new Option<bool>("--int8") { Description = "The network after post-training quantization instead of float32" };
        var profile = new Option<bool>("--profile") { Description = "Time each layer by the device's own clock" };
        var tune = new Option<bool>("--tune")
        {
            Description = "First measure which kernels are the fastest on this device for the network's layers; later runs use them, also without this (one file for each device and driver)",
        };
        var compare = new Option<string[]>("--compare")
        {
            Description = $"Run the same network on {Rivals.Torch} (TorchSharp), {Rivals.OnnxRuntime} (ONNX Runtime) or both, in turn with ours",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var json = new Option<string?>("--json") { Description = "Also write the report to this file (- for stdout alone)" };
        var command = new Command("run", """
            Run a network on a GPU, or on the CPU through OpenCL, and measure it: latency, throughput, time of each layer, and how near that is to what
            the device reaches in a matrix product and in a copy.

            Examples:
              accelsim run mobilenet_v2
              accelsim run resnet50 --device opencl:0 --batch 8 --profile
              accelsim run mobilenet_v2 --tune
              accelsim run mobilenet_v2 --compare torch,ort --iterations 50 --json run.json
            """) { network, device, batch, iterations, quantized, tune, profile, compare, json };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            var request = new RunRequest
            {
                Network = new NetworkRequest
                {
                    NetworkOrFile = result.GetValue(network)!,
                    Options = arguments.Read(result),
                    Dimensions = arguments.Dimensions(result),
                },
                Device = result.GetValue(device)!,
                Batch = result.GetValue(batch),
                Iterations = result.GetValue(iterations),
                Quantized = result.GetValue(quantized),
                Tune = result.GetValue(tune),
                Profile = result.GetValue(profile),
                Compare = [.. result.GetValue(compare)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            };
            Terminal.RequireFolderOf(result.GetValue(json));
            var report = await Terminal.WithProgressAsync(progress => Task.Run(() => NetworkRun.Run(request, progress, cancellation), cancellation));
            if (result.GetValue(json) is { } file)
                Terminal.WriteJson(file, report);
            if (result.GetValue(json) != "-")
                Print(report);
            return Terminal.Success;
        }));
        return command;
    }

    private static void Print(RunReport report)
    {
        Terminal.Output.MarkupLineInterpolated(CultureInfo.InvariantCulture,
            $"[bold]{report.Network}[/] {(report.Element == ElementType.Int8 ? "int8" : "float32")}, batch {report.Batch}, on {report.Device}, {report.Kernels} kernels; weights {report.Weights}. All figures are measured.");
        var table = new Table().Border(TableBorder.Simple).AddColumns("figure", "value", "");
        table.Columns[1].RightAligned();
        Row("latency, median", Milliseconds(report.Latency.Median), $"{report.Iterations} runs, inputs on the device");
        Row("latency, p10 to p90", $"{Milliseconds(report.Latency.P10)} to {Milliseconds(report.Latency.P90)}", $"least {Milliseconds(report.Latency.Least)}");
        Row("throughput", Number(report.ImagesPerSecond) + " images/s", "");
        Row("arithmetic", Giga(report.OperationsPerSecond) + (report.Element == ElementType.Int8 ? " GOP/s" : " GFLOP/s"), $"{report.Macs:N0} MACs; a matrix product reaches {Giga(report.Ceilings.FloatingPointPerSecond)} GFLOP/s here");
        Row("memory ceiling", Giga(report.Ceilings.BytesPerSecond) + " GB/s", "a copy of 64 MiB, read and written");
        Row("first run", string.Create(CultureInfo.InvariantCulture, $"{report.FirstRunSeconds:f2} s"), "kernels compiled and weights uploaded; compiled kernels stay in a cache");
        Row("arena", Mebibytes(report.Memory.ArenaBytes), $"the largest sum of what is alive at one time is {Mebibytes(report.Memory.LowerBoundBytes)}");
        Row("kernels", report.KernelsMeasured == 0 ? "by default" : "measured", report.KernelsMeasured == 0 ? "--tune measures which are the fastest here" : Tuning(report));
        Row("weights", Mebibytes(report.Memory.ConstantBytes), "uploaded once");
        Terminal.Output.Write(table);
        if (report.Rivals.Count > 0)
            PrintRivals(report);
        if (report.Layers.Count > 0)
            PrintLayers(report);

        void Row(string figure, string value, string note) => table.AddRow(figure, Markup.Escape(value), Markup.Escape(note));
    }

    private static void PrintRivals(RunReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Title("the same network, in turn")
            .AddColumns("who", "median", "least", "processor time", "ours ÷ theirs", "of the least", "outputs differ by");
        foreach (var rival in report.Rivals)
        {
            table.AddRow(
                rival.Name, Milliseconds(rival.Latency.Median), Milliseconds(rival.Latency.Least), Milliseconds(rival.ProcessorSeconds), Ratio(rival.OursOverTheirs),
                Ratio(rival.OursOverTheirsLeast), rival.Difference.ToString("e1", CultureInfo.InvariantCulture));
        }
        foreach (int column in Enumerable.Range(1, 6))
            table.Columns[column].RightAligned();
        Terminal.Output.Write(table);
        foreach (var rival in report.Rivals)
            Terminal.Output.MarkupLineInterpolated($"[dim]{rival.Name}: {rival.Note}[/]");
    }

    private static void PrintLayers(RunReport report)
    {
        double total = report.Layers.Sum(layer => layer.Seconds);
        var table = new Table().Border(TableBorder.Simple).Title("layers, by the device's clock")
            .AddColumns("layer", "operator", "output", "time", "share", "GOP/s", "of ceiling", "GB/s", "of ceiling");
        foreach (int column in Enumerable.Range(3, 6))
            table.Columns[column].RightAligned();
        foreach (var layer in report.Layers.Where(layer => layer.Seconds > 0))
        {
            table.AddRow(
                Markup.Escape(layer.Layer), Markup.Escape(layer.Operator), Markup.Escape(layer.Output), Milliseconds(layer.Seconds), Percent(layer.Seconds / total),
                layer.Macs == 0 ? "" : Giga(layer.OperationsPerSecond), layer.Macs == 0 ? "" : Percent(layer.OperationsPerSecond / report.Ceilings.FloatingPointPerSecond),
                Giga(layer.BytesPerSecond), Percent(layer.BytesPerSecond / report.Ceilings.BytesPerSecond));
        }
        Terminal.Output.Write(table);
        Terminal.Output.MarkupLineInterpolated($"[dim]A layer whose operands lie in a cache may pass the memory ceiling.[/]");
    }

    private static string Tuning(RunReport report)
    {
        string known = string.Create(CultureInfo.InvariantCulture, $"{report.KernelsMeasured} shapes in {TuningTable.FileOf(report.Device)}");
        return report.Tuned is { Count: > 0 } tuned
            ? string.Create(CultureInfo.InvariantCulture, $"{tuned.Count} shapes now, {tuned.Values.Sum(kernel => kernel.DefaultSeconds) / tuned.Values.Sum(kernel => kernel.Seconds):f2} times as fast as by default; {known}")
            : known;
    }

    private static string Milliseconds(double seconds) => Number(1e3 * seconds) + " ms";

    private static string Giga(double value) => Number(1e-9 * value);

    private static string Number(double value) => value.ToString(value < 100 ? "g3" : "f0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("f2", CultureInfo.InvariantCulture);

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value:f1} %");

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:f2} MiB");
}
