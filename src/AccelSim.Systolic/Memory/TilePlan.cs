using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Memory;

/// <summary>How a layer passes the memory, and what that takes.</summary>
public sealed record TilePlan
{
    /// <summary>The part of the layer on the chip at one time.</summary>
    public required TileSize Tile { get; init; }

    /// <summary>The loops over tiles.</summary>
    public required LoopOrder Order { get; init; }

    /// <summary>The loops for which operands are kept.</summary>
    public required KeptLoops Kept { get; init; }

    /// <summary>Tiles, one after another.</summary>
    public required long Tiles { get; init; }

    /// <summary>Whether the tile fits; else it is the smallest that the engine works on, and the memory is too small for it.</summary>
    public required bool Fits { get; init; }

    /// <summary>Bytes of inputs read from DRAM, halos of neighbouring tiles each time.</summary>
    public required long InputsRead { get; init; }

    /// <summary>Bytes of weights and biases read from DRAM.</summary>
    public required long WeightsRead { get; init; }

    /// <summary>Bytes of partial sums read back from DRAM.</summary>
    public required long SumsRead { get; init; }

    /// <summary>Bytes of partial sums written to DRAM before their output is complete.</summary>
    public required long SumsWritten { get; init; }

    /// <summary>Bytes of outputs written to DRAM.</summary>
    public required long OutputsWritten { get; init; }

    /// <summary>Bytes for which DRAM is busy: those read and written in whole bursts.</summary>
    public required long BusBytes { get; init; }

    /// <summary>Of the bytes read, those without which the engine cannot begin.</summary>
    public required long FirstBytes { get; init; }

    /// <summary>Of the other <see cref="BusBytes"/>, those that move while the engine waits, since their memory cannot fill while it is read.</summary>
    public required long ExposedBytes { get; init; }

    /// <summary>Requests to DRAM whose latency nothing hides.</summary>
    public required long ExposedRequests { get; init; }

    /// <summary>Stall-free cycles tile by tile: those of the whole layer, and more where a tile splits what the engine does at once.</summary>
    public required ArrayCycles Cycles { get; init; }

    /// <summary>Cycles with every wait for DRAM.</summary>
    public required long TotalCycles { get; init; }

    /// <summary>Bytes read from DRAM.</summary>
    public long Read => InputsRead + WeightsRead + SumsRead;

    /// <summary>Bytes written to DRAM.</summary>
    public long Written => SumsWritten + OutputsWritten;
}
