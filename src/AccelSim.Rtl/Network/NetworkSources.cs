using System.Globalization;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Network;

/// <summary>The Verilog of a network: its top, which instantiates the static cells, and its testbench.</summary>
public static class NetworkSources
{
    public const string Top = "net_top";

    public const string Testbench = "net_tb";

    /// <summary>net_top.sv. The name goes into a comment alone: give the same one to networks that shall share a build.</summary>
    public static SourceFile TopOf(PipelineNetlist netlist, string name) => HardwareSources.Render($"{Top}.sv", Variables(netlist, name));

    /// <summary>net_tb.sv.</summary>
    public static SourceFile TestbenchOf(PipelineNetlist netlist, string name) => HardwareSources.Render($"{Testbench}.sv", Variables(netlist, name));

    internal static Dictionary<string, object?> Variables(PipelineNetlist netlist, string name)
    {
        var end = netlist.Streams[netlist.Output];
        var outer = new[] { netlist.Streams[netlist.Input], end };
        return new Dictionary<string, object?>
        {
            // A name from a file must not end the comment that it goes into.
            ["network"] = new { Name = name.ReplaceLineEndings(" "), Outputs = end.FrameBeats * end.Lanes },
            ["image"] = netlist.Streams[netlist.Input],
            ["result"] = end,
            ["links"] = netlist.Streams,
            ["outer"] = outer,
            ["inner"] = netlist.Streams.Except(outer).ToList(),
            ["weights"] = netlist.Weights.Select(port => new
            {
                port.Name,
                Layer = netlist.Stages[port.Stage].Shape.Name,
                Link = netlist.Streams[port.Stream],
                port.PassBeats,
                Passes = netlist.Streams[port.Stream].FrameBeats / port.PassBeats,
            }).ToList(),
            ["control"] = netlist.HasControlPort ? Control(netlist) : null,
            ["weight_gap"] = netlist.WeightGap,
            ["parts"] = netlist.Parts.Select(part => Instance(part, netlist)).ToList(),
            ["drain_cycles"] = 4 * netlist.Stages.Max(stage => stage.QueueDepth + stage.Latency + stage.Steps) + 100,
            // Between two beats at the ends lies at most a frame in every stage, once while the pipeline fills.
            ["timeout_cycles"] = 4 * netlist.WeightGap * netlist.Stages.Sum(stage => stage.IntervalBound) + 10_000,
        };
    }

    private static object Control(PipelineNetlist netlist)
    {
        string hash = LoadMap.Hash(netlist);
        var loaded = netlist.Parts.OfType<StagePart>().Where(part => LoadMap.HasMemory(part.Design.Shape)).ToList();
        return new
        {
            Hash = hash,
            HashLow = hash[8..],
            HashHigh = hash[..8],
            Stages = loaded.Count,
            Loaded = loaded,
            Memories = LoadMap.Of(netlist),
        };
    }

    private static object Instance(PipelinePart part, PipelineNetlist netlist) => new
    {
        part.Name,
        part.Type,
        Input = netlist.Streams[part.Inputs[0]],
        SecondInput = part.Inputs.Length > 1 ? netlist.Streams[part.Inputs[1]] : null,
        Output = netlist.Streams[part.Outputs[0]],
        SecondOutput = part.Outputs.Length > 1 ? netlist.Streams[part.Outputs[1]] : null,
        Depth = (part as QueuePart)?.Depth ?? 0,
        Order = part as PixelOrderPart,
        Loads = part is StagePart loaded && LoadMap.HasMemory(loaded.Design.Shape),
        Streamed = part is StagePart { Design.Folding.Streaming: not null },
        Design = (part as StagePart)?.Design,
        Cell = part is StagePart stage ? CellOf(stage.Design) : null,
        Parameters = part is StagePart { } withParameters ? Parameters(withParameters, netlist) : null,
    };

    internal static string CellOf(StageDesign design) => design.Folding.Streaming is not null ? "streamed_pointwise_stage" : design.Shape.Kind switch
    {
        StageKind.Convolution => "convolution_stage",
        StageKind.Depthwise => "depthwise_stage",
        StageKind.Pointwise => "pointwise_stage",
        StageKind.MaxPool => "max_pool_stage",
        StageKind.AveragePool => "average_pool_stage",
        StageKind.GlobalPool => "global_pool_stage",
        StageKind.Scale => "scale_stage",
        StageKind.Slice => "slice_stage",
        StageKind.Pad => "pad_stage",
        StageKind.Concat => "concat_stage",
        _ => "add_stage",
    };

    /// <summary>The parameters of a stage's cell, as its instance states them.</summary>
    internal static List<CellParameter> Parameters(StagePart part, PipelineNetlist netlist)
    {
        var (design, shape) = (part.Design, part.Design.Shape);
        var parameters = new List<CellParameter>();
        bool moves = shape.Kind is StageKind.Slice or StageKind.Pad;
        if (shape.HasWindow || moves)
        {
            Add("Height", shape.Height);
            Add("Width", shape.Width);
        }
        if (shape.Kind is StageKind.GlobalPool or StageKind.Scale)
            Add("Pixels", shape.InPixels);
        if (shape.Kind == StageKind.Concat)
        {
            Add("AChannels", shape.Channels);
            Add("BChannels", shape.OutChannels - shape.Channels);
        }
        else if (shape.Kind != StageKind.Add)
        {
            Add("Channels", shape.Channels);
        }

        if (shape.MixesChannels)
            Add("OutChannels", shape.OutChannels);
        if (moves)
        {
            AddMoved();
            return parameters;
        }
        if (shape.HasWindow)
        {
            Add("Kernel", shape.Kernel);
            Add("Stride", shape.Stride);
            Add("PadTop", shape.Padding.Top);
            Add("PadLeft", shape.Padding.Left);
            Add("OutHeight", shape.OutHeight);
            Add("OutWidth", shape.OutWidth);
        }
        if (shape.Kind == StageKind.Pointwise)
            Add("StreamLanes", netlist.Streams[part.Inputs[0]].Lanes);
        Add("Lanes", design.Folding.In);
        if (shape.Kind == StageKind.Scale)
            Add("GateLanes", netlist.Streams[part.Inputs[1]].Lanes);
        if (shape.Kind is StageKind.Convolution or StageKind.Depthwise)
            Add("Taps", design.Folding.Taps);
        if (shape.MixesChannels)
            Add("OutLanes", design.Folding.Out);
        if (shape.HasWeights || shape.Kind == StageKind.AveragePool)
            Add("ResultLanes", design.ResultLanes);
        if (shape.Kind == StageKind.Pointwise)
            Add("PixelSlots", design.PixelSlots);
        bool streamed = design.Folding.Streaming is not null;
        if (streamed)
        {
            Add("BlockPixels", design.BlockPixels);
            Add("TileSlots", design.TileSlots);
        }
        if (shape.HasWeights && !streamed)
            Add("WeightWidth", shape.WeightBits);
        if (shape.MixesChannels && !streamed)
            AddText("Packed", design.Folding.Packed ? "1'b1" : "1'b0");
        Add("QueueDepth", design.QueueDepth);
        if (shape.Kind is not (StageKind.Add or StageKind.Scale or StageKind.Concat or StageKind.MaxPool))
            Add("SumWidth", shape.SumBits);
        if (shape.Kind != StageKind.MaxPool)
            Add("MultiplierWidth", shape.MultiplierBits);
        if (shape.HasWeights)
            AddText("Table", shape.Table ? "1'b1" : "1'b0");
        if (shape.Kind != StageKind.MaxPool)
            AddText("ScalarsFile", File(NetworkImages.Scalars));
        if (shape.HasWeights && !streamed)
            AddText("WeightFile", File(NetworkImages.Weights));
        if (shape.Kind is not (StageKind.Add or StageKind.Scale or StageKind.Concat or StageKind.MaxPool))
            AddText("RequantFile", File(NetworkImages.Requant));
        if (shape.Table)
            AddText("TableFile", File(NetworkImages.Table));
        return parameters;

        void AddMoved()
        {
            if (shape.Kind == StageKind.Pad)
            {
                Add("PadTop", shape.Padding.Top);
                Add("PadLeft", shape.Padding.Left);
                Add("PadChannels", shape.PadChannels);
                Add("OutHeight", shape.OutHeight);
                Add("OutWidth", shape.OutWidth);
                Add("OutChannels", shape.OutChannels);
                AddText("ScalarsFile", File(NetworkImages.Scalars));
            }
            else
            {
                AddAxis("Row", "Rows", shape.Rows);
                AddAxis("Column", "Columns", shape.Columns);
                Add("ChannelStart", shape.ChannelStart);
                Add("ChannelCount", shape.OutChannels);
            }
            Add("Lanes", design.Folding.In);
        }

        void AddAxis(string prefix, string count, AxisSelection axis)
        {
            Add($"{prefix}Start", axis.Start);
            Add($"{prefix}Step", axis.Step);
            Add(count, axis.Length);
        }

        void Add(string parameter, long value) => parameters.Add(new CellParameter(parameter, value.ToString(CultureInfo.InvariantCulture)) { IsNumber = true });

        void AddText(string parameter, string value) => parameters.Add(new CellParameter(parameter, value));

        string File(string what) => $"\"{NetworkImages.FileOf(part, what)}\"";
    }
}

/// <summary>A parameter of a cell's instance.</summary>
/// <param name="Name">As the cell declares it.</param>
/// <param name="Value">As Verilog writes it.</param>
internal sealed record CellParameter(string Name, string Value)
{
    /// <summary>Whether it is a plain number, which C++ writes alike; not a file's name or a bit.</summary>
    public bool IsNumber { get; init; }
}
