using System.Text.Json;
using System.Text.Json.Nodes;
using AccelSim.Graph;

namespace AccelSim.Studies.Simulate;

/// <summary>
/// A run as a trace that chrome://tracing and ui.perfetto.dev open: one track of layers with their parts nested inside, and one each for the array, the vector unit,
/// DRAM and stalls. Times are microseconds.
/// </summary>
/// <remarks>
/// Layers run one after another, and how long each part of a layer takes is simulated; where in the layer it lies is drawn: the work first, then the stalls by cause, and DRAM's transfers
/// from the beginning on.
/// </remarks>
public static class ChromeTrace
{
    private const int Process = 1;
    private const int Digits = 6;

    private static readonly string[] Tracks = ["layers", "array", "vector unit", "DRAM", "stalls"];

    /// <summary>The trace as JSON.</summary>
    public static string Text(SimulationReport report, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(machine);
        var events = new JsonArray { Named("process_name", 0, $"{report.Network}, batch {report.Batch}, on {report.Platform} ({report.Engine}), {ProvenanceOf(report)}") };
        for (int track = 0; track < Tracks.Length; track++)
            events.Add(Named("thread_name", track + 1, Tracks[track]));
        long at = 0;
        foreach (LayerReport layer in report.Layers.Where(layer => layer.Cycles > 0))
        {
            Add("layers", layer.Name, at, layer.Cycles, ArgumentsOf(layer));
            long cycle = at;
            string engine = layer.Macs > 0 ? "array" : "vector unit";
            if (layer.Compute + layer.FillDrain > 0)
                Add(engine, layer.Name, at, layer.Compute + layer.FillDrain, null);
            foreach ((string part, long cycles) in Parts(layer))
            {
                Add("layers", part, cycle, cycles, null);
                cycle += cycles;
            }
            cycle = at + layer.Compute + layer.FillDrain;
            foreach (var (cause, cycles) in layer.Stalls.OrderBy(stall => stall.Key))
            {
                Add("stalls", TimeShares.NameOf(cause), cycle, cycles, new JsonObject { ["layer"] = layer.Name });
                cycle += cycles;
            }
            // What DRAM moves takes this long at its rate, and never longer than the layer.
            long bytes = layer.Traffic.Where(traffic => traffic.Level == "DRAM").Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes);
            long busy = Math.Min(layer.Cycles, (long)Math.Ceiling(bytes / machine.DramBytesPerSecond * report.ClockHz));
            if (busy > 0)
                Add("DRAM", layer.Name, at, busy, new JsonObject { ["bytes"] = bytes });
            at += layer.Cycles;
        }
        return new JsonObject { ["displayTimeUnit"] = "ns", ["traceEvents"] = events }.ToJsonString(new JsonSerializerOptions { WriteIndented = false });

        void Add(string track, string name, long start, long cycles, JsonObject? arguments)
        {
            // Both ends are rounded, so that what nests in cycles nests in time.
            decimal from = Microseconds(start), to = Microseconds(start + cycles);
            var item = new JsonObject
            {
                ["name"] = name,
                ["cat"] = track,
                ["ph"] = "X",
                ["pid"] = Process,
                ["tid"] = Array.IndexOf(Tracks, track) + 1,
                ["ts"] = from,
                ["dur"] = to - from,
            };
            if (arguments is not null)
                item["args"] = arguments;
            events.Add(item);
        }

        decimal Microseconds(long cycle) => Math.Round((decimal)(cycle / report.ClockHz * 1e6), Digits);
    }

    private static IEnumerable<(string Part, long Cycles)> Parts(LayerReport layer)
    {
        if (layer.Compute > 0)
            yield return ("compute", layer.Compute);
        if (layer.FillDrain > 0)
            yield return ("fill and drain", layer.FillDrain);
        foreach (var (cause, cycles) in layer.Stalls.OrderBy(stall => stall.Key))
            yield return ($"waits: {TimeShares.NameOf(cause)}", cycles);
    }

    private static JsonObject ArgumentsOf(LayerReport layer)
    {
        var arguments = new JsonObject
        {
            ["number"] = layer.Number,
            ["operator"] = layer.Operator,
            ["output"] = layer.Output,
            ["MACs"] = layer.Macs,
            ["cycles"] = layer.Cycles,
            ["utilization"] = Math.Round(layer.Utilization, 4),
            ["limited by"] = layer.Limit,
            ["mapping"] = layer.Mapping,
        };
        if (layer.Joules is { } joules)
            arguments["µJ"] = Math.Round(1e6 * joules, 3);
        foreach (Traffic traffic in layer.Traffic)
            arguments[$"{traffic.Level} bytes"] = traffic.ReadBytes + traffic.WrittenBytes;
        return arguments;
    }

    private static JsonObject Named(string what, int track, string name)
    {
        var item = new JsonObject { ["name"] = what, ["ph"] = "M", ["pid"] = Process, ["args"] = new JsonObject { ["name"] = name } };
        if (track > 0)
            item["tid"] = track;
        return item;
    }

    private static string ProvenanceOf(SimulationReport report) => report.Provenance switch
    {
        Provenance.Measured => "measured",
        Provenance.CycleAccurate => "cycle-accurate",
        _ => "modelled",
    };
}
