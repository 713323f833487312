using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>
/// Unrolled in time (Werbos, "Backpropagation Through Time", Proc. IEEE 78, 1990): one product with the input's weights for the whole sequence, then for each step one with
/// the state's, and the functions of <see cref="Recurrent"/>.
/// </summary>
internal sealed class RecurrentExpansion : TrainingExpansion<Recurrent>
{
    protected override string Expand(Recurrent op, LayerExpansion layer) => new Unrolling(op, layer).Run();

    private sealed class Unrolling(Recurrent op, LayerExpansion layer)
    {
        private readonly int _hidden = layer.ShapeOf(layer.ConstantAt(1)!)[1];

        public string Run()
        {
            var sequence = layer.ShapeOf(layer.X(0));
            var (steps, batch, rows) = (sequence[0], sequence[1], op.Gates * _hidden);
            string? bias = layer.ConstantAt(2), stateBias = null;
            if (bias is not null && layer.ShapeOf(bias)[0] == 2 * rows)
                (bias, stateBias) = (layer.Sliced(bias, 0, 0, rows), layer.Sliced(bias, 0, rows, rows));
            string flat = layer.Reshaped(layer.X(0), Shape.Of(steps * batch, sequence[2]));
            string sums = layer.Reshaped(Linear("input", flat, layer.ConstantAt(0)!, bias), Shape.Of(steps, batch, rows));
            string state = Initial(1, batch), memory = op.Cell == RecurrentCell.Lstm ? Initial(2, batch) : state;
            var step = op.Cell == RecurrentCell.Gru ? Gru(stateBias) : null;
            var states = new string[steps];
            for (int i = 0; i < steps; i++)
            {
                int time = op.Reverse ? steps - 1 - i : i;
                string fromInput = layer.Reshaped(layer.Sliced(sums, 0, time, 1), Shape.Of(batch, rows));
                if (step is not null)
                    state = step(fromInput, state);
                else if (op.Cell == RecurrentCell.Simple)
                    state = Limited(op.Candidate, layer.Plus(fromInput, Linear("state", state, layer.ConstantAt(1)!, stateBias)));
                else
                    (state, memory) = Lstm(layer.Plus(fromInput, Linear("state", state, layer.ConstantAt(1)!, stateBias)), memory);
                states[time] = layer.Reshaped(op.Output == RecurrentOutput.Cell ? memory : state, Shape.Of(1, batch, _hidden));
            }
            return steps == 1 ? states[0] : layer.Emit("states", new Concat(0), [.. states]);
        }

        private string Initial(int input, int batch) => input < layer.Layer.Inputs.Length
            ? layer.X(input)
            : layer.Literal("zero", Tensor.Of(Shape.Of(batch, _hidden), new float[batch * _hidden]));

        private (string State, string Memory) Lstm(string sums, string memory)
        {
            string input = Limited(op.Gate, Peek(0, Gate(sums, 0), memory));
            string forget = Limited(op.Gate, Peek(2, Gate(sums, 2), memory));
            string next = layer.Plus(layer.Times(forget, memory), layer.Times(input, Limited(op.Candidate, Gate(sums, 3))));
            string output = Limited(op.Gate, Peek(1, Gate(sums, 1), next));
            return (layer.Times(output, layer.Function(op.CellOutput, next)), next);
        }

        private string Peek(int gate, string sum, string memory) => layer.ConstantAt(3) is { } peephole
            ? layer.Plus(sum, layer.Times(layer.Sliced(peephole, 0, gate * _hidden, _hidden), memory))
            : sum;

        private Func<string, string, string> Gru(string? stateBias)
        {
            string weight = layer.ConstantAt(1)!;
            if (op.LinearBeforeReset)
            {
                return (x, state) =>
                {
                    string sums = Linear("state", state, weight, stateBias);
                    string update = Limited(op.Gate, layer.Plus(Gate(x, 0), Gate(sums, 0))), reset = Limited(op.Gate, layer.Plus(Gate(x, 1), Gate(sums, 1)));
                    return Blend(update, Limited(op.Candidate, layer.Plus(Gate(x, 2), layer.Times(reset, Gate(sums, 2)))), state);
                };
            }
            // The candidate's product waits for the reset gate.
            string gates = layer.Sliced(weight, 0, 0, 2 * _hidden), candidate = layer.Sliced(weight, 0, 2 * _hidden, _hidden);
            string? gatesBias = stateBias is null ? null : layer.Sliced(stateBias, 0, 0, 2 * _hidden), candidateBias = stateBias is null ? null : layer.Sliced(stateBias, 0, 2 * _hidden, _hidden);
            return (x, state) =>
            {
                string sums = Linear("state", state, gates, gatesBias);
                string update = Limited(op.Gate, layer.Plus(Gate(x, 0), Gate(sums, 0))), reset = Limited(op.Gate, layer.Plus(Gate(x, 1), Gate(sums, 1)));
                return Blend(update, Limited(op.Candidate, layer.Plus(Gate(x, 2), Linear("candidate", layer.Times(reset, state), candidate, candidateBias))), state);
            };
        }

        /// <summary>(1 − z)·candidate + z·state.</summary>
        private string Blend(string update, string candidate, string state) => layer.Plus(candidate, layer.Times(update, layer.Minus(state, candidate)));

        private string Gate(string sums, int gate) => layer.Sliced(sums, 1, gate * _hidden, _hidden);

        private string Linear(string what, string x, string weight, string? bias) =>
            layer.Emit(what, new FullyConnected(), [x], LayerExpansion.OneOrTwo(weight, bias));

        private string Limited(ActivationKind kind, string sum) =>
            layer.Function(kind, op.Clip is { } limit ? layer.Function(ActivationKind.Clip, sum, -limit, limit) : sum);
    }
}
