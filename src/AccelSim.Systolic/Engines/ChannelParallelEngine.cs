using System.Globalization;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Engines;

/// <summary>
/// Multipliers along pixels, input channels and output channels: each cycle one tap of the kernel, for a block of rows of one column, a block of input
/// channels that an adder tree sums up, and a block of output channels. AMD's DPU (PG338: pixel, input and output channel parallelism) and NVDLA (one
/// pixel, atomic-C and atomic-K) are both this.
/// </summary>
/// <param name="Name">For tables and messages.</param>
/// <param name="Pixels">Rows of the output at once.</param>
/// <param name="InputChannels">Input channels at once.</param>
/// <param name="OutputChannels">Output channels at once.</param>
/// <param name="PacksKernelColumns">
/// Whether a layer with fewer input channels than places fills them with columns of its kernel (PG338: channel augmentation; NVDLA: image input).
/// </param>
/// <param name="DepthwisePixels">Rows at once of a depthwise layer, whose channels stand where input channels do; 0 where there is no such unit.</param>
/// <param name="Lanes">Elements that the unit for everything else does a cycle.</param>
/// <param name="ClockHz">Clock.</param>
/// <param name="Memory">What lies behind it.</param>
/// <param name="CyclesALayer">Cycles from the end of a layer to the start of the next.</param>
/// <param name="CyclesAWeight">Cycles that a block of weights stays at the multipliers, for one pixel after another, before the next is read (NVDLA: a stripe).</param>
public sealed record ChannelParallelEngine(
    string Name,
    int Pixels,
    int InputChannels,
    int OutputChannels,
    bool PacksKernelColumns,
    int DepthwisePixels,
    int Lanes,
    double ClockHz,
    EngineMemory Memory,
    double CyclesALayer = 0,
    int CyclesAWeight = 1) : ComputeEngine(Name, ClockHz, Memory, CyclesALayer)
{
    /// <inheritdoc/>
    public override long MacsPerCycle => (long)Pixels * InputChannels * OutputChannels;

    /// <inheritdoc/>
    public override int Lanes { get; } = Lanes;

    /// <inheritdoc/>
    public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Pixels}×{InputChannels}×{OutputChannels} channel-parallel");

    /// <inheritdoc/>
    public override LayerMapping Map(LayerGeometry geometry) => ChannelParallelMapping.Of(this, geometry);

    /// <summary>
    /// Every operand crosses the chip's edge once where the weights or the inputs fit half of the buffer; else the smaller traffic of two orders: for each
    /// part of the weights all inputs, or for each part of the inputs all weights.
    /// </summary>
    internal override ProductTime Time(LayerGeometry geometry, ProductOperands operands)
    {
        LayerMapping mapping = Map(geometry);
        double room = Math.Max(1, Memory.BufferBytes / 2);
        double inputs = operands.InputsOffChip ? operands.InputBytes * operands.InputShare : 0;
        double weights = operands.WeightBytes;
        double weightParts = Math.Ceiling(operands.WeightBytes / room), inputParts = Math.Ceiling(operands.InputBytes / room);
        double read = weightParts <= 1 || inputParts <= 1 ? inputs + weights : Math.Min(inputs * weightParts + weights, inputs + weights * inputParts);
        double written = operands.OutputsOffChip ? operands.OutputBytes * operands.OutputShare : 0;
        int bytes = Memory.ElementBytes;
        return new ProductTime(
            mapping, mapping.Cycles.Total, read, written, 0, bytes * (double)(mapping.Edge.Inputs + mapping.Edge.Weights), operands.OutputBytes + read);
    }
}

/// <summary>How a layer lies on a channel-parallel engine.</summary>
public sealed record ChannelParallelMapping : LayerMapping
{
    /// <summary>Counts blocks along each axis; nothing overlaps or stalls, so that their product is the cycles.</summary>
    internal static ChannelParallelMapping Of(ChannelParallelEngine engine, LayerGeometry geometry)
    {
        long images = geometry.Batch, columns = geometry.Output.Width, rows = geometry.Output.Height;
        long taps = (long)geometry.Kernel.Height * geometry.Kernel.Width;
        long pixels = images * rows * columns;
        if (geometry.IsDepthwise && engine.DepthwisePixels > 0)
        {
            long filters = geometry.OutputChannels;
            long depthwise = images * Blocks(rows, engine.DepthwisePixels) * columns * Blocks(filters, engine.InputChannels) * taps;
            return Make(geometry, depthwise, new ArrayTraffic(pixels * filters * taps, Blocks(rows, engine.DepthwisePixels) * columns * images * filters * taps, pixels * filters, 0),
                (long)engine.DepthwisePixels * engine.InputChannels, new TileGranularity(1, 1, engine.DepthwisePixels, engine.InputChannels),
                $"depthwise unit, {engine.DepthwisePixels} rows × {engine.InputChannels} channels");
        }
        long inputs = geometry.InputChannels / geometry.Groups, outputs = geometry.OutputChannels / geometry.Groups;
        long plain = Blocks(inputs, engine.InputChannels) * taps;
        long packed = Blocks(inputs * geometry.Kernel.Width, engine.InputChannels) * geometry.Kernel.Height;
        bool packs = engine.PacksKernelColumns && inputs < engine.InputChannels && packed < plain;
        long rowBlocks = Blocks(rows, engine.Pixels) * columns * images, outputBlocks = Blocks(outputs, engine.OutputChannels);
        long cycles = geometry.Groups * rowBlocks * (packs ? packed : plain) * outputBlocks;
        var edge = new ArrayTraffic(
            geometry.Groups * pixels * inputs * taps * outputBlocks, geometry.Groups * Blocks(rowBlocks, engine.CyclesAWeight) * inputs * taps * outputs, geometry.Groups * pixels * outputs, 0);
        string how = geometry.Groups > 1 ? $"{geometry.Groups} groups one after another" : packs ? "columns of the kernel in places of input channels" : "all channels";
        return Make(geometry, cycles, edge, engine.MacsPerCycle, new TileGranularity(engine.InputChannels, engine.OutputChannels, engine.Pixels), how);
    }

    private static long Blocks(long extent, long block) => (extent + block - 1) / block;

    private static ChannelParallelMapping Make(LayerGeometry geometry, long cycles, ArrayTraffic edge, long macsPerCycle, TileGranularity granularity, string how) => new()
    {
        Work = geometry.Work,
        Cycles = new ArrayCycles(cycles, 0),
        Edge = edge,
        Granularity = granularity,
        MacsPerCycle = macsPerCycle,
        Reason = how,
    };
}
