using AccelSim.Models.Onnx;

namespace AccelSim.Studies.Onnx;

/// <summary>What damaged files did to the importer.</summary>
/// <param name="Seed">With the same files it makes the same inputs.</param>
/// <param name="Inputs">How many were tried.</param>
/// <param name="Imported">How many were still networks.</param>
/// <param name="Refused">How many got their one clear error.</param>
/// <param name="SlowestSeconds">Processor time of the longest import, the garbage collector's included.</param>
/// <param name="LargestBytes">The most memory that one import allocated, garbage included.</param>
/// <param name="Defects">Inputs that crashed the importer or took it beyond its limits, with the reason.</param>
public sealed record OnnxFuzzReport(
    int Seed, long Inputs, long Imported, long Refused, double SlowestSeconds, long LargestBytes, IReadOnlyList<OnnxFuzzDefect> Defects);

/// <summary>One input that the importer did not stand.</summary>
/// <param name="Index">Its number in the run.</param>
/// <param name="Reason">The exception, or the limit.</param>
/// <param name="Input">The bytes.</param>
public sealed record OnnxFuzzDefect(long Index, string Reason, [property: System.Text.Json.Serialization.JsonIgnore] byte[] Input);

/// <summary>Imports damaged files: each must be imported or refused by an <see cref="OnnxException"/>, quickly and without much memory.</summary>
public static class OnnxFuzzing
{
    /// <summary>Of processor time: a machine that stalls is no defect of the importer.</summary>
    private const double LongestSeconds = 20;

    /// <summary>Above what the expansion of ConstantOfShape may take.</summary>
    private const long MostBytes = 3L << 30;

    /// <param name="folders">Folders with the .onnx files to damage.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="seed">Of the mutator.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="OnnxException">No folder holds a model.</exception>
    public static OnnxFuzzReport Run(IEnumerable<string> folders, long count, int seed, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        byte[][] files = [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        if (files.Length == 0)
            throw new OnnxException("there is no .onnx file in the folders to damage.");
        var mutator = new OnnxMutator(files, seed);
        var defects = new List<OnnxFuzzDefect>();
        long imported = 0, refused = 0, largest = 0;
        double slowest = 0;
        for (long i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] input = mutator.Next();
            long before = GC.GetAllocatedBytesForCurrentThread(), started = Environment.CpuUsage.TotalTime.Ticks;
            try
            {
                OnnxImporter.Import(OnnxModel.Parse(input, $"input {i}"), null, cancellation);
                imported++;
            }
            catch (OnnxException)
            {
                refused++;
            }
#pragma warning disable CA1031 // Whatever escapes the importer is what is looked for.
            catch (Exception error) when (error is not OperationCanceledException)
            {
                defects.Add(new OnnxFuzzDefect(i, $"{error.GetType().Name}: {error.Message}{error.StackTrace?.Split('\n').FirstOrDefault()}", input));
            }
#pragma warning restore CA1031
            double seconds = TimeSpan.FromTicks(Environment.CpuUsage.TotalTime.Ticks - started).TotalSeconds;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (seconds > LongestSeconds || bytes > MostBytes)
                defects.Add(new OnnxFuzzDefect(i, FormattableString.Invariant($"took {seconds:f1} s and {bytes >> 20} MB"), input));
            (slowest, largest) = (Math.Max(slowest, seconds), Math.Max(largest, bytes));
            if (i % 1000 == 999)
                progress?.Report(new StudyProgress("onnx-fuzz", i + 1, count, $"{defects.Count} defects"));
        }
        return new OnnxFuzzReport(seed, count, imported, refused, slowest, largest, defects);
    }
}
