using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>
/// The independent oracle: numerics.md as plain loops over indices, one output element at a time, integers in 64 bits and reals in float64.
/// Written for clarity and sharing no arithmetic with the product, FixedPoint included.
/// </summary>
internal sealed class NaiveBackend : IBackend
{
    public string Name => "naive";

    public IExecutor Compile(LayerGraph graph) => new Executor(graph);

    private sealed class Executor(LayerGraph graph) : IExecutor
    {
        public IReadOnlyDictionary<string, Tensor> Run(
            IReadOnlyDictionary<string, Tensor> inputs, bool everyLayer = false, CancellationToken cancellation = default)
        {
            var values = new Dictionary<string, Tensor>(inputs);
            foreach (var layer in graph.Layers)
                values[layer.Name] = Execute(layer, values);
            return (everyLayer ? graph.Layers.Select(layer => layer.Name) : graph.Outputs).Distinct().ToDictionary(name => name, name => values[name]);
        }

        public void Dispose()
        {
        }

        private Tensor Execute(Layer layer, Dictionary<string, Tensor> values)
        {
            var type = graph.TypeOf(layer.Name);
            var operands = layer.Inputs.Select(name => new Operand(values[name], graph.TypeOf(name).Quantization?.ZeroPoint ?? 0)).ToArray();
            var constants = layer.Constants.Select(name => new Operand(graph.Constants[name].Value, 0)).ToArray();
            double[] result = new double[type.Shape.Elements];
            for (int i = 0; i < result.Length; i++)
            {
                int[] at = Unravel(type.Shape, i);
                result[i] = layer.Operator switch
                {
                    Convolution op => Convolve(op, operands[0], constants, at),
                    FullyConnected op => Connect(op, operands[0], constants, at),
                    BatchNormalization op => Clamp(op.Clamp, constants[0][at[1]] * (operands[0][at] - constants[2][at[1]]) / Math.Sqrt(constants[3][at[1]] + op.Epsilon) + constants[1][at[1]]),
                    Activation { Integer: { } table } => table.Entries[(int)operands[0][at] + operands[0].Zero + 128],
                    Activation op => op.Kind.Evaluate(operands[0][at]),
                    Add op => Sum(op, operands[0][at], operands[1][at]),
                    Multiply op => Product(op, operands, at),
                    GlobalAveragePool op => GlobalMean(op, operands[0], at),
                    AveragePool op => Mean(op, operands[0], at),
                    MaxPool op => Largest(op, operands[0], at) + operands[0].Zero,
                    Flatten => operands[0][i] + operands[0].Zero,
                    RadialBasis => Enumerable.Range(0, operands[0].Shape[1]).Sum(k => Math.Pow(operands[0][at[0], k] - constants[0][at[1], k], 2)),
                    _ => throw new NotSupportedException(layer.Operator.Name),
                };
            }
            return type.Element == ElementType.Int8
                ? Tensor.Of(type.Shape, Array.ConvertAll(result, value => checked((sbyte)value)))
                : Tensor.Of(type.Shape, Array.ConvertAll(result, value => (float)value));
        }

        private static double Convolve(Convolution op, Operand x, Operand[] constants, int[] at)
        {
            var weight = constants[0];
            int perGroup = weight.Shape[1], group = at[1] / (weight.Shape[0] / op.Groups);
            double sum = constants.Length > 1 ? constants[1][at[1]] : 0;
            for (int c = 0; c < perGroup; c++)
            {
                for (int ky = 0; ky < op.Kernel.Height; ky++)
                {
                    for (int kx = 0; kx < op.Kernel.Width; kx++)
                    {
                        int y = at[2] * op.Stride.Height + ky - op.Padding.Top, z = at[3] * op.Stride.Width + kx - op.Padding.Left;
                        double w = weight[at[1], c, ky, kx] - (op.Integer?.WeightZeroPointOf(at[1]) ?? 0);
                        if (y >= 0 && y < x.Shape[2] && z >= 0 && z < x.Shape[3])
                            sum += w * x[at[0], group * perGroup + c, y, z];
                    }
                }
            }
            return op.Integer is { } integer ? Requantize(sum, integer.Requantization, at[1]) : Clamp(op.Clamp, sum);
        }

        private static double Connect(FullyConnected op, Operand x, Operand[] constants, int[] at)
        {
            double sum = constants.Length > 1 ? constants[1][at[1]] : 0;
            for (int k = 0; k < x.Shape[1]; k++)
                sum += x[at[0], k] * (constants[0][at[1], k] - (op.Integer?.WeightZeroPointOf(at[1]) ?? 0));
            return op.Integer is { } integer ? Requantize(sum, integer.Requantization, at[1]) : Clamp(op.Clamp, sum);
        }

        private static double Sum(Add op, double a, double b)
        {
            if (op.Integer is not { } integer)
                return Clamp(op.Clamp, a + b);
            var scaled = new Int128(0, 0) + (long)a * integer.MultiplierA + (long)b * integer.MultiplierB;
            return Saturate(scaled, integer.Shift, integer.Output.ZeroPoint, integer.Low, integer.High);
        }

        private static double Product(Multiply op, Operand[] operands, int[] at)
        {
            bool spread = operands[1].Shape != operands[0].Shape;
            double product = operands[0][at] * (spread ? operands[1][at[0], at[1], 0, 0] : operands[1][at]);
            return op.Integer is { } integer ? Requantize(product, integer, 0) : product;
        }

        private static double GlobalMean(GlobalAveragePool op, Operand x, int[] at)
        {
            double sum = 0;
            for (int y = 0; y < x.Shape[2]; y++)
            {
                for (int z = 0; z < x.Shape[3]; z++)
                    sum += x[at[0], at[1], y, z];
            }
            return op.Integer is { } integer ? Requantize(sum, integer, 0) : sum / (x.Shape[2] * x.Shape[3]);
        }

        private static double Mean(AveragePool op, Operand x, int[] at)
        {
            double[] window = [.. Window(op.Kernel, op.Stride, op.Padding, x, at)];
            int count = op.CountPadding ? op.Kernel.Area : window.Length;
            return op.Integer is { } integer
                ? Requantize(window.Sum(), integer, op.Counts(new Size2(x.Shape[2], x.Shape[3])).IndexOf(count))
                : window.Sum() / count;
        }

        private static double Largest(MaxPool op, Operand x, int[] at) => Window(op.Kernel, op.Stride, op.Padding, x, at).Max();

        private static IEnumerable<double> Window(Size2 kernel, Size2 stride, Padding padding, Operand x, int[] at)
        {
            for (int ky = 0; ky < kernel.Height; ky++)
            {
                for (int kx = 0; kx < kernel.Width; kx++)
                {
                    int y = at[2] * stride.Height + ky - padding.Top, z = at[3] * stride.Width + kx - padding.Left;
                    if (y >= 0 && y < x.Shape[2] && z >= 0 && z < x.Shape[3])
                        yield return x[at[0], at[1], y, z];
                }
            }
        }

        private static double Clamp(ClampKind clamp, double value) => clamp switch
        {
            ClampKind.Relu => value < 0 ? 0 : value,
            ClampKind.Relu6 => value < 0 ? 0 : value > 6 ? 6 : value,
            _ => value,
        };

        private static double Requantize(double accumulator, Requantization requantization, int pair) => Saturate(
            (Int128)(long)accumulator * requantization.Multiplier[requantization.Multiplier.Length == 1 ? 0 : pair],
            requantization.Shift[requantization.Shift.Length == 1 ? 0 : pair],
            requantization.Output.ZeroPoint, requantization.Low, requantization.High);

        /// <summary>Round half toward +∞: floor(v ÷ 2^S + ½), by division instead of the shift that the product uses.</summary>
        private static double Saturate(Int128 value, int shift, int zeroPoint, int low, int high)
        {
            Int128 unit = Int128.One << shift, doubled = 2 * value + unit;
            Int128 floor = doubled / (2 * unit) - (doubled % (2 * unit) < 0 ? 1 : 0);
            return (double)Int128.Clamp(floor + zeroPoint, low, high);
        }

        private static int[] Unravel(Shape shape, int index)
        {
            int[] at = new int[shape.Rank];
            for (int d = shape.Rank - 1; d >= 0; d--)
                (index, at[d]) = (index / shape[d], index % shape[d]);
            return at;
        }
    }

    /// <summary>A tensor read as reals, or as codes less their zero point.</summary>
    private readonly struct Operand(Tensor tensor, int zero)
    {
        public Shape Shape => tensor.Shape;

        public int Zero => zero;

        public double this[params ReadOnlySpan<int> at]
        {
            get
            {
                int index = 0;
                if (at.Length == 1)
                    index = at[0];
                else
                {
                    for (int d = 0; d < at.Length; d++)
                        index = index * tensor.Shape[d] + at[d];
                }
                return tensor.Element switch
                {
                    ElementType.Int8 => tensor.Int8[index] - zero,
                    ElementType.Int32 => tensor.Int32[index],
                    _ => tensor.Float32[index],
                };
            }
        }
    }
}
