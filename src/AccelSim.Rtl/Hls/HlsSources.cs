using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Hls;

/// <summary>The HLS C++ of a network: static cells, what is written for the network, and the testbench.</summary>
public static class HlsSources
{
    public const string Top = "net_top";

    /// <summary>The most bits of an arbitrary-precision integer, which a beat of AXI4-Stream is (UG1399, AP_INT_MAX_W).</summary>
    internal const int WidestBeat = 4096;

    /// <summary>The most bits without a definition of AP_INT_MAX_W.</summary>
    internal const int DefaultWidestBeat = 1024;

    /// <summary>Why a layer of a graph is not written in C++, or null when it is: every stage is, so that it is why the layer has none.</summary>
    public static string? Refusal(LayerGraph graph, Layer layer) => StageGraph.Refusal(graph, layer);

    /// <summary>The hand-written cells.</summary>
    public static IReadOnlyList<SourceFile> Cells() => HardwareSources.Static("hls/cells/");

    /// <summary>Our own stand-ins for the vendor's headers.</summary>
    public static IReadOnlyList<SourceFile> Compatibility() => HardwareSources.Static("hls/compatibility/");

    /// <summary>The parts of the testbench that are the same for every network.</summary>
    internal static IReadOnlyList<SourceFile> Testbench() => HardwareSources.Static("hls/testbench/");

    /// <summary>A line comment; what a name from a file brings along neither ends nor prolongs it.</summary>
    public static string Comment(string text) => $"// {Plain(text)}";

    /// <summary>A name without line ends, and without the backslash and the trigraph that would join the next line to a comment.</summary>
    internal static string Plain(string name) => name.ReplaceLineEndings(" ").Replace('\\', '/').Replace("??", "? ?", StringComparison.Ordinal);

    /// <exception cref="RtlException">A beat at either end is wider than an arbitrary-precision integer may be.</exception>
    internal static Dictionary<string, object?> Variables(PipelineNetlist netlist, PipelineCycles cycles, HlsTarget target)
    {
        var pipeline = new HlsPipeline(netlist);
        var (image, result) = (netlist.Streams[netlist.Input], netlist.Streams[netlist.Output]);
        int widest = 8 * netlist.Weights.Select(port => netlist.Streams[port.Stream].Lanes).Append(image.Lanes).Append(result.Lanes).Max();
        if (widest > WidestBeat)
            throw new RtlException(FormattableString.Invariant($"A beat of '{netlist.Graph.Graph.Name}' has {widest} bits, but Vitis HLS allows {WidestBeat} for an arbitrary-precision integer: fold the first stage to at most {WidestBeat / 8} channels at once, the last alike, and stream at most so many weights a beat."));
        return new Dictionary<string, object?>
        {
            ["network"] = new { Name = Plain(netlist.Graph.Graph.Name), Outputs = result.FrameBeats * result.Lanes },
            ["image"] = image,
            ["result"] = result,
            ["widest_beat"] = widest > DefaultWidestBeat ? widest : 0,
            ["cells"] = netlist.Parts.OfType<StagePart>().Select(stage => NetworkSources.CellOf(stage.Design))
                .Concat(netlist.Parts.OfType<ForkPart>().Select(_ => "stream_fork"))
                .Concat(netlist.Parts.OfType<PixelOrderPart>().Select(_ => "pixel_order"))
                .Concat(netlist.Parts.OfType<ConverterPart>().Select(_ => "width_converter"))
                .Concat(netlist.Stages.Where(stage => stage.Shape.Table).Select(_ => "activation_table"))
                .Append("frame_marker").Distinct().Order(StringComparer.Ordinal).ToList(),
            ["constants"] = netlist.Parts.OfType<StagePart>().Select(HlsConstants.FileOf).OfType<string>().ToList(),
            ["weights"] = netlist.Weights.Select((port, i) => new
            {
                port.Name,
                Prefix = port.Name.ToUpperInvariant(),
                Layer = Plain(netlist.Stages[port.Stage].Shape.Name),
                Link = netlist.Streams[port.Stream],
                port.PassBeats,
                Passes = netlist.Streams[port.Stream].FrameBeats / port.PassBeats,
                MarksBefore = i == 0 ? Mark : MarksOf(netlist.Weights[i - 1]),
                Marks = MarksOf(port),
            }).ToList(),
            ["marks"] = netlist.Weights.SelectMany(port => new[] { $"{port.Name}_mark", MarksOf(port) }).Prepend(Mark).ToList(),
            ["streams"] = pipeline.Streams,
            ["calls"] = pipeline.Calls,
            ["input"] = pipeline.Input,
            ["output"] = pipeline.Output,
            ["stages"] = netlist.Parts.OfType<StagePart>().Select(stage => Parameters(stage, netlist)).ToList(),
            // A frame is marked until its result has left: as many marks as frames can be on the way.
            ["frames_in_flight"] = cycles.Frame / cycles.Interval + 2,
            ["cycles"] = cycles,
            ["target"] = target,
        };
    }

    /// <summary>The stream of the image's marks: of each frame, whether its TLAST was wrong.</summary>
    private const string Mark = "mark";

    /// <summary>The stream of the marks of the image and of the weights up to a port.</summary>
    private static string MarksOf(WeightPort port) => $"{port.Name}_marks";

    private static object Parameters(StagePart stage, PipelineNetlist netlist)
    {
        var (design, shape) = (stage.Design, stage.Design.Shape);
        var parameters = new List<(string Name, string Value)> { ("Stage", stage.Number.ToString(CultureInfo.InvariantCulture)) };
        parameters.AddRange(NetworkSources.Parameters(stage, netlist).Where(parameter => parameter.IsNumber).Select(parameter => (parameter.Name, parameter.Value)));
        if (shape.MixesChannels && design.Folding.Streaming is null)
            Add("Packed", design.Folding.Packed ? 1 : 0);
        // What a cell of the Verilog need not know: where a frame ends.
        if (shape.Kind is StageKind.Pointwise or StageKind.Concat)
            Add("Pixels", shape.OutPixels);
        if (shape.Kind == StageKind.Add)
            Add("Beats", design.OutBeats);
        // One tap at once where the Verilog's cell has no choice.
        if (shape.Kind is StageKind.MaxPool or StageKind.AveragePool)
            Add("Taps", 1);
        foreach (var (name, value) in HlsConstants.ScalarsOf(netlist.Graph.Graph, netlist.Graph.Stages[stage.Number]))
            Add(name, value);
        return new
        {
            stage.Name,
            Layer = Plain(shape.Name),
            Cell = NetworkSources.CellOf(design),
            Interval = StageTurns.Interval(stage, netlist),
            Units = StageTurns.Of(stage, netlist),
            Parameters = parameters.Select(parameter => new { parameter.Name, parameter.Value }).ToList(),
        };

        void Add(string name, long value) => parameters.Add((name, value.ToString(CultureInfo.InvariantCulture)));
    }
}

/// <summary>What Vitis HLS is asked for.</summary>
/// <param name="Part">Device, package and speed grade.</param>
/// <param name="ClockHertz">The clock to reach.</param>
public sealed record HlsTarget(string Part, double ClockHertz)
{
    /// <summary>Nanoseconds of a cycle.</summary>
    public double Period => 1e9 / ClockHertz;
}
