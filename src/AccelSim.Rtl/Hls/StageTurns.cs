using AccelSim.Rtl.Network;
using AccelSim.Rtl.Network.Schedule;

namespace AccelSim.Rtl.Hls;

/// <summary>A unit of a stage and the turns of its loop a frame, each a cycle at II = 1.</summary>
/// <param name="Name">As the cell counts it.</param>
/// <param name="Turns">With frames back to back, a source that always offers and a sink that always takes.</param>
public sealed record UnitTurns(string Name, long Turns);

/// <summary>What the cycle model says of each unit of a stage alone: the initiation interval that its pragma and its loops must give.</summary>
public static class StageTurns
{
    /// <summary>Frames after which the interval between two no longer changes.</summary>
    private const int SteadyFrames = 5;

    /// <summary>The units of a stage in C++ that count their turns, in the order in which data passes them.</summary>
    public static IReadOnlyList<UnitTurns> Of(StagePart stage, PipelineNetlist netlist)
    {
        var design = stage.Design;
        var results = new UnitTurns("result_queue", design.OutBeats);
        var sums = new UnitTurns("dot_product", design.ComputeCycles);
        var window = new UnitTurns("window_reader", design.Shape.HasWindow ? Interval(stage, netlist) : 0);
        return design.Shape.Kind switch
        {
            StageKind.Convolution or StageKind.Depthwise => [window, sums, results],
            StageKind.Pointwise when design.Folding.Streaming is not null => [new("streamed_pointwise_unit", design.ComputeCycles), results, .. Order()],
            StageKind.Pointwise => [new("pixel_buffer", design.ComputeCycles), sums, results],
            StageKind.MaxPool => [window, new("max_pool_unit", design.ComputeCycles)],
            StageKind.AveragePool => [window, new("sum_pool_unit", design.ComputeCycles), results],
            StageKind.GlobalPool => [new("global_pool_unit", design.InBeats), results],
            StageKind.Add => [new("add_stage", design.InBeats)],
            StageKind.Scale => [new("scale_unit", design.InBeats)],
            StageKind.Slice => [new("slice_stage", design.InBeats)],
            StageKind.Pad => [new("pad_stage", design.OutBeats)],
            StageKind.Concat => [new("concat_stage", design.OutBeats)],
            var kind => throw new InvalidOperationException($"Layer '{design.Shape.Name}' is a {kind} stage, which is not written in C++."),
        };

        UnitTurns[] Order() => netlist.Parts.Any(part => part is PixelOrderPart order && order.Input == stage.Outputs[0]) ? [new("pixel_order", design.OutBeats)] : [];
    }

    /// <summary>Cycles between two frames of a stage alone, by the recurrences of the cycle model.</summary>
    public static long Interval(StagePart stage, PipelineNetlist netlist)
    {
        var design = stage.Design;
        if (!design.Shape.HasWindow)
            return Math.Max(design.IntervalBound, stage.Inputs.Max(stream => netlist.Streams[stream].FrameBeats));
        var input = new StreamSchedule(design.InBeats, 1);
        var output = new StreamSchedule(design.OutBeats, design.QueueDepth);
        IPartSchedule[] parts = [new SourceSchedule(input, SteadyFrames * design.InBeats), new WindowSchedule(design, input, output, SteadyFrames), new SinkSchedule(output)];
        while (parts.Aggregate(false, (moved, part) => part.Advance() || moved))
        {
            // Until nothing moves.
        }
        return output.FrameEnds[^1] - output.FrameEnds[^2];
    }
}
