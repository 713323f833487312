using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Operators;

/// <summary>What a layer asks of the hardware.</summary>
internal abstract record LayerWork;

/// <summary>A matrix product on the array.</summary>
/// <param name="Geometry">The product.</param>
/// <param name="Inputs">The operands whose elements are the product's inputs.</param>
/// <param name="Weights">The operands that go with them: weights and biases, or the other of two activations.</param>
internal sealed record MatrixLayer(LayerGeometry Geometry, ImmutableArray<string> Inputs, ImmutableArray<string> Weights) : LayerWork
{
    public MatrixLayer(MatrixWork work, ImmutableArray<string> inputs, ImmutableArray<string> weights)
        : this(LayerGeometry.Of(work), inputs, weights)
    {
    }

    /// <summary>The product, one matrix a group.</summary>
    public MatrixWork Work => Geometry.Work;

    /// <summary>What the vector unit does to sums as they leave the array.</summary>
    public VectorLayer? Finish { get; init; }

    /// <summary>Whether sums are added to others in the activation memory, since several of them belong to one output.</summary>
    public bool SumsOverlap { get; init; }
}

/// <summary>A product after a product, each of which needs the result of the one before.</summary>
/// <param name="Once">A product before all steps, or null.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="Products">The products of a step, one after another.</param>
/// <param name="EachStep">What the vector unit does between one step and the next.</param>
internal sealed record SequenceLayer(MatrixWork? Once, int Steps, ImmutableArray<MatrixWork> Products, VectorLayer EachStep) : LayerWork
{
    /// <summary>The constants of all steps that are read in every step; null where each step has its own part of the weights.</summary>
    public string? HeldWeights { get; init; }
}

/// <summary>Elementwise work on the vector unit.</summary>
/// <param name="Operations">Lane operations: each takes one lane for one cycle.</param>
/// <param name="Charge">What an operation is, for the layer's note.</param>
internal sealed record VectorLayer(long Operations, string Charge) : LayerWork
{
    /// <summary>Elements read of the inputs together, where it is not each of them once.</summary>
    public long? ElementsRead { get; init; }
}
