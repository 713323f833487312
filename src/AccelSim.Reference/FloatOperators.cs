using System.Collections.Frozen;
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

    public static FrozenDictionary<Type, Implementation> Table { get; } = new Dictionary<Type, Implementation>
    {
        [typeof(Convolution)] = (op, x, c, _) => Convolve((Convolution)op, x[0], c),
        [typeof(FullyConnected)] = (op, x, c, _) => linear(x[0], c[0], c.Length > 1 ? c[1] : null).Clamped(((FullyConnected)op).Clamp),
        [typeof(BatchNormalization)] = (op, x, c, training) => Normalize((BatchNormalization)op, x[0], c, training),
        [typeof(Activation)] = (op, x, _, _) => FloatFunctions.Activate((Activation)op, x[0]),
        [typeof(Arithmetic)] = (op, x, _, _) => FloatFunctions.Combine(((Arithmetic)op).Kind, x[0], x[1]),
        [typeof(Add)] = (op, x, _, _) => (x[0] + x[1]).Clamped(((Add)op).Clamp),
        [typeof(Multiply)] = (_, x, _, _) => x[0] * x[1],
        [typeof(AveragePool)] = (op, x, _, _) => Pool((AveragePool)op, x[0]),
        [typeof(GlobalAveragePool)] = (_, x, _, _) => x[0].mean([2, 3], keepdim: true),
        [typeof(RadialBasis)] = (_, x, c, _) => (x[0].unsqueeze(1) - c[0].unsqueeze(0)).square().sum(2),
        [typeof(Pad)] = (op, x, _, _) => MovementOperators.Padded((Pad)op, x[0], ((Pad)op).Value),
        [typeof(Literal)] = (_, _, c, _) => c[0].alias(),
        [typeof(TransposedConvolution)] = (op, x, c, _) => Transposed((TransposedConvolution)op, x[0], c),
        [typeof(Softmax)] = (op, x, _, _) => softmax(x[0], ((Softmax)op).Axis),
        [typeof(LocalResponseNormalization)] = (op, x, _, _) => Normalize((LocalResponseNormalization)op, x[0]),
        [typeof(Graph.Reduce)] = (op, x, _, _) => Reduced((Graph.Reduce)op, x[0]),
        [typeof(Interpolate)] = (op, x, _, _) => Interpolated((Interpolate)op, x[0]),
        [typeof(MatrixProduct)] = (op, x, _, _) => torch.matmul(Turned(x[0], ((MatrixProduct)op).TransposeA), Turned(x[1], ((MatrixProduct)op).TransposeB)),
        [typeof(Recurrent)] = (op, x, c, _) => RecurrentSequence.Run((Recurrent)op, x, c),
        [typeof(HopfieldSweep)] = (_, x, c, _) => Sweep(x[0], c[0]),
        [typeof(BoltzmannLayer)] = (op, x, c, _) => torch.sigmoid(((BoltzmannLayer)op).Downward ? linear(x[0], c[0].t(), c[2]) : linear(x[0], c[0], c[1])),
        [typeof(ConvolutionWeightGradient)] = (op, x, _, _) => Gradients.OfWeights((ConvolutionWeightGradient)op, x[0], x[1]),
        [typeof(ActivationGradient)] = (op, x, _, _) => Gradients.OfActivation((ActivationGradient)op, x[0], x[1]),
        [typeof(MaxPoolGradient)] = (op, x, _, _) => Gradients.OfMaxPool((MaxPoolGradient)op, x[0], x[1]),
        [typeof(AveragePoolGradient)] = (op, x, _, _) => Gradients.OfAveragePool((AveragePoolGradient)op, x[0]),
        [typeof(CrossEntropy)] = (_, x, _, _) => -(x[1] * log_softmax(x[0], 1)).sum(1).mean().reshape(1),
    }.Concat(MovementOperators.Table.Select(entry => KeyValuePair.Create<Type, Implementation>(entry.Key, (op, x, _, _) => entry.Value(op, x))))
        .ToFrozenDictionary();

    /// <summary>Sums of each window, padding as 0.</summary>
    public static TorchTensor WindowSums(AveragePool pool, TorchTensor input)
    {
        var padded = input.Pad(pool.Padding);
        if (pool.Dilation is not { } dilation)
            return avg_pool2d(padded, pool.Kernel.Extents(), pool.Stride.Extents(), divisor_override: 1);
        long channels = input.shape[1];
        var ones = torch.ones([channels, 1, pool.Kernel.Height, pool.Kernel.Width], input.dtype);
        return conv2d(padded, ones, null, pool.Stride.Extents(), null, dilation.Extents(), channels);
    }

    /// <summary>The divisor of each window, [1, 1, H, W].</summary>
    public static long[,,,] WindowCounts(AveragePool pool, TorchTensor input)
    {
        var image = new Size2((int)input.shape[2], (int)input.shape[3]);
        var output = Sliding.Output(image, pool.Kernel, pool.Stride, pool.Padding, pool.Dilation);
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
            convolution.Stride.Extents(), null, convolution.Spacing.Extents(), convolution.Groups).Clamped(convolution.Clamp);

    private static TorchTensor Normalize(BatchNormalization normalization, TorchTensor input, TorchTensor[] constants, bool training) =>
        batch_norm(input, constants[2], constants[3], constants[0], constants[1], training, StatisticsMomentum, normalization.Epsilon)
            .Clamped(normalization.Clamp);

    private static TorchTensor Pool(AveragePool pool, TorchTensor input) =>
        WindowSums(pool, input) / torch.tensor(WindowCounts(pool, input)).to(input.dtype);

    private static TorchTensor Transposed(TransposedConvolution convolution, TorchTensor input, TorchTensor[] constants)
    {
        var extra = convolution.OutputPadding ?? default;
        var full = conv_transpose2d(input, constants[0], null, convolution.Stride.Extents(), null, null, (convolution.Dilation ?? Size2.Square(1)).Extents(), convolution.Groups);
        var padding = convolution.Padding;
        var cut = full.Pad(new Graph.Padding(-padding.Top, extra.Height - padding.Bottom, -padding.Left, extra.Width - padding.Right));
        return constants.Length > 1 ? cut + constants[1].PerChannel(4) : cut;
    }

    private static TorchTensor Normalize(LocalResponseNormalization normalization, TorchTensor input)
    {
        int size = normalization.Size;
        // As [N, 1, C, rest] the sum over neighbouring channels is one over a column of the image.
        var squares = input.square().reshape(input.shape[0], 1, input.shape[1], -1).Pad(new Graph.Padding((size - 1) / 2, size / 2, 0, 0));
        var sums = avg_pool2d(squares, [size, 1], [1, 1], divisor_override: 1).reshape(input.shape);
        return input / (normalization.Bias + normalization.Alpha / size * sums).pow(normalization.Beta);
    }

    private static TorchTensor Reduced(Graph.Reduce reduce, TorchTensor input)
    {
        if (reduce.Axes.IsEmpty)
            return input.alias();
        long[] axes = [.. reduce.Axes.Select(axis => (long)axis)];
        return reduce.Kind switch
        {
            ReduceKind.Sum => input.sum(axes, reduce.KeepDimensions),
            ReduceKind.Mean => input.mean(axes, reduce.KeepDimensions),
            ReduceKind.Maximum => input.amax(axes, reduce.KeepDimensions),
            _ => input.amin(axes, reduce.KeepDimensions),
        };
    }

    private static TorchTensor Interpolated(Interpolate interpolate, TorchTensor input)
    {
        var fraction = torch.tensor(interpolate.Fraction.ToArray()).to(input.dtype)
            .reshape([.. Enumerable.Range(0, (int)input.dim()).Select(dimension => dimension == interpolate.Axis ? -1L : 1)]);
        return MovementOperators.Pick(input, interpolate.Axis, interpolate.Low) * (1 - fraction) + MovementOperators.Pick(input, interpolate.Axis, interpolate.High) * fraction;
    }

    private static TorchTensor Turned(TorchTensor matrix, bool transpose) => transpose ? matrix.transpose(-2, -1) : matrix;

    private static TorchTensor Sweep(TorchTensor states, TorchTensor weights)
    {
        var result = states.clone();
        for (long unit = 0; unit < weights.shape[0]; unit++)
        {
            var sum = torch.mv(result, weights[unit]);
            var column = result.select(1, unit);
            column.copy_(torch.where(sum.eq(0), column, sum.sign()));
        }
        return result;
    }

    private static TorchTensor Clamped(this TorchTensor x, ClampKind clamp) => clamp switch
    {
        ClampKind.Relu => relu(x),
        ClampKind.Relu6 => relu6(x),
        _ => x,
    };
}
