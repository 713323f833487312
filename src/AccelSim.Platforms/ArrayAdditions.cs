namespace AccelSim.Platforms;

/// <summary>What several arrays of one accelerator divide among them.</summary>
public enum SharedWork
{
    /// <summary>For each layer whatever takes least time.</summary>
    Auto,

    /// <summary>Output channels.</summary>
    OutputChannels,

    /// <summary>Rows of output pixels.</summary>
    Pixels,

    /// <summary>Groups of a grouped layer.</summary>
    Groups,

    /// <summary>Images of a batch: cores with an image each.</summary>
    Images,
}

/// <summary>How grouped and depthwise layers lie on an array.</summary>
public enum GroupedLayers
{
    /// <summary>For each layer whatever takes least time.</summary>
    Auto,

    /// <summary>One group after another.</summary>
    OneGroupAFold,

    /// <summary>Groups side by side.</summary>
    GroupsAcrossColumns,

    /// <summary>Neighbouring pixels side by side, and groups where there is room.</summary>
    PixelsAcrossColumns,
}

/// <summary>Identical arrays that share their memories and vector unit.</summary>
/// <param name="Count">How many.</param>
/// <param name="Divide">What they divide among them.</param>
public sealed record IdenticalArrays(Figure<long> Count, Figure<SharedWork> Divide);

/// <summary>A unit for depthwise layers beside the array.</summary>
/// <param name="Channels">Channels at once.</param>
/// <param name="Taps">Taps of the kernel at once.</param>
public sealed record DepthwiseUnit(Figure<long> Channels, Figure<long> Taps);

/// <summary>Structured sparsity of weights that the array makes use of.</summary>
/// <param name="Kept">Weights kept of each block.</param>
/// <param name="Of">Weights of a block.</param>
public sealed record StructuredSparsity(Figure<long> Kept, Figure<long> Of);
