using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>A fixed accelerator whose multipliers are no systolic array.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="ClockHertz">Clock of the engine.</param>
/// <param name="ProcessNanometres">Name of the process node, or null.</param>
/// <param name="PowerWatts">Power, or null.</param>
/// <param name="Engine">How its multipliers are arranged.</param>
/// <param name="Cores">Engines alike that work on images of their own and share the memory off the chip.</param>
/// <param name="BufferBytes">Memory on the chip of one core for a layer's inputs and weights.</param>
/// <param name="KeepBytes">Memory on the chip in which activations stay from layer to layer; null where all of them go off the chip.</param>
/// <param name="PortBytesPerSecond">What one core can move to and from the memory off the chip; null where that is all of it.</param>
/// <param name="Memory">The memory off the chip.</param>
/// <param name="Calibration">Constants that were fitted to measurements.</param>
public sealed record EnginePlatform(
    PlatformHeader Header,
    Figure<double> ClockHertz,
    Figure<double>? ProcessNanometres,
    Figure<double>? PowerWatts,
    ComputeEngine Engine,
    Figure<long> Cores,
    Figure<double> BufferBytes,
    Figure<double>? KeepBytes,
    Figure<double>? PortBytesPerSecond,
    OffChipMemory Memory,
    Calibration Calibration)
    : Platform(Header, ClockHertz, ProcessNanometres, PowerWatts)
{
    /// <inheritdoc/>
    public override string Kind => "engine";

    /// <inheritdoc/>
    public override OffChipMemory Dram => Memory;
}

/// <summary>An arrangement of multipliers.</summary>
public abstract record ComputeEngine;

/// <summary>Multipliers along pixels, input channels and output channels.</summary>
/// <param name="Pixels">Pixels of a column that are worked on at once.</param>
/// <param name="InputChannels">Input channels at once, added up in a tree.</param>
/// <param name="OutputChannels">Output channels at once.</param>
/// <param name="PacksKernelColumns">Whether a layer with few input channels fills their places with columns of its kernel.</param>
/// <param name="DepthwisePixels">Pixels at once of a depthwise layer, whose channels stand where the input channels do; null where there is no such unit.</param>
/// <param name="Lanes">Elements that the unit for pooling and addition does a cycle.</param>
/// <param name="CyclesAWeight">Cycles that weights stay at the multipliers; null where they are read in each.</param>
public sealed record ChannelParallelUnits(
    Figure<long> Pixels,
    Figure<long> InputChannels,
    Figure<long> OutputChannels,
    Figure<bool> PacksKernelColumns,
    Figure<long>? DepthwisePixels,
    Figure<long> Lanes,
    Figure<long>? CyclesAWeight) : ComputeEngine;

/// <summary>
/// Processing elements that each keep rows of filters, slide a row of inputs past, and hand sums of rows on (Chen et al., "Eyeriss", JSSC 2017).
/// </summary>
/// <param name="Rows">Rows of processing elements.</param>
/// <param name="Columns">Columns of them.</param>
/// <param name="FilterWords">Weights that an element keeps.</param>
/// <param name="InputWords">Inputs that an element keeps.</param>
/// <param name="SumWords">Partial sums that an element keeps.</param>
/// <param name="WordBytes">Bytes of each of them.</param>
/// <param name="SumsPerCycle">Partial sums that pass from the buffer to the array, and as many back, in a cycle.</param>
/// <param name="CodedBits">Bits in which a word off the chip and the run of zeros before it are written; null where activations are not compressed.</param>
public sealed record RowStationaryElements(
    Figure<long> Rows,
    Figure<long> Columns,
    Figure<long> FilterWords,
    Figure<long> InputWords,
    Figure<long> SumWords,
    Figure<long> WordBytes,
    Figure<long> SumsPerCycle,
    Figure<double>? CodedBits) : ComputeEngine;
