using AccelSim.Graph;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>The layers of a training step that only its backward half has.</summary>
internal static class Gradients
{
    /// <summary>
    /// The convolution of the inputs with the outputs' gradients, stride and dilation exchanged: images take the part of channels, a group at a time.
    /// </summary>
    public static TorchTensor OfWeights(ConvolutionWeightGradient gradient, TorchTensor x, TorchTensor dy)
    {
        var padded = x.Pad(gradient.Padding);
        var inputs = padded.chunk(gradient.Groups, 1);
        var outputs = dy.chunk(gradient.Groups, 1);
        var groups = inputs.Zip(outputs, (input, output) => conv2d(
                input.transpose(0, 1), output.transpose(0, 1), null, (gradient.Dilation ?? Size2.Square(1)).Extents(), null, gradient.Stride.Extents())
            .slice(2, 0, gradient.Kernel.Height, 1).slice(3, 0, gradient.Kernel.Width, 1).transpose(0, 1));
        return torch.cat([.. groups], 0);
    }

    public static TorchTensor OfActivation(ActivationGradient gradient, TorchTensor x, TorchTensor dy)
    {
        var (alpha, beta) = (gradient.Alpha, gradient.Beta);
        return dy * (gradient.Kind switch
        {
            ActivationKind.Relu => x.gt(0).to(x.dtype),
            ActivationKind.Relu6 => x.gt(0).logical_and(x.lt(6)).to(x.dtype),
            ActivationKind.HardSigmoid => x.gt(-3).logical_and(x.lt(3)).to(x.dtype) / 6,
            ActivationKind.HardSwish => torch.where(x.le(-3), torch.zeros_like(x), torch.where(x.ge(3), torch.ones_like(x), x / 3 + 0.5)),
            ActivationKind.Sigmoid => torch.sigmoid(x) * (1 - torch.sigmoid(x)),
            ActivationKind.Tanh => 1 - torch.tanh(x).square(),
            ActivationKind.LeakyRelu => torch.where(x.gt(0), torch.ones_like(x), torch.full_like(x, alpha)),
            ActivationKind.Elu => torch.where(x.gt(0), torch.ones_like(x), torch.exp(x) * alpha),
            ActivationKind.Swish => torch.sigmoid(x) * (1 + x * (1 - torch.sigmoid(x))),
            ActivationKind.Softplus => torch.sigmoid(x),
            ActivationKind.Exp => torch.exp(x),
            ActivationKind.Log => 1 / x,
            ActivationKind.Sqrt => 0.5 / torch.sqrt(x),
            ActivationKind.Reciprocal => -1 / x.square(),
            ActivationKind.Absolute => x.sign(),
            ActivationKind.Negate => -torch.ones_like(x),
            ActivationKind.Power => x.pow(alpha - 1) * alpha,
            ActivationKind.Clip => x.ge(alpha).logical_and(x.le(beta)).to(x.dtype),
            ActivationKind.Affine => torch.full_like(x, alpha),
            _ => throw new GraphException($"{gradient.Kind} has no useful derivative."),
        });
    }

    public static TorchTensor OfMaxPool(MaxPoolGradient gradient, TorchTensor x, TorchTensor dy)
    {
        var padded = x.Pad(gradient.Padding, double.NegativeInfinity);
        var (_, positions) = max_pool2d_with_indices(
            padded, gradient.Kernel.Extents(), gradient.Stride.Extents(), null, (gradient.Dilation ?? Size2.Square(1)).Extents());
        var (batch, channels) = (x.shape[0], x.shape[1]);
        var spread = torch.zeros([batch, channels, padded.shape[2] * padded.shape[3]], x.dtype)
            .scatter_add(2, positions.reshape(batch, channels, -1), dy.reshape(batch, channels, -1))
            .reshape(padded.shape);
        return Cropped(spread, gradient.Padding, x.shape[2], x.shape[3]);
    }

    public static TorchTensor OfAveragePool(AveragePoolGradient gradient, TorchTensor dy)
    {
        var pool = gradient.Pool;
        long channels = dy.shape[1];
        var image = torch.zeros([1, 1, gradient.Image.Height, gradient.Image.Width], dy.dtype);
        var shares = dy / torch.tensor(FloatOperators.WindowCounts(pool, image)).to(dy.dtype);
        var ones = torch.ones([channels, 1, pool.Kernel.Height, pool.Kernel.Width], dy.dtype);
        var spread = conv_transpose2d(shares, ones, null, pool.Stride.Extents(), null, null, null, channels);
        return Cropped(spread, pool.Padding, gradient.Image.Height, gradient.Image.Width);
    }

    /// <summary>The image inside its padding; rows and columns that no window reached are 0.</summary>
    private static TorchTensor Cropped(TorchTensor padded, Graph.Padding padding, long height, long width) => padded.Pad(new Graph.Padding(
        -padding.Top,
        (int)(height - (padded.shape[2] - padding.Top)),
        -padding.Left,
        (int)(width - (padded.shape[3] - padding.Left))));
}
