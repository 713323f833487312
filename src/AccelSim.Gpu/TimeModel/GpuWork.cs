using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>A batch of matrix products, each [Rows, Terms] by [Terms, Columns], done <paramref name="Times"/> times one after the other.</summary>
/// <param name="Batches">Products side by side, such as the groups of a convolution.</param>
/// <param name="Rows">Output channels of a group.</param>
/// <param name="Columns">Output pixels of the batch.</param>
/// <param name="Terms">Terms of a sum.</param>
/// <param name="Times">One after the other.</param>
/// <param name="Channels">Of a convolution's group, what the terms are a multiple of; 0 for a plain product.</param>
/// <param name="Winograd">A 3×3 convolution of stride 1.</param>
internal readonly record struct DenseWork(long Batches, long Rows, long Columns, long Terms, long Times = 1, long Channels = 0, bool Winograd = false);

/// <summary>What a layer gives a GPU to do, beside the bytes that it moves.</summary>
/// <param name="Dense">Matrix products, on the units that do them.</param>
/// <param name="VectorOperations">Operations of one element each, on the vector units, one a multiply-accumulate slot.</param>
/// <param name="Sums">Multiply-accumulates of sums too short or too irregular for tiles, on the vector units at the depthwise efficiency.</param>
/// <param name="Launches">Kernels, one after the other.</param>
/// <param name="Parallel">How many multiprocessors the sums can occupy at most.</param>
internal sealed record GpuWork(IReadOnlyList<DenseWork> Dense, double VectorOperations = 0, double Sums = 0, long Launches = 1, long Parallel = long.MaxValue)
{
    /// <summary>Vector operations that a function such as e^x takes: a range reduction and a polynomial, as in <see cref="FloatFunctions"/>.</summary>
    private const int OperationsOfFunction = 12;

    public static GpuWork Of(LayerGraph graph, Layer layer, LayerCost cost)
    {
        var output = graph.TypeOf(layer.Name).Shape;
        var inputs = graph.InputTypes(layer);
        double read = inputs.Sum(input => (double)input.Shape.Elements);
        switch (layer.Operator)
        {
            case { } view when view.IsView():
                return new GpuWork([], Launches: 0);
            case Convolution convolution when convolution.IsDepthwise(inputs[0]):
                return new GpuWork([], Sums: cost.Macs);
            case Convolution convolution:
                return Product(convolution.Groups, output[1] / convolution.Groups, (long)output[0] * output[2] * output[3], cost, inputs[0].Channels / convolution.Groups,
                    convolution is { Kernel: { Height: 3, Width: 3 }, Stride: { Height: 1, Width: 1 } } && convolution.Spacing == Size2.Square(1));
            case FullyConnected or RadialBasis or BoltzmannLayer:
                return Product(1, output[1], output[0], cost);
            case TransposedConvolution convolution:
                // As many products as the convolution whose transpose it is, in its layout.
                return Product(convolution.Groups, output[1] / convolution.Groups, (long)output[0] * output[2] * output[3], cost);
            case MatrixProduct:
                return Product(output.Elements / output[^2] / output[^1], output[^2], output[^1], cost);
            case ConvolutionWeightGradient gradient:
                return Product(gradient.Groups, output[0] / gradient.Groups, output.Elements / output[0], cost);
            case Recurrent recurrent:
                return Steps(recurrent, inputs[0].Shape, output);
            case HopfieldSweep:
                // Unit after unit: one multiprocessor a state.
                return new GpuWork([], Sums: cost.Macs, Parallel: output[0]);
            case AveragePool pool:
                return Elementwise(Math.Max(read, (double)output.Elements * pool.Kernel.Area));
            case MaxPool pool:
                return Elementwise(Math.Max(read, (double)output.Elements * pool.Kernel.Area));
            case AveragePoolGradient pool:
                return Elementwise(Math.Max(output.Elements, read * pool.Kernel.Area));
            case MaxPoolGradient pool:
                // Each window is searched for its maximum by each of its elements.
                return Elementwise((double)inputs[1].Shape.Elements * pool.Kernel.Area * pool.Kernel.Area + output.Elements);
            case LocalResponseNormalization normalization:
                return Elementwise((double)output.Elements * (Math.Min(normalization.Size, output[1]) + 2 * OperationsOfFunction));
            case Softmax:
                return Elementwise(output.Elements * (2.0 * OperationsOfFunction + 2));
            case CrossEntropy:
                return Elementwise(read / 2 * (OperationsOfFunction + 3)) with { Launches = 2 };
            case Activation { Integer: null } activation:
                return Elementwise(output.Elements * OperationsOf(activation.Kind));
            case ActivationGradient gradient:
                return Elementwise(output.Elements * (OperationsOf(gradient.Kind) + 1));
            case Arithmetic { Kind: ArithmeticKind.Power }:
                return Elementwise(output.Elements * 2.0 * OperationsOfFunction);
            default:
                // Broadcasting, padding and literals write more than they read; slices less.
                return Elementwise(layer.Operator is Slice or Gather or Concat ? output.Elements : Math.Max(read, output.Elements));
        }
    }

    private static double OperationsOf(ActivationKind kind) => kind switch
    {
        ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.Elu or ActivationKind.Swish or ActivationKind.Softplus or ActivationKind.Exp or ActivationKind.Log
            => OperationsOfFunction,
        ActivationKind.Power => 2 * OperationsOfFunction,
        _ => 1,
    };

    private static GpuWork Elementwise(double operations) => new([], VectorOperations: operations);

    /// <summary>The terms of each sum are the multiply-accumulates that its output elements share.</summary>
    private static GpuWork Product(long batches, long rows, long columns, LayerCost cost, long channels = 0, bool winograd = false)
    {
        long elements = batches * rows * columns;
        return new GpuWork([new DenseWork(batches, rows, columns, Math.Max(1, (cost.Macs + elements - 1) / elements), Channels: channels, Winograd: winograd)]);
    }

    /// <summary>The input's part of all steps at once, then the state's part step by step.</summary>
    private static GpuWork Steps(Recurrent recurrent, Shape sequence, Shape output)
    {
        long steps = sequence[0], batch = sequence[1], hidden = output[2], rows = recurrent.Gates * hidden;
        long kernels = recurrent is { Cell: RecurrentCell.Gru, LinearBeforeReset: false } ? 2 : 1;
        return new GpuWork(
            [new DenseWork(1, rows, steps * batch, sequence[2]), new DenseWork(1, rows, batch, hidden, steps)],
            VectorOperations: (double)steps * batch * rows * OperationsOfFunction,
            Launches: 1 + steps * kernels);
    }
}
