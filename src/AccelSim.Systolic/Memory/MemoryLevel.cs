namespace AccelSim.Systolic.Memory;

/// <summary>One memory on the chip.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Holds">What it may hold.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Buffering">How it fills.</param>
public sealed record MemoryLevel(string Name, MemoryContents Holds, long Bytes, Buffering Buffering = Buffering.Double)
{
    /// <summary>Banks, which work at the same time.</summary>
    public int Banks { get; init; } = 1;

    /// <summary>Bytes that one port of one bank moves a cycle; null where it is not known, and then the level is as wide as the engine asks.</summary>
    public double? WidthBytes { get; init; }

    /// <summary>Ports of a bank, each of which reads or writes once a cycle.</summary>
    public int Ports { get; init; } = 1;

    /// <summary>Energy of reading a byte, or null where it is not known.</summary>
    public double? ReadPicojoulesPerByte { get; init; }

    /// <summary>Energy of writing a byte, or null where it is not known.</summary>
    public double? WritePicojoulesPerByte { get; init; }

    /// <summary>Bytes that the level moves a cycle: banks × width × ports; infinite where the width is not known.</summary>
    public double BytesPerCycle => WidthBytes is { } width ? Banks * width * Ports : double.PositiveInfinity;

    /// <summary>Bytes of the level that a layer may use at one time.</summary>
    public long Room => Buffering == Buffering.Double ? Bytes / 2 : Bytes;

    /// <summary>Whether it holds all of these.</summary>
    public bool CanHold(MemoryContents contents) => (Holds & contents) == contents;
}
