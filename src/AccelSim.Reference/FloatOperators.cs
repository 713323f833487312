using AccelSim.Graph;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>
/// The float operators in libtorch, in the precision of their inputs. <c>training</c> makes batch normalization use and
/// update batch statistics; autograd flows through all of them.
/// </summary>
internal static class FloatOperators
{
    /// <summary>PyTorch's default: new statistics = 0.9·old + 0.1·batch.</summary>
    private const double StatisticsMomentum = 0.1;

    public delegate TorchTensor Implementation(Operator @operator, TorchTensor[] inputs, TorchTensor[] constants, bool training);

    public static IReadOnlyDictionary<Type, Implementation> Table { get; } = new Dictionary<Type, Implementation>
    {
        [typeof(Convolution)] = (op, x, c, _) => Convolve((Convolution)op, x[0], c),
        [typeof(FullyConnected)] = (op, x, c, _) => linear(x[0], c[0], c.Length > 1 ? c[1] : null).Clamped(((FullyConnected)op).Clamp),
        [typeof(BatchNormalization)] = (op, x, c, training) => Normalize((BatchNormalization)op, x[0], c, training),
        [typeof(Activation)] = (op, x, _, _) => Activate(((Activation)op).Kind, x[0]),
        [typeof(Add)] = (op, x, _, _) => (x[0] + x[1]).Clamped(((Add)op).Clamp),
        [typeof(Multiply)] = (_, x, _, _) => x[0] * x[1],
        [typeof(AveragePool)] = (op, x, _, _) => Pool((AveragePool)op, x[0]),
        [typeof(GlobalAveragePool)] = (_, x, _, _) => x[0].mean([2, 3], keepdim: true),
        [typeof(MaxPool)] = (op, x, _, _) => MaxPooled((MaxPool)op, x[0]),
        [typeof(Flatten)] = (_, x, _, _) => x[0].flatten(1),
        [typeof(RadialBasis)] = (_, x, c, _) => (x[0].unsqueeze(1) - c[0].unsqueeze(0)).square().sum(2),
    };

    /// <summary>Padding outside the image never wins, for float and for codes alike.</summary>
    public static TorchTensor MaxPooled(MaxPool pool, TorchTensor input) =>
        max_pool2d(input.Pad(pool.Padding, double.NegativeInfinity), pool.Kernel.Extents(), pool.Stride.Extents());

    /// <summary>Sums of each window, padding as 0.</summary>
    public static TorchTensor WindowSums(AveragePool pool, TorchTensor input) =>
        avg_pool2d(input.Pad(pool.Padding), pool.Kernel.Extents(), pool.Stride.Extents(), divisor_override: 1);

    /// <summary>The divisor of each window, [1, 1, H, W].</summary>
    public static long[,,,] WindowCounts(AveragePool pool, TorchTensor input)
    {
        var image = new Size2((int)input.shape[2], (int)input.shape[3]);
        var output = Sliding.Output(image, pool.Kernel, pool.Stride, pool.Padding);
        var counts = new long[1, 1, output.Height, output.Width];
        for (int row = 0; row < output.Height; row++)
        {
            for (int column = 0; column < output.Width; column++)
                counts[0, 0, row, column] = pool.Count(image, row, column);
        }
        return counts;
    }

    private static TorchTensor Convolve(Convolution convolution, TorchTensor input, TorchTensor[] constants) =>
        conv2d(input.Pad(convolution.Padding), constants[0], constants.Length > 1 ? constants[1] : null,
            strides: convolution.Stride.Extents(), groups: convolution.Groups).Clamped(convolution.Clamp);

    private static TorchTensor Normalize(BatchNormalization normalization, TorchTensor input, TorchTensor[] constants, bool training) =>
        batch_norm(input, constants[2], constants[3], constants[0], constants[1], training, StatisticsMomentum, normalization.Epsilon)
            .Clamped(normalization.Clamp);

    private static TorchTensor Pool(AveragePool pool, TorchTensor input) =>
        WindowSums(pool, input) / torch.tensor(WindowCounts(pool, input)).to(input.dtype);

    private static TorchTensor Activate(ActivationKind kind, TorchTensor x) => kind switch
    {
        ActivationKind.Relu => relu(x),
        ActivationKind.Relu6 => relu6(x),
        ActivationKind.HardSigmoid => relu6(x + 3) / 6,
        ActivationKind.HardSwish => x * relu6(x + 3) / 6,
        ActivationKind.Sigmoid => torch.sigmoid(x),
        ActivationKind.Tanh => torch.tanh(x),
        _ => throw new GraphException($"Unknown activation {kind}."),
    };

    private static TorchTensor Clamped(this TorchTensor x, ClampKind clamp) => clamp switch
    {
        ClampKind.Relu => relu(x),
        ClampKind.Relu6 => relu6(x),
        _ => x,
    };
}
