using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>Computes one layer from the values of its inputs.</summary>
internal delegate Tensor LayerExecution(IReadOnlyList<Tensor> inputs, CancellationToken cancellation);
