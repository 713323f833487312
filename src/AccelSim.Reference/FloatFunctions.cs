using AccelSim.Graph;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>Functions of one and of two elements in libtorch.</summary>
internal static class FloatFunctions
{
    public static TorchTensor Activate(Activation activation, TorchTensor x) => Activate(activation.Kind, x, activation.Alpha, activation.Beta);

    public static TorchTensor Activate(ActivationKind kind, TorchTensor x, double alpha = 0, double beta = 0) => kind switch
    {
        ActivationKind.Relu => relu(x),
        ActivationKind.Relu6 => relu6(x),
        ActivationKind.HardSigmoid => relu6(x + 3) / 6,
        ActivationKind.HardSwish => x * relu6(x + 3) / 6,
        ActivationKind.Sigmoid => torch.sigmoid(x),
        ActivationKind.Tanh => torch.tanh(x),
        ActivationKind.LeakyRelu => torch.where(x.lt(0), x * alpha, x),
        ActivationKind.Elu => torch.where(x.lt(0), torch.expm1(x) * alpha, x),
        ActivationKind.Swish => x * torch.sigmoid(x),
        ActivationKind.Softplus => relu(x) + torch.log1p(torch.exp(-x.abs())),
        ActivationKind.Exp => torch.exp(x),
        ActivationKind.Log => torch.log(x),
        ActivationKind.Sqrt => torch.sqrt(x),
        ActivationKind.Reciprocal => 1 / x,
        ActivationKind.Absolute => x.abs(),
        ActivationKind.Negate => -x,
        ActivationKind.Power => x.pow(alpha),
        ActivationKind.Clip => x.clamp(alpha, beta),
        ActivationKind.Affine => x * alpha + beta,
        ActivationKind.Round => x.round(),
        ActivationKind.Floor => x.floor(),
        ActivationKind.Sign => x.sign(),
        ActivationKind.Step => x.gt(0).to(x.dtype),
        _ => throw new GraphException($"Unknown activation {kind}."),
    };

    public static TorchTensor Combine(ArithmeticKind kind, TorchTensor a, TorchTensor b) => kind switch
    {
        ArithmeticKind.Subtract => a - b,
        ArithmeticKind.Divide => a / b,
        ArithmeticKind.Power => a.pow(b),
        ArithmeticKind.Maximum => torch.maximum(a, b),
        ArithmeticKind.Minimum => torch.minimum(a, b),
        ArithmeticKind.LeakySlope => torch.where(a.lt(0), a * b, a + torch.zeros_like(b)),
        _ => throw new GraphException($"Unknown arithmetic {kind}."),
    };
}
