using AccelSim.Graph;

namespace AccelSim.Studies.Networks;

/// <summary>Real inputs [N, C, H, W] of a network, with their classes where these are known.</summary>
/// <param name="Images">float32, preprocessed.</param>
/// <param name="Labels">A class for each image, or null.</param>
/// <param name="Source">What they are, for reports.</param>
public sealed record Samples(Tensor Images, IReadOnlyList<int>? Labels, string Source)
{
    public int Count => Images.Shape[0];
}
