using AccelSim.Graph;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Resources;

namespace AccelSim.Tests.Rtl.Resources;

/// <summary>The cells of cells.csv as they were synthesized alone, and what the model says of them.</summary>
internal static class SynthesizedCells
{
    private static readonly StageFolding OneLane = new(1, 1, 1), TwoLanes = new(2, 1, 1), FourLanes = new(4, 1, 1);

    /// <summary>The stages, with the shape and folding from which the parameters of their cells follow.</summary>
    public static IReadOnlyDictionary<string, StageDesign> Stages { get; } = new Dictionary<string, StageDesign>
    {
        ["max_pool_stage"] = new(new StageShape(StageKind.MaxPool, "pool", 24, 24, 16, 16) { Kernel = 2, Stride = 2 }, TwoLanes),
        ["average_pool_stage"] = new(new StageShape(StageKind.AveragePool, "pool", 12, 12, 16, 16) { Kernel = 3 }, OneLane),
        ["global_pool_stage"] = new(new StageShape(StageKind.GlobalPool, "pool", 7, 7, 64, 64), TwoLanes),
        ["add_stage"] = new(new StageShape(StageKind.Add, "add", 14, 14, 32, 32), FourLanes),
        ["slice_stage"] = new(
            new StageShape(StageKind.Slice, "slice", 16, 16, 8, 8) { Rows = new AxisSelection(0, 8, 2), Columns = new AxisSelection(0, 8, 2) }, TwoLanes),
        ["pad_stage"] = new(new StageShape(StageKind.Pad, "pad", 14, 14, 8, 16) { Padding = Padding.All(1), PadChannels = 4 }, TwoLanes),
        ["concat_stage"] = new(new StageShape(StageKind.Concat, "concat", 8, 8, 16, 24), TwoLanes),
        ["streamed_pointwise_stage"] = new(
            new StageShape(StageKind.Pointwise, "pointwise", 14, 14, 64, 32), new StageFolding(4, 1, 4) { Streaming = new WeightStreaming(4, 16) }),
    };

    /// <summary>What CI synthesizes anew: the cell, its parameters, and scalars.hex.</summary>
    public static IReadOnlyDictionary<string, (string Top, string Parameters, string Scalars)> Sources { get; } = new Dictionary<string, (string, string, string)>
    {
        ["width_converter_narrower"] = ("width_converter", "-chparam InLanes 8 -chparam OutLanes 2", ""),
        ["pixel_order"] = ("pixel_order", "-chparam Width 16 -chparam Pixels 4 -chparam Groups 6 -chparam GroupBeats 2", ""),
        ["scale_stage"] = ("scale_stage", "-chparam Pixels 49 -chparam Channels 48 -chparam Lanes 2 -chparam QueueDepth 12", "1fe03f56abcd05f7"),
        ["add_stage"] = ("add_stage", "-chparam Lanes 4 -chparam QueueDepth 10", "1fe03f51cb85a11305f7"),
    };

    public static FabricResources Predict(string cell, FabricFamily family)
    {
        if (Stages.TryGetValue(cell, out var stage))
            return FabricEstimate.Of(stage, family);
        var cells = new CellResources(family);
        return cell switch
        {
            // 24 channels, 3 pixels, 2 lanes in and 8 out; 64 channels, 2 pixels, 8 lanes in and 2 out.
            "pixel_buffer_wide" => cells.PixelBuffer(24, 3, 2, 8, intoSlices: false, apart: true),
            "pixel_buffer_narrow" => cells.PixelBuffer(64, 2, 8, 2, intoSlices: false, apart: true),
            "serializer" => cells.Serializer(22, 6),
            "skid_buffer" => cells.SkidBuffer(32),
            "width_converter_wider" => cells.WidthConverter(2, 8),
            "width_converter_narrower" => cells.WidthConverter(8, 2),
            "stream_fork" => cells.Fork,
            "frame_marker" => cells.FrameMarker(784),
            "block_fifo" => cells.BlockFifo(32, 600),
            "pixel_order" => cells.PixelOrder(16, 4, 6, 2),
            // 49 pixels of 48 channels, two at once, their gates one at once.
            "scale_stage" => cells.Scale(49, 48, 2, 1, 16, 12) + cells.Fifo(16, 12),
            "control_port" => cells.ControlPort(3),
            _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "not in cells.csv"),
        };
    }

    /// <summary>The cells of blocks: 16 channels, one lane, 22-bit sums, bias of 17 columns, shifts 16 to 23 or 31 to 38; two outputs of four terms; 20 rows of 24 pixels, 3×3.</summary>
    public static FabricResources PredictOfBlock(string cell, FabricFamily family)
    {
        var cells = new CellResources(family);
        return cell switch
        {
            "requantizer 16" => cells.Requantizer(1, 16, 22, 16, false, new RequantColumns(17, 15, 3, 16)),
            "requantizer 31" => cells.Requantizer(1, 16, 22, 31, false, new RequantColumns(17, 30, 5, 0)),
            "dot product" => cells.DotProduct(2, 4, 8, 22, packed: false),
            "window at once" => cells.WindowReader(20, 24, 8, 3, 1, 9, 20, 24, 1) + cells.LineBuffer(24, 1, 8, 3, 4, 9) + Taps(72),
            "a tap at once" => cells.WindowReader(20, 24, 4, 3, 1, 1, 20, 24, 1) + cells.LineBuffer(24, 2, 4, 3, 4, 1) + Taps(16),
            _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "not a cell of these tests"),
        };

        // Alone, a window's taps go to no slice that could take their registers, and the code of the padding is an input: a LUT a bit on Xilinx.
        FabricResources Taps(int bits) => FabricResources.None with
        {
            Registers = family is FabricFamily.Series7 or FabricFamily.Ice40 ? bits : 0,
            Luts = family == FabricFamily.UltraScalePlus || (family == FabricFamily.Series7 && bits > 16) ? bits : 0,
        };
    }
}
