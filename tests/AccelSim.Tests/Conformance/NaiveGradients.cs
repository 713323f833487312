using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>Gradients as plain loops: for one element, everything that reaches it.</summary>
internal static class NaiveGradients
{
    public static double Transposed(TransposedConvolution op, Operand x, Operand[] constants, int[] at)
    {
        var weight = constants[0];
        int outputs = weight.Shape[1], inputs = weight.Shape[0] / op.Groups, group = at[1] / outputs;
        double sum = constants.Length > 1 ? constants[1][at[1]] : 0;
        for (int c = group * inputs; c < (group + 1) * inputs; c++)
        {
            for (int y = 0; y < x.Shape[2]; y++)
            {
                for (int z = 0; z < x.Shape[3]; z++)
                {
                    int ky = at[2] + op.Padding.Top - y * op.Stride.Height, kx = at[3] + op.Padding.Left - z * op.Stride.Width;
                    if (Tap(ky, op.Dilation?.Height ?? 1, op.Kernel.Height) is { } row && Tap(kx, op.Dilation?.Width ?? 1, op.Kernel.Width) is { } column)
                        sum += x[at[0], c, y, z] * weight[c, at[1] % outputs, row, column];
                }
            }
        }
        return sum;

        static int? Tap(int offset, int dilation, int kernel) => offset >= 0 && offset % dilation == 0 && offset / dilation < kernel ? offset / dilation : null;
    }

    public static double OfWeights(ConvolutionWeightGradient op, Operand x, Operand dy, int[] at)
    {
        int group = at[0] / (dy.Shape[1] / op.Groups), channel = group * (x.Shape[1] / op.Groups) + at[1];
        double sum = 0;
        for (int n = 0; n < dy.Shape[0]; n++)
        {
            for (int y = 0; y < dy.Shape[2]; y++)
            {
                for (int z = 0; z < dy.Shape[3]; z++)
                {
                    int row = y * op.Stride.Height + at[2] * (op.Dilation?.Height ?? 1) - op.Padding.Top;
                    int column = z * op.Stride.Width + at[3] * (op.Dilation?.Width ?? 1) - op.Padding.Left;
                    if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3])
                        sum += dy[n, at[0], y, z] * x[n, channel, row, column];
                }
            }
        }
        return sum;
    }

    /// <summary>The derivative by a central difference of the function itself: no formula is shared.</summary>
    public static double Slope(ActivationGradient op, double x)
    {
        const double step = 1e-6;
        return (op.Kind.Evaluate(x + step, op.Alpha, op.Beta) - op.Kind.Evaluate(x - step, op.Alpha, op.Beta)) / (2 * step);
    }

    public static double OfMaxPool(MaxPoolGradient op, Operand x, Operand dy, int[] at)
    {
        double sum = 0;
        for (int y = 0; y < dy.Shape[2]; y++)
        {
            for (int z = 0; z < dy.Shape[3]; z++)
            {
                (int Row, int Column)? first = null;
                double largest = double.NegativeInfinity;
                for (int ky = 0; ky < op.Kernel.Height; ky++)
                {
                    for (int kx = 0; kx < op.Kernel.Width; kx++)
                    {
                        int row = y * op.Stride.Height + ky * (op.Dilation?.Height ?? 1) - op.Padding.Top;
                        int column = z * op.Stride.Width + kx * (op.Dilation?.Width ?? 1) - op.Padding.Left;
                        if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3] && x[at[0], at[1], row, column] > largest)
                            (first, largest) = ((row, column), x[at[0], at[1], row, column]);
                    }
                }
                if (first == (at[2], at[3]))
                    sum += dy[at[0], at[1], y, z];
            }
        }
        return sum;
    }

    public static double OfAveragePool(AveragePoolGradient op, Operand dy, int[] at)
    {
        double sum = 0;
        for (int y = 0; y < dy.Shape[2]; y++)
        {
            for (int z = 0; z < dy.Shape[3]; z++)
            {
                int inside = 0;
                bool covers = false;
                for (int ky = 0; ky < op.Kernel.Height; ky++)
                {
                    for (int kx = 0; kx < op.Kernel.Width; kx++)
                    {
                        int row = y * op.Stride.Height + ky - op.Padding.Top, column = z * op.Stride.Width + kx - op.Padding.Left;
                        inside += row >= 0 && row < op.Image.Height && column >= 0 && column < op.Image.Width ? 1 : 0;
                        covers |= (row, column) == (at[2], at[3]);
                    }
                }
                if (covers)
                    sum += dy[at[0], at[1], y, z] / (op.CountPadding ? op.Kernel.Height * op.Kernel.Width : inside);
            }
        }
        return sum;
    }

    public static double CrossEntropy(Operand logits, Operand target)
    {
        double loss = 0;
        for (int n = 0; n < logits.Shape[0]; n++)
        {
            double sum = Enumerable.Range(0, logits.Shape[1]).Sum(c => Math.Exp(logits[n, c]));
            loss -= Enumerable.Range(0, logits.Shape[1]).Sum(c => target[n, c] * (logits[n, c] - Math.Log(sum)));
        }
        return loss / logits.Shape[0];
    }
}
