namespace AccelSim.Graph;

/// <summary>
/// An activation that is only a range on the output and so costs nothing after an accumulation: fused into the layer
/// that produces the value. In a quantized graph the range is the Low and High of its requantization, and this says why.
/// </summary>
public enum ClampKind
{
    None,

    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>min(max(x, 0), 6)</summary>
    Relu6,
}

public static class ClampKinds
{
    public static float Low(this ClampKind clamp) => clamp == ClampKind.None ? float.NegativeInfinity : 0;

    public static float High(this ClampKind clamp) => clamp == ClampKind.Relu6 ? 6 : float.PositiveInfinity;

    internal static string Suffix(this ClampKind clamp) => clamp == ClampKind.None ? "" : $" {clamp.ToString().ToLowerInvariant()}";
}

/// <summary>An operator into which a clamp can be fused.</summary>
public interface IClamped
{
    ClampKind Clamp { get; }

    Operator WithClamp(ClampKind clamp);
}
