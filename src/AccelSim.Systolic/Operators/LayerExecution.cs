using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>The values that a layer reads.</summary>
/// <param name="Inputs">Its inputs, in order.</param>
/// <param name="Constants">Its constants in the order of their roles; those of a float layer may be activations.</param>
internal sealed record LayerOperands(IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Constants)
{
    /// <summary>A constant that may be absent.</summary>
    public Tensor? Constant(int role) => role < Constants.Count ? Constants[role] : null;
}

/// <summary>Computes one layer from the values of its operands.</summary>
internal delegate Tensor LayerExecution(LayerOperands operands, CancellationToken cancellation);
