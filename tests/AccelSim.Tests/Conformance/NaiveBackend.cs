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
            var operands = layer.Inputs.Select(name => new Operand(values[name], graph.TypeOf(name).Quantization)).ToArray();
            var constants = layer.Constants.Select(name => new Operand(graph.Constants.TryGetValue(name, out var constant) ? constant.Value : values[name], null)).ToArray();
            if (NaiveSequences.Execute(layer.Operator, operands, constants, type.Shape) is { } sequence)
                return sequence;
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
                    Activation op => op.Kind.Evaluate(operands[0][at], op.Alpha, op.Beta),
                    Add op => Sum(op, operands[0].Spread(at), operands[1].Spread(at)),
                    Arithmetic op => op.Kind.Evaluate(operands[0].Spread(at), operands[1].Spread(at)),
                    Literal => constants[0].Flat(i),
                    Concat op => Join(op, operands, at),
                    Slice op => operands[0].Code(Moved(at, op.Axis, op.Start + at[op.Axis] * op.Step)),
                    Gather op => operands[0].Code(Moved(at, op.Axis, op.Indices[at[op.Axis]])),
                    ChannelShuffle op => operands[0].Code(Moved(at, 1, at[1] / op.Groups + at[1] % op.Groups * (type.Shape[1] / op.Groups))),
                    Transpose op => operands[0].Code([.. Enumerable.Range(0, at.Length).Select(dimension => at[op.Permutation.IndexOf(dimension)])]),
                    Reshape => operands[0].Flat(i) + operands[0].Zero,
                    Pad op => Padded(op, operands[0], at, type.Quantization),
                    Quantize op => Math.Clamp(op.Output.ZeroPoint + Math.Round(operands[0][at] / op.Output.Scale, MidpointRounding.ToEven), -128, 127),
                    Dequantize => operands[0][at] * graph.TypeOf(layer.Inputs[0]).Quantization!.Value.Scale,
                    Softmax op => Share(op.Axis < 0 ? op.Axis + at.Length : op.Axis, operands[0], at),
                    LocalResponseNormalization op => Normalized(op, operands[0], at),
                    Reduce op => Reduced(op, operands[0], at),
                    MatrixProduct op => Inner(op, operands[0], operands[1], at),
                    Interpolate op => operands[0][Moved(at, op.Axis, op.Low[at[op.Axis]])] * (1 - op.Fraction[at[op.Axis]])
                        + operands[0][Moved(at, op.Axis, op.High[at[op.Axis]])] * op.Fraction[at[op.Axis]],
                    TransposedConvolution op => NaiveGradients.Transposed(op, operands[0], constants, at),
                    BoltzmannLayer op => Probability(op, operands[0], constants, at),
                    ConvolutionWeightGradient op => NaiveGradients.OfWeights(op, operands[0], operands[1], at),
                    ActivationGradient op => operands[1][at] * NaiveGradients.Slope(op, operands[0][at]),
                    MaxPoolGradient op => NaiveGradients.OfMaxPool(op, operands[0], operands[1], at),
                    AveragePoolGradient op => NaiveGradients.OfAveragePool(op, operands[0], at),
                    CrossEntropy => NaiveGradients.CrossEntropy(operands[0], operands[1]),
                    Multiply op => Product(op, operands, at),
                    GlobalAveragePool op => GlobalMean(op, operands[0], at),
                    AveragePool op => Mean(op, operands[0], at),
                    MaxPool op => Largest(op, operands[0], at) + operands[0].Zero,
                    Flatten => operands[0].Flat(i) + operands[0].Zero,
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
                        int y = at[2] * op.Stride.Height + ky * op.Spacing.Height - op.Padding.Top, z = at[3] * op.Stride.Width + kx * op.Spacing.Width - op.Padding.Left;
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
            double product = operands[0].Spread(at) * operands[1].Spread(at);
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
            double[] window = [.. Window(op.Kernel, op.Stride, op.Padding, op.Dilation, x, at)];
            int count = op.CountPadding ? op.Kernel.Area : window.Length;
            return op.Integer is { } integer
                ? Requantize(window.Sum(), integer, op.Counts(new Size2(x.Shape[2], x.Shape[3])).IndexOf(count))
                : window.Sum() / count;
        }

        private static double Largest(MaxPool op, Operand x, int[] at) => Window(op.Kernel, op.Stride, op.Padding, op.Dilation, x, at).Max();

        private static double Join(Concat op, Operand[] operands, int[] at)
        {
            int position = at[op.Axis], i = 0;
            while (position >= operands[i].Shape[op.Axis])
                position -= operands[i++].Shape[op.Axis];
            int[] from = Moved(at, op.Axis, position);
            return op.Integer is { } integer && operands[i].Quantization != integer.Output ? Requantize(operands[i][from], integer, i) : operands[i].Code(from);
        }

        private static double Padded(Pad op, Operand x, int[] at, Quantization? codes)
        {
            int[] from = [.. at];
            for (int d = 0; d < from.Length; d++)
            {
                int position = at[d] - op.Before[d], last = x.Shape[d] - 1;
                if (op.Mode == PadMode.Constant && (position < 0 || position > last))
                    return codes is { } code ? Math.Clamp(code.ZeroPoint + Math.Floor(op.Value / code.Scale + 0.5), -128, 127) : op.Value;
                if (position < 0)
                    position = op.Mode == PadMode.Edge ? 0 : -position;
                if (position > last)
                    position = op.Mode == PadMode.Edge ? last : last - (position - last);
                from[d] = position;
            }
            return x.Code(from);
        }

        private static double Share(int axis, Operand x, int[] at)
        {
            double sum = 0;
            for (int i = 0; i < x.Shape[axis]; i++)
                sum += Math.Exp(x[Moved(at, axis, i)] - x[at]);
            return 1 / sum;
        }

        private static double Normalized(LocalResponseNormalization op, Operand x, int[] at)
        {
            double squares = 0;
            for (int c = at[1] - (op.Size - 1) / 2; c <= at[1] + op.Size / 2; c++)
            {
                if (c >= 0 && c < x.Shape[1])
                    squares += Math.Pow(x[Moved(at, 1, c)], 2);
            }
            return x[at] / Math.Pow(op.Bias + op.Alpha / op.Size * squares, op.Beta);
        }

        private static double Reduced(Reduce op, Operand x, int[] at)
        {
            var elements = new List<double>();
            for (int i = 0; i < x.Shape.Elements; i++)
            {
                int[] from = Unravel(x.Shape, i);
                int[] to = [.. from.Select((position, d) => op.Axes.Contains(d) ? 0 : position).Where((_, d) => op.KeepDimensions || !op.Axes.Contains(d))];
                if (to.SequenceEqual(at))
                    elements.Add(x.Flat(i));
            }
            return op.Kind switch
            {
                ReduceKind.Sum => elements.Sum(),
                ReduceKind.Mean => elements.Average(),
                ReduceKind.Maximum => elements.Max(),
                _ => elements.Min(),
            };
        }

        private static double Inner(MatrixProduct op, Operand a, Operand b, int[] at)
        {
            double sum = 0;
            int[] leading = at[..^2];
            for (int k = 0; k < a.Shape[op.TransposeA ? ^2 : ^1]; k++)
            {
                sum += a.Spread([.. leading, .. op.TransposeA ? (int[])[k, at[^2]] : [at[^2], k]])
                    * b.Spread([.. leading, .. op.TransposeB ? (int[])[at[^1], k] : [k, at[^1]]]);
            }
            return sum;
        }

        private static double Probability(BoltzmannLayer op, Operand x, Operand[] constants, int[] at)
        {
            double sum = constants[op.Downward ? 2 : 1][at[1]];
            for (int k = 0; k < x.Shape[1]; k++)
                sum += x[at[0], k] * (op.Downward ? constants[0][k, at[1]] : constants[0][at[1], k]);
            return 1 / (1 + Math.Exp(-sum));
        }

        private static int[] Moved(int[] at, int axis, int position)
        {
            int[] moved = [.. at];
            moved[axis] = position;
            return moved;
        }

        private static IEnumerable<double> Window(Size2 kernel, Size2 stride, Padding padding, Size2? dilation, Operand x, int[] at)
        {
            for (int ky = 0; ky < kernel.Height; ky++)
            {
                for (int kx = 0; kx < kernel.Width; kx++)
                {
                    int y = at[2] * stride.Height + ky * (dilation?.Height ?? 1) - padding.Top, z = at[3] * stride.Width + kx * (dilation?.Width ?? 1) - padding.Left;
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
}
