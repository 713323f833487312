using System.CommandLine;
using AccelSim.Graph;
using AccelSim.Studies.Onnx;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim onnx-fuzz</c></summary>
internal static class OnnxFuzzCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("folder") { Description = "Folders with .onnx files to damage", Arity = ArgumentArity.OneOrMore };
        var count = new Option<long>("--count") { Description = "How many damaged inputs", DefaultValueFactory = _ => 200_000 };
        var seed = new Option<int>("--seed") { Description = "The same seed and files make the same inputs", DefaultValueFactory = _ => 1 };
        var keep = new Option<string?>("--keep") { Description = "Write inputs that the importer did not stand to this folder" };
        var json = new Option<string?>("--json") { Description = "Also write the report to this file (- for stdout alone)" };
        var command = new Command("onnx-fuzz", """
            Import damaged ONNX files: bits flipped, cut off, spliced, fields rewritten. Each must be imported or refused with one clear error.

            Example:
              accelsim onnx-fuzz ../shared/data/onnx --count 1000000 --seed 7

            Exit codes: 0 the importer stood all, 1 some it did not, 2 wrong request.
            """) { folders, count, seed, keep, json };
        command.SetAction((result, cancellation) => Terminal.RunAsync(async () =>
        {
            if (result.GetValue(count) < 1)
                throw new GraphException("--count must be at least 1.");
            string? file = result.GetValue(json);
            Terminal.RequireFolderOf(file);
            var report = await Terminal.WithProgressAsync(progress => Task.Run(
                () => OnnxFuzzing.Run(result.GetValue(folders)!, result.GetValue(count), result.GetValue(seed), progress, cancellation), cancellation));
            if (result.GetValue(keep) is { } folder)
            {
                Directory.CreateDirectory(folder);
                foreach (var defect in report.Defects)
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"seed{report.Seed}-input{defect.Index}.onnx"), defect.Input, cancellation);
            }
            if (file is not null)
                Terminal.WriteJson(file, report);
            if (file != "-")
            {
                Console.Out.WriteLine(FormattableString.Invariant(
                    $"seed {report.Seed}: {report.Inputs} inputs, {report.Imported} imported, {report.Refused} refused, {report.Defects.Count} defects; slowest {report.SlowestSeconds:f2} s, most memory {report.LargestBytes >> 20} MB"));
                foreach (var defect in report.Defects.Take(50))
                    Console.Out.WriteLine($"input {defect.Index}: {defect.Reason}");
            }
            return report.Defects.Count == 0 ? Terminal.Success : Terminal.Mismatch;
        }));
        return command;
    }
}
