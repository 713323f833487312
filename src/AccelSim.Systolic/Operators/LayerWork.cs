using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Operators;

/// <summary>What a layer asks of the hardware.</summary>
internal abstract record LayerWork;

/// <summary>A matrix product on the array.</summary>
internal sealed record MatrixLayer(MatrixWork Work) : LayerWork;

/// <summary>Elementwise work on the vector unit.</summary>
/// <param name="Operations">Lane operations: each takes one lane for one cycle.</param>
/// <param name="Charge">What an operation is, for the layer's note.</param>
internal sealed record VectorLayer(long Operations, string Charge) : LayerWork;
