using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>Operators whose elements depend on one another, as plain loops over scalars.</summary>
internal static class NaiveSequences
{
    /// <summary>The value of a recurrent layer or a Hopfield sweep; null for any other operator.</summary>
    public static Tensor? Execute(Operator @operator, Operand[] inputs, Operand[] constants, Shape shape) => @operator switch
    {
        Recurrent recurrent => Tensor.Of(shape, Recur(recurrent, inputs, constants)),
        HopfieldSweep => Tensor.Of(shape, Sweep(inputs[0], constants[0])),
        _ => null,
    };

    private static float[] Recur(Recurrent op, Operand[] inputs, Operand[] constants)
    {
        var x = inputs[0];
        int steps = x.Shape[0], batch = x.Shape[1], hidden = constants[1].Shape[1], rows = op.Gates * hidden;
        var result = new float[steps * batch * hidden];
        for (int n = 0; n < batch; n++)
        {
            double[] h = [.. Enumerable.Range(0, hidden).Select(j => inputs.Length > 1 ? inputs[1][n, j] : 0)];
            double[] c = [.. Enumerable.Range(0, hidden).Select(j => inputs.Length > 2 ? inputs[2][n, j] : 0)];
            for (int step = 0; step < steps; step++)
            {
                int t = op.Reverse ? steps - 1 - step : step;
                double[] previous = h, next = new double[hidden];
                var cells = (double[])c.Clone();
                for (int j = 0; j < hidden; j++)
                {
                    switch (op.Cell)
                    {
                        case RecurrentCell.Simple:
                            next[j] = Apply(op.Candidate, FromInput(0, j) + FromState(0, j, previous));
                            break;
                        case RecurrentCell.Lstm:
                            double i = Apply(op.Gate, FromInput(0, j) + FromState(0, j, previous) + Peek(0, j) * c[j]);
                            double f = Apply(op.Gate, FromInput(2, j) + FromState(2, j, previous) + Peek(2, j) * c[j]);
                            cells[j] = f * c[j] + i * Apply(op.Candidate, FromInput(3, j) + FromState(3, j, previous));
                            double o = Apply(op.Gate, FromInput(1, j) + FromState(1, j, previous) + Peek(1, j) * cells[j]);
                            next[j] = o * op.CellOutput.Evaluate(cells[j]);
                            break;
                        default:
                            double z = Apply(op.Gate, FromInput(0, j) + FromState(0, j, previous));
                            double candidate;
                            if (op.LinearBeforeReset)
                            {
                                double r = Apply(op.Gate, FromInput(1, j) + FromState(1, j, previous));
                                candidate = Apply(op.Candidate, FromInput(2, j) + r * FromState(2, j, previous));
                            }
                            else
                            {
                                double[] reset = [.. Enumerable.Range(0, hidden).Select(k => previous[k] * Apply(op.Gate, FromInput(1, k) + FromState(1, k, previous)))];
                                candidate = Apply(op.Candidate, FromInput(2, j) + FromState(2, j, reset));
                            }
                            next[j] = (1 - z) * candidate + z * previous[j];
                            break;
                    }
                }
                (h, c) = (next, cells);
                for (int j = 0; j < hidden; j++)
                    result[(t * batch + n) * hidden + j] = (float)(op.Output == RecurrentOutput.Cell ? c[j] : h[j]);

                double FromInput(int gate, int unit) =>
                    Bias(gate * hidden + unit) + Enumerable.Range(0, x.Shape[2]).Sum(k => constants[0][gate * hidden + unit, k] * x[t, n, k]);
            }

            double FromState(int gate, int unit, double[] state) =>
                StateBias(gate * hidden + unit) + Enumerable.Range(0, hidden).Sum(k => constants[1][gate * hidden + unit, k] * state[k]);
        }
        return result;

        double Bias(int row) => constants.Length > 2 ? constants[2][row] : 0;

        double StateBias(int row) => constants.Length > 2 && constants[2].Shape[0] > rows ? constants[2][rows + row] : 0;

        double Peek(int gate, int unit) => constants.Length > 3 ? constants[3][gate * hidden + unit] : 0;

        double Apply(ActivationKind kind, double sum) => kind.Evaluate(op.Clip is { } limit ? Math.Clamp(sum, -limit, limit) : sum);
    }

    private static float[] Sweep(Operand states, Operand weight)
    {
        int batch = states.Shape[0], units = states.Shape[1];
        var result = new float[batch * units];
        for (int n = 0; n < batch; n++)
        {
            double[] s = [.. Enumerable.Range(0, units).Select(i => states[n, i])];
            for (int i = 0; i < units; i++)
            {
                double sum = Enumerable.Range(0, units).Sum(j => weight[i, j] * s[j]);
                if (sum != 0)
                    s[i] = sum > 0 ? 1 : -1;
            }
            for (int i = 0; i < units; i++)
                result[n * units + i] = (float)s[i];
        }
        return result;
    }
}
