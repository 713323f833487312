using System.CommandLine;
using System.Globalization;
using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Reference;
using AccelSim.Studies.Onnx;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim onnx-test</c></summary>
internal static class OnnxTestCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("folder")
        {
            Description = "A case (model.onnx with test_data_set_*/input_*.pb and output_*.pb), or a folder of cases at any depth",
            Arity = ArgumentArity.OneOrMore,
        };
        var relative = new Option<double>("--rtol") { Description = "Relative tolerance", DefaultValueFactory = _ => 1e-3 };
        var absolute = new Option<double>("--atol") { Description = "Absolute tolerance", DefaultValueFactory = _ => 1e-4 };
        var backend = new Option<string>("--backend") { Description = "What executes: reference or gpu", DefaultValueFactory = _ => "reference" };
        backend.AcceptOnlyFromAmong("reference", "gpu");
        var device = new Option<string>("--device") { Description = "The GPU executor's device (accelsim devices lists them)", DefaultValueFactory = _ => "auto" };
        var json = new Option<string?>("--json") { Description = "Also write the report to this file (- for stdout alone)" };
        var command = new Command("onnx-test", """
            Import ONNX models, run them, and compare with expected outputs, in the layout of the ONNX backend tests. A line a case: passed, failed with the
            largest difference, or refused with the reason. Models in int8 may differ by the steps that float simulations of them differ by.

            Examples:
              accelsim onnx-test ../shared/data/onnx
              accelsim onnx-test cases/test_conv_1x1 --backend gpu --rtol 1e-5 --atol 1e-6

            Exit codes: 0 all passed, 1 some failed or were refused, 2 wrong request.
            """) { folders, relative, absolute, backend, device, json };
        command.SetAction((result, cancellation) => Terminal.RunAsync(() => Task.Run(() =>
        {
            if (!(result.GetValue(relative) >= 0) || !(result.GetValue(absolute) >= 0))
                throw new GraphException("--rtol and --atol must not be negative.");
            var cases = OnnxCase.Find(result.GetValue(folders)!);
            string? file = result.GetValue(json);
            Terminal.RequireFolderOf(file);
            using var gpu = result.GetValue(backend) == "gpu" ? GpuBackend.Open(result.GetValue(device)!) : null;
            var tester = new OnnxTester((IBackend?)gpu ?? new ReferenceBackend(), result.GetValue(relative), result.GetValue(absolute));
            int width = cases.Max(test => test.Name.Length);
            var report = tester.Run(cases, file == "-" ? null : test => Print(test, width), cancellation);
            if (file is not null)
                Terminal.WriteJson(file, report);
            if (file != "-")
                Terminal.Output.MarkupLineInterpolated($"{report.Passed} passed, {report.Failed} failed, {report.Refused} refused on {report.Backend}");
            return report.Passed == cases.Count ? Terminal.Success : Terminal.Mismatch;
        }, cancellation)));
        return command;
    }

    /// <summary>One line, never wrapped where a script reads it.</summary>
    private static void Print(OnnxCaseResult test, int width)
    {
        string difference = double.IsNaN(test.LargestDifference) ? "" : string.Create(CultureInfo.InvariantCulture, $"largest difference {test.LargestDifference:g3}");
        string text = string.Join(": ", ((string[])[difference, test.Detail]).Where(part => part.Length > 0)).ReplaceLineEndings(" ");
        string verdict = test.Outcome.ToString().ToLowerInvariant().PadRight(7), name = test.Name.PadRight(width);
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine($"{verdict} {name}  {text}");
            return;
        }
        string colour = test.Outcome switch
        {
            OnnxOutcome.Passed => "green",
            OnnxOutcome.Failed => "red",
            _ => "yellow",
        };
        Terminal.Output.MarkupLine($"[{colour}]{verdict}[/] {Markup.Escape(name)}  {Markup.Escape(text)}");
    }
}
