namespace AccelSim.Gpu;

/// <summary>Which layers share a kernel.</summary>
public enum KernelFusion
{
    /// <summary>None: a framework that runs layer after layer.</summary>
    None,

    /// <summary>Elementwise layers among themselves, reading the result of a library's convolution: a compiler of elementwise loops.</summary>
    Elementwise,

    /// <summary>Elementwise layers in the end of the convolution or product before them, and no copy for a concatenation: an inference engine.</summary>
    Epilogue,
}

/// <summary>When the host's time for starting kernels is felt.</summary>
public enum LaunchCost
{
    /// <summary>The host runs ahead: a run takes the host's time or the device's, whichever is longer.</summary>
    Overlapped,

    /// <summary>Each kernel begins after the one before it and this gap.</summary>
    Serial,
}

/// <summary>
/// What stands between a network and a device: how layers become kernels, and three constants that hold for every device and network.
/// </summary>
/// <param name="Name">Such as <c>tensorrt</c>.</param>
/// <param name="Fusion">Which layers share a kernel.</param>
/// <param name="Launch">When the host's time is felt.</param>
/// <param name="ComputeEfficiency">Multiply-accumulates a second of a full wave of the largest tiles ÷ the data sheet's peak. Above 1 where a card's clock exceeds the one on its data sheet.</param>
/// <param name="MemoryEfficiency">Bytes a second ÷ the data sheet's DRAM bandwidth.</param>
/// <param name="LaunchSeconds">Host time or gap a kernel.</param>
public sealed record SoftwareProfile(string Name, KernelFusion Fusion, LaunchCost Launch, double ComputeEfficiency, double MemoryEfficiency, double LaunchSeconds)
{
    /// <summary>3×3 convolutions of stride 1 in float32 are computed as Winograd's F(2×2, 3×3), with 4 multiplications where the direct form has 9.</summary>
    public bool Winograd { get; init; }

    /// <summary>The sums of a convolution with few tiles are split over idle multiprocessors, as those of a matrix product always are.</summary>
    public bool SplitsConvolutions { get; init; } = true;

    /// <summary>Weights are kept in float32 and cast before each use in float16, a kernel for each: automatic mixed precision.</summary>
    public bool CastsWeights { get; init; }

    /// <summary>A matrix is multiplied by a single vector on one core, with that core's share of the bandwidth.</summary>
    public bool VectorProductsOnOneCore { get; init; }
}
