using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Rtl.Network;

/// <summary>What the co-simulation of a pipeline found.</summary>
/// <param name="Passed">Every byte arrived, in time, and was equal, TLAST was where it must be, and nothing more came.</param>
/// <param name="Verdict">PASS, or FAIL with the reason.</param>
/// <param name="Elements">Bytes that arrived and were compared.</param>
/// <param name="Mismatches">How many of them differed.</param>
/// <param name="Measured">What the simulation counted, stream by stream, as far as it came.</param>
/// <param name="Predicted">What the cycle model says; null where source or sink stalled.</param>
public sealed record NetworkCoSimulationReport(
    bool Passed, string Verdict, long Elements, long Mismatches, PipelineCycles Measured, PipelineCycles? Predicted)
{
    /// <summary>Wall time until the simulation was there; short where it came from the cache.</summary>
    public TimeSpan BuildTime { get; init; }

    /// <summary>Wall time of the run.</summary>
    public TimeSpan RunTime { get; init; }

    /// <summary>The streams whose first beat, frame ends or stalls are not what the model says.</summary>
    public IEnumerable<(StreamCycles Measured, StreamCycles Predicted)> Differences => Predicted is null
        ? []
        : Measured.Streams.Zip(Predicted.Streams).Where(pair => !pair.First.Equals(pair.Second));
}

/// <summary>Runs the generated pipeline of a network on given images and compares every byte and every count of cycles.</summary>
public sealed class NetworkCoSimulator(ISimulator simulator)
{
    /// <param name="netlist">The pipeline.</param>
    /// <param name="vectors">Images and golden results.</param>
    /// <param name="stalls">None by default.</param>
    /// <exception cref="RtlException">The vectors have another shape.</exception>
    /// <exception cref="MissingToolException">The simulator is not installed.</exception>
    /// <exception cref="ToolFailedException">The simulation does not build, or stopped without a verdict.</exception>
    public async Task<NetworkCoSimulationReport> RunAsync(
        PipelineNetlist netlist, NetworkVectors vectors, StallPattern? stalls = null, CancellationToken cancellation = default)
    {
        vectors.Check(netlist.Graph);
        var clock = Stopwatch.StartNew();
        // The network's name stays out of the sources, so that equal shapes share a build.
        var simulation = await simulator.BuildAsync(
            [.. HardwareSources.Cells(), NetworkSources.TopOf(netlist, "network"), NetworkSources.TestbenchOf(netlist, "network")], cancellation).ConfigureAwait(false);
        var built = clock.Elapsed;
        var work = Directory.CreateTempSubdirectory("accelsim-rtl-");
        try
        {
            NetworkImages.Write(work.FullName, netlist);
            BeatFiles.Write(work.FullName, netlist, vectors);
            stalls ??= StallPattern.None;
            var started = clock.Elapsed;
            var result = await simulator.RunAsync(simulation, work.FullName, stalls.PlusArguments(vectors.Frames), cancellation).ConfigureAwait(false);
            var ended = clock.Elapsed;
            var (verdict, lines) = Parse(result);
            var output = lines.Last(line => line.ContainsKey("layer"));
            return new NetworkCoSimulationReport(
                verdict == "PASS",
                verdict,
                Number(output["elements"]),
                Number(output["mismatches"]),
                Measured(netlist, lines),
                stalls is { Source: 0, Sink: 0 } ? PipelineCycles.Predict(netlist, vectors.Frames, cancellation) : null)
            {
                BuildTime = built,
                RunTime = ended - started,
            };
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static PipelineCycles Measured(PipelineNetlist netlist, List<Dictionary<string, string>> lines)
    {
        var ends = lines.Where(line => line.ContainsKey("end")).ToLookup(line => line["end"], line => Number(line["cycle"]));
        var counts = lines.Where(line => line.ContainsKey("stream")).ToDictionary(line => line["stream"]);
        return new PipelineCycles([.. netlist.Streams.Select(stream =>
            new StreamCycles(stream.Name, Number(counts[stream.Name]["first"]), [.. ends[stream.Name]], Number(counts[stream.Name]["stalls"])))]);
    }

    private static (string Verdict, List<Dictionary<string, string>> Lines) Parse(ToolResult result)
    {
        string[] lines = result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string verdict = lines.LastOrDefault(line => line == "PASS" || line.StartsWith("FAIL ", StringComparison.Ordinal)) ?? "";
        if (verdict.Length == 0)
        {
            string printed = (result.Output + result.Error).Trim();
            throw new ToolFailedException($"The simulation stopped without a verdict (exit code {result.ExitCode}): {printed}", printed);
        }
        return (verdict, [.. lines.Select(line => line.Split(' ').Where(word => word.Contains('=', StringComparison.Ordinal))
            .Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]))]);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
