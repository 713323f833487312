namespace AccelSim.Rtl.Network;

/// <summary>Where the weights of pointwise and fully connected layers are.</summary>
public enum WeightPlacement
{
    /// <summary>All on the chip.</summary>
    Chip,

    /// <summary>On the chip as far as they fit; else the largest layers' are streamed from DRAM.</summary>
    Auto,

    /// <summary>All streamed from DRAM.</summary>
    Stream,
}
