using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// Every operator as the loop that defines it: one output element at a time, reals in float64, integers in
/// arbitrary precision. Written from numerics.md, sharing nothing with the kernels.
/// </summary>
internal static class NaiveOperators
{
    /// <summary>The output of a graph of one layer: float64 values, or int8 codes.</summary>
    public static double[] Evaluate(LayerGraph graph, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var layer = graph.Layers.Single();
        var output = graph.TypeOf(layer.Name).Shape;
        var operands = layer.Inputs.Select(name => new Operand(inputs[name], graph.TypeOf(name).Quantization)).ToList();
        var constants = layer.Constants.Select(name => new Operand(graph.Constants[name].Value, null)).ToList();
        Func<int[], double> element = layer.Operator switch
        {
            Convolution op => at => Convolution(op, operands[0], constants, at),
            FullyConnected op => at => FullyConnected(op, operands[0], constants, at),
            RadialBasis => at => Enumerable.Range(0, operands[0].Shape[1]).Sum(i => Math.Pow(operands[0][at[0], i] - constants[0][at[1], i], 2)),
            BatchNormalization op => at => BatchNormalization(op, operands[0], constants, at),
            Activation op => at => op.Integer is { } table ? table.Entries[(int)operands[0][at] + 128] : op.Kind.Evaluate(operands[0][at]),
            Add op => at => Add(op, operands[0], operands[1], at),
            Multiply op => at => Multiply(op, operands[0], operands[1], at),
            AveragePool op => at => Average(operands[0], at, op.Kernel, op.Stride, op.Padding, op.CountPadding, op.Integer, op.Counts(graph.TypeOf(layer.Inputs[0]).Image)),
            GlobalAveragePool op => at => Average(operands[0], at, graph.TypeOf(layer.Inputs[0]).Image, Size2.Square(1), Padding.None, false, op.Integer, [graph.TypeOf(layer.Inputs[0]).Image.Area]),
            MaxPool op => at => Window(operands[0], at[0], at[1], at[2], at[3], op.Kernel, op.Stride, op.Padding).Max(),
            Flatten => at => operands[0].Flat(at[0] * output[1] + at[1]),
            _ => throw new NotSupportedException(layer.Operator.Name),
        };
        return [.. Indices(output).Select(element)];
    }

    private static double Convolution(Convolution op, Operand x, List<Operand> constants, int[] at)
    {
        var weight = constants[0];
        int outputsOfGroup = weight.Shape[0] / op.Groups;
        int inputsOfGroup = weight.Shape[1];
        var terms = new List<(double X, double W)>();
        for (int c = 0; c < inputsOfGroup; c++)
        {
            for (int i = 0; i < op.Kernel.Height; i++)
            {
                for (int j = 0; j < op.Kernel.Width; j++)
                {
                    int row = at[2] * op.Stride.Height - op.Padding.Top + i;
                    int column = at[3] * op.Stride.Width - op.Padding.Left + j;
                    bool inside = row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3];
                    int channel = at[1] / outputsOfGroup * inputsOfGroup + c;
                    terms.Add((inside ? x[at[0], channel, row, column] : x.Zero, weight[at[1], c, i, j]));
                }
            }
        }
        return Mac(terms, x, constants, at[1], op.Clamp, op.Integer);
    }

    private static double FullyConnected(FullyConnected op, Operand x, List<Operand> constants, int[] at) => Mac(
        [.. Enumerable.Range(0, x.Shape[1]).Select(i => (x[at[0], i], constants[0][at[1], i]))], x, constants, at[1], op.Clamp, op.Integer);

    private static double Mac(List<(double X, double W)> terms, Operand x, List<Operand> constants, int channel, ClampKind clamp, MacArithmetic? integer)
    {
        double bias = constants.Count > 1 ? constants[1][channel] : 0;
        if (integer is null)
            return Clamp(clamp, bias + terms.Sum(term => term.X * term.W));
        double sum = bias + terms.Sum(term => (term.X - x.Zero) * (term.W - integer.WeightZeroPointOf(channel)));
        return Requantize(sum, integer.Requantization, channel);
    }

    private static double BatchNormalization(BatchNormalization op, Operand x, List<Operand> constants, int[] at)
    {
        var (gamma, beta, mean, variance) = (constants[0], constants[1], constants[2], constants[3]);
        int c = at[1];
        return Clamp(op.Clamp, gamma[c] * (x[at] - mean[c]) / Math.Sqrt(variance[c] + op.Epsilon) + beta[c]);
    }

    private static double Add(Add op, Operand a, Operand b, int[] at)
    {
        if (op.Integer is not { } integer)
            return Clamp(op.Clamp, a[at] + b[at]);
        Int128 sum = (Int128)(a[at] - a.Zero) * integer.MultiplierA + (Int128)(b[at] - b.Zero) * integer.MultiplierB;
        return Finish(sum, integer.Shift, integer.Output.ZeroPoint, integer.Low, integer.High);
    }

    private static double Multiply(Multiply op, Operand a, Operand b, int[] at)
    {
        double factor = b.Shape == a.Shape ? b[at] : b[at[0], at[1], 0, 0];
        return op.Integer is null ? a[at] * factor : Requantize((a[at] - a.Zero) * (factor - b.Zero), op.Integer, 0);
    }

    private static double Average(
        Operand x, int[] at, Size2 kernel, Size2 stride, Padding padding, bool countPadding, Requantization? integer, IReadOnlyList<int> counts)
    {
        var window = Window(x, at[0], at[1], at[2], at[3], kernel, stride, padding);
        int count = countPadding ? kernel.Area : window.Count;
        double sum = window.Sum(value => value - x.Zero);
        return integer is null ? sum / count : Requantize(sum, integer, counts.ToList().IndexOf(count));
    }

    /// <summary>The elements of a window that are inside the image.</summary>
    private static List<double> Window(Operand x, int n, int c, int outputRow, int outputColumn, Size2 kernel, Size2 stride, Padding padding)
    {
        var window = new List<double>();
        for (int row = 0; row < x.Shape[2]; row++)
        {
            for (int column = 0; column < x.Shape[3]; column++)
            {
                int i = row - (outputRow * stride.Height - padding.Top);
                int j = column - (outputColumn * stride.Width - padding.Left);
                if (i >= 0 && i < kernel.Height && j >= 0 && j < kernel.Width)
                    window.Add(x[n, c, row, column]);
            }
        }
        return window;
    }

    private static double Requantize(double accumulator, Requantization integer, int pair) =>
        Finish((Int128)accumulator * integer.Multiplier[pair], integer.Shift[pair], integer.Output.ZeroPoint, integer.Low, integer.High);

    /// <summary>clamp(z + floor(v ÷ 2^S + ½)).</summary>
    private static double Finish(Int128 value, int shift, int zero, int low, int high)
    {
        Int128 rounded = (2 * value + ((Int128)1 << shift)) >> (shift + 1);
        return (double)Int128.Clamp(zero + rounded, low, high);
    }

    private static double Clamp(ClampKind clamp, double value) => clamp switch
    {
        ClampKind.Relu => Math.Max(0, value),
        ClampKind.Relu6 => Math.Min(6, Math.Max(0, value)),
        _ => value,
    };

    private static IEnumerable<int[]> Indices(Shape shape)
    {
        for (long flat = 0; flat < shape.Elements; flat++)
        {
            int[] at = new int[shape.Rank];
            long rest = flat;
            for (int d = shape.Rank - 1; d >= 0; d--)
                (rest, at[d]) = (rest / shape[d], (int)(rest % shape[d]));
            yield return at;
        }
    }

    private sealed class Operand(Tensor tensor, Quantization? quantization)
    {
        public Shape Shape => tensor.Shape;

        /// <summary>What stands for real 0.</summary>
        public int Zero { get; } = quantization?.ZeroPoint ?? 0;

        public double this[params int[] at]
        {
            get
            {
                int flat = 0;
                for (int d = 0; d < at.Length; d++)
                    flat = flat * Shape[d] + at[d];
                return Flat(flat);
            }
        }

        public double Flat(int index) => tensor.Element switch
        {
            ElementType.Float32 => tensor.Float32[index],
            ElementType.Int8 => tensor.Int8[index],
            _ => tensor.Int32[index],
        };
    }
}
