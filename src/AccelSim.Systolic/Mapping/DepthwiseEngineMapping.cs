using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>
/// A depthwise layer on a <see cref="DepthwiseEngine"/>: blocks of as many output channels as there are lanes, and for each block every output pixel in turn.
/// A pixel takes ⌈taps of the kernel ÷ taps at once⌉ cycles. A lane's weights come through a port as wide as its multipliers, into a second set of registers while
/// the block before is at work, so that only those of the first block are waited for. Product registers, each level of the adder tree and the accumulator are one
/// cycle each. Cycles: ⌈K ÷ taps⌉ + blocks × pixels × ⌈K ÷ taps⌉ + 1 + ⌈log₂ taps⌉.
/// </summary>
/// <remarks>
/// A window of registers slides along an output row, so that a step reads only the columns of the image that are new to it; at the beginning of a row, or where the
/// dilation does not divide the stride, that is the whole window. Windows over the border read its zeros, as an array's patches do.
/// </remarks>
public sealed record DepthwiseEngineMapping : LayerMapping
{
    private readonly long _blocks;

    /// <param name="layer">A depthwise layer.</param>
    /// <param name="engine">The engine.</param>
    [SetsRequiredMembers]
    public DepthwiseEngineMapping(LayerGeometry layer, DepthwiseEngine engine)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(engine);
        Work = layer.Work;
        long chunks = DivideUp(Work.Depth, engine.Taps);
        _blocks = DivideUp(layer.OutputChannels, engine.Channels);
        long compute = _blocks * Work.Pixels * chunks;
        Cycles = new ArrayCycles(compute, chunks + 1 + (engine.Taps == 1 ? 0 : BitOperations.Log2((uint)engine.Taps - 1) + 1));
        Edge = new ArrayTraffic(InputsOf(layer), (long)layer.OutputChannels * Work.Depth, (long)layer.OutputChannels * Work.Pixels, SumsRead: 0);
        Granularity = new TileGranularity(engine.Taps, 1, int.MaxValue, engine.Channels);
        MacsPerCycle = engine.MacsPerCycle;
        Reason = "";
    }

    /// <inheritdoc/>
    internal override string Shape => string.Create(CultureInfo.InvariantCulture, $"{_blocks} {(_blocks == 1 ? "block" : "blocks")}");

    private static long InputsOf(LayerGeometry layer)
    {
        (Size2 kernel, Size2 stride, Size2 dilation) = (layer.Kernel, layer.Stride, layer.Dilation);
        int seen = stride.Width % dilation.Width == 0 ? Math.Max(0, kernel.Width - stride.Width / dilation.Width) : 0;
        long row = (long)kernel.Height * (kernel.Width + (layer.Output.Width - 1L) * (kernel.Width - seen));
        return layer.OutputChannels * (long)layer.Batch * layer.Output.Height * row;
    }

    private static long DivideUp(long value, long by) => (value + by - 1) / by;
}
