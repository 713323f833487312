using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>
/// How a layer lies on a compute engine: what the clock and the memory search need to know of it, whatever the engine.
/// One record type an engine adds what only that engine's own code reads, such as the folds of a systolic array.
/// </summary>
public abstract record LayerMapping
{
    /// <summary>The layer as matrix products, one a group.</summary>
    public required MatrixWork Work { get; init; }

    /// <summary>Stall-free cycles.</summary>
    public required ArrayCycles Cycles { get; init; }

    /// <summary>Values that cross the edges of the engine.</summary>
    public required ArrayTraffic Edge { get; init; }

    /// <summary>What the engine works on at once: a tile of memory that is no multiple of it leaves the engine partly idle.</summary>
    public required TileGranularity Granularity { get; init; }

    /// <summary>The engine's peak, in MACs of this layer a cycle.</summary>
    public required long MacsPerCycle { get; init; }

    /// <summary>What was chosen, against what, and why.</summary>
    public required string Reason { get; init; }

    /// <summary>Structured sparsity of the layer's weights as they are stored and loaded, or null where all of them are.</summary>
    public WeightSparsity? Sparsity { get; init; }

    /// <summary>Cycles of loading that a repetition with the same weights saves, or null where the engine does not hold all weights when the layer ends.</summary>
    public virtual long? LoadCyclesOfHeldWeights => null;

    /// <summary>The longest run along the axis that streams before the engine loads what is stationary again.</summary>
    public virtual int LongestStream => int.MaxValue;

    /// <summary>How large its folds are, for the notes: such as <c>32 folds of 9×1</c>; empty where an engine has none.</summary>
    internal virtual string Shape => "";
}

/// <summary>
/// The part of a group's matrix product that an engine has at work at one time, and how many groups; <see cref="int.MaxValue"/> along an axis that
/// streams past. It is also the order in which a sum adds up: products of <see cref="Depth"/> each are one sum, which is added once.
/// </summary>
/// <param name="Depth">Products of one output.</param>
/// <param name="Filters">Output channels of a group.</param>
/// <param name="Pixels">Output pixels.</param>
/// <param name="Groups">Groups side by side.</param>
public readonly record struct TileGranularity(int Depth, int Filters, int Pixels, int Groups = 1);
