using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary><see cref="Graph.ActivationGradient.Derivative"/> in float32, in forms that do not cancel where the function saturates.</summary>
[ExcludeFromCodeCoverage]
internal static class FloatDerivatives
{
    public static float Of(ActivationKind kind, float x, float alpha, float beta) => kind switch
    {
        ActivationKind.Relu => x > 0 ? 1f : 0f,
        ActivationKind.Relu6 => x > 0 && x < 6 ? 1f : 0f,
        ActivationKind.HardSigmoid => x > -3 && x < 3 ? 1f / 6 : 0,
        ActivationKind.HardSwish => x <= -3 ? 0 : x >= 3 ? 1 : x * (1f / 3) + 0.5f,
        ActivationKind.Sigmoid => FloatFunctions.Sigmoid(x) * FloatFunctions.Sigmoid(-x),
        ActivationKind.Tanh => 4 * FloatFunctions.Sigmoid(2 * x) * FloatFunctions.Sigmoid(-2 * x),
        ActivationKind.LeakyRelu => x > 0 ? 1 : alpha,
        ActivationKind.Elu => x > 0 ? 1 : alpha * FloatFunctions.ExpOfNegative(x),
        ActivationKind.Swish => FloatFunctions.Sigmoid(x) * (1 + x * FloatFunctions.Sigmoid(-x)),
        ActivationKind.Softplus => FloatFunctions.Sigmoid(x),
        ActivationKind.Exp => FloatFunctions.Exp(x),
        ActivationKind.Log => 1 / x,
        ActivationKind.Sqrt => 0.5f / MathF.Sqrt(x),
        ActivationKind.Reciprocal => -1 / (x * x),
        ActivationKind.Absolute => x > 0 ? 1f : x < 0 ? -1f : 0f,
        ActivationKind.Negate => -1,
        ActivationKind.Power => alpha * FloatFunctions.Power(x, alpha - 1),
        ActivationKind.Clip => x >= alpha && x <= beta ? 1f : 0f,
        _ => alpha,
    };

    /// <summary>Whether the function has a derivative that is of use.</summary>
    public static bool Exists(ActivationKind kind) => kind is not (ActivationKind.Round or ActivationKind.Floor or ActivationKind.Sign or ActivationKind.Step);
}
