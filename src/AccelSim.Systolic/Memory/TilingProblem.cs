using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Memory;

/// <summary>A layer whose values must pass a memory that may be smaller than they are. Equal problems have equal plans.</summary>
/// <param name="Geometry">The layer.</param>
/// <param name="Granularity">What the engine works on at once: tiles are multiples of it.</param>
/// <param name="Cycles">The engine's stall-free cycles for the whole layer.</param>
/// <param name="Edge">Values that cross the engine's edges for the whole layer.</param>
public sealed record TilingProblem(LayerGeometry Geometry, TileGranularity Granularity, ArrayCycles Cycles, ArrayTraffic Edge)
{
    /// <summary>The layer as an engine maps it, codes of a byte.</summary>
    public TilingProblem(LayerGeometry geometry, LayerMapping mapping)
        : this(geometry, mapping.Granularity, mapping.Cycles, mapping.Edge)
    {
    }

    /// <summary>Pixels that stream past stationary operands before the engine loads those again; only where pixels or filters stream.</summary>
    public int LongestStream { get; init; } = int.MaxValue;

    /// <summary>Bytes of an input.</summary>
    public int InputElementBytes { get; init; } = 1;

    /// <summary>Bytes of a weight.</summary>
    public int WeightElementBytes { get; init; } = 1;

    /// <summary>Bytes of an output.</summary>
    public int OutputElementBytes { get; init; } = 1;

    /// <summary>Bytes of all inputs where they are not those of the geometry, as in a product of patches: each tile reads its share.</summary>
    public long? InputBytes { get; init; }

    /// <summary>Bytes of all weights where they are not those of the geometry, as in a product whose matrices share a second operand.</summary>
    public long? WeightBytes { get; init; }

    /// <summary>Bytes of all outputs where they are not those of the geometry, as where several sums are one output.</summary>
    public long? OutputBytes { get; init; }

    /// <summary>Bytes of biases and the like, which come once and stay.</summary>
    public long ConstantBytes { get; init; }

    /// <summary>Whether the inputs are on the chip already.</summary>
    public bool InputsOnChip { get; init; }

    /// <summary>Whether the weights (and biases) are on the chip already.</summary>
    public bool WeightsOnChip { get; init; }

    /// <summary>Whether the weights are an activation, and so in the memory of activations.</summary>
    public bool WeightsAreActivations { get; init; }

    /// <summary>Whether the outputs stay on the chip.</summary>
    public bool OutputsStay { get; init; }

    /// <summary>Bytes of the outermost memory of activations that whole values occupy, operands of this layer among them.</summary>
    public long ActivationsKept { get; init; }

    /// <summary>Bytes of the outermost memory of weights that whole weights occupy.</summary>
    public long WeightsKept { get; init; }

    /// <summary>Cycles for which the layer is busy even if the engine and DRAM were not: those of the vector unit and of memory banks.</summary>
    public long BusyCycles { get; init; }
}
