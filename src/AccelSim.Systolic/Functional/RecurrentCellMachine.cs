using AccelSim.Graph;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Functional;

/// <summary>Computes a recurrent layer step by step (<see cref="Recurrent"/> defines it): products on the array, gates on the vector unit.</summary>
internal sealed class RecurrentCellMachine(Recurrent layer, RecurrentProducts products, ArrayConfiguration array)
{
    private readonly RowProduct _input = new(array, products.Input);
    private readonly RowProduct _state = new(array, products.State);
    private readonly RowProduct? _candidate = products.Candidate is { } work ? new RowProduct(array, work) : null;

    /// <returns>The states [T, N, H].</returns>
    public float[] Run(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> constants, Shape states, CancellationToken cancellation)
    {
        (int steps, int batch, int hidden) = (states[0], states[1], states[2]);
        var step = new Step(layer, hidden, constants);
        float[] fromInput = _input.Run(() => inputs[0].Float32, () => constants[0].Float32, cancellation);
        float[] state = inputs.Count > 1 ? inputs[1].Float32.ToArray() : new float[batch * hidden];
        float[] memory = inputs.Count > 2 ? inputs[2].Float32.ToArray() : new float[batch * hidden];
        float[] result = new float[states.Elements];
        for (int i = 0; i < steps; i++)
        {
            int time = layer.Reverse ? steps - 1 - i : i;
            ReadOnlySpan<float> x = fromInput.AsSpan(time * batch * layer.Gates * hidden, batch * layer.Gates * hidden);
            float[] before = state;
            float[] sums = _state.Run(() => before, () => constants[1].Float32[..(products.State.Filters * hidden)], cancellation);
            switch (layer.Cell)
            {
                case RecurrentCell.Simple:
                    state = step.Simple(x, sums);
                    break;
                case RecurrentCell.Lstm:
                    (state, memory) = step.Lstm(x, sums, memory);
                    break;
                default:
                    (float[] update, float[] reset) = step.UpdateAndReset(x, sums, products.State.Filters);
                    state = Step.Blend(update, Candidate(step, x, sums, reset, before, constants[1], cancellation), before);
                    break;
            }
            (layer.Output == RecurrentOutput.Cell ? memory : state).CopyTo(result.AsSpan(time * batch * hidden));
        }
        return result;
    }

    private float[] Candidate(
        Step step, ReadOnlySpan<float> x, float[] sums, float[] reset, float[] state, Tensor weights, CancellationToken cancellation)
    {
        if (_candidate is null)
            return step.CandidateResetAfter(x, sums, reset);
        float[] kept = new float[state.Length];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = reset[i] * state[i];
        return step.CandidateResetBefore(x, _candidate.Run(() => kept, () => weights.Float32[(products.State.Filters * products.State.Depth)..], cancellation));
    }

    // The vector unit's part of a step. Sums of both products are [N, gates · H].
    private sealed class Step
    {
        private readonly Recurrent _layer;
        private readonly int _hidden;
        private readonly float[] _inputBias;
        private readonly float[] _stateBias;
        private readonly float[]? _peephole;

        public Step(Recurrent layer, int hidden, IReadOnlyList<Tensor> constants)
        {
            (_layer, _hidden) = (layer, hidden);
            int rows = layer.Gates * hidden;
            ReadOnlySpan<float> bias = constants.Count > 2 ? constants[2].Float32 : new float[rows];
            _inputBias = bias[..rows].ToArray();
            _stateBias = bias.Length == 2 * rows ? bias[rows..].ToArray() : new float[rows];
            _peephole = constants.Count > 3 ? constants[3].Float32.ToArray() : null;
        }

        public float[] Simple(ReadOnlySpan<float> x, float[] sums)
        {
            float[] state = new float[sums.Length];
            for (int i = 0; i < state.Length; i++)
                state[i] = Of(_layer.Candidate, Gate(x, sums, _layer.Gates * _hidden, i, 0));
            return state;
        }

        public (float[] State, float[] Memory) Lstm(ReadOnlySpan<float> x, float[] sums, float[] memory)
        {
            float[] state = new float[memory.Length];
            float[] next = new float[memory.Length];
            int rows = _layer.Gates * _hidden;
            for (int i = 0; i < state.Length; i++)
            {
                float input = Of(_layer.Gate, Gate(x, sums, rows, i, 0) + Peek(0, i, memory[i]));
                float forget = Of(_layer.Gate, Gate(x, sums, rows, i, 2) + Peek(2, i, memory[i]));
                next[i] = forget * memory[i] + input * Of(_layer.Candidate, Gate(x, sums, rows, i, 3));
                float output = Of(_layer.Gate, Gate(x, sums, rows, i, 1) + Peek(1, i, next[i]));
                state[i] = output * (float)_layer.CellOutput.Evaluate(next[i]);
            }
            return (state, next);
        }

        public (float[] Update, float[] Reset) UpdateAndReset(ReadOnlySpan<float> x, float[] sums, int rows)
        {
            int count = sums.Length / rows * _hidden;
            float[] update = new float[count];
            float[] reset = new float[count];
            for (int i = 0; i < count; i++)
            {
                update[i] = Of(_layer.Gate, Gate(x, sums, rows, i, 0));
                reset[i] = Of(_layer.Gate, Gate(x, sums, rows, i, 1));
            }
            return (update, reset);
        }

        public float[] CandidateResetAfter(ReadOnlySpan<float> x, float[] sums, float[] reset)
        {
            float[] candidate = new float[reset.Length];
            for (int i = 0; i < candidate.Length; i++)
            {
                (int image, int unit) = Math.DivRem(i, _hidden);
                int row = 2 * _hidden + unit;
                int place = image * 3 * _hidden + row;
                candidate[i] = Of(_layer.Candidate, x[place] + _inputBias[row] + reset[i] * (sums[place] + _stateBias[row]));
            }
            return candidate;
        }

        public float[] CandidateResetBefore(ReadOnlySpan<float> x, float[] sums)
        {
            float[] candidate = new float[sums.Length];
            for (int i = 0; i < candidate.Length; i++)
            {
                (int image, int unit) = Math.DivRem(i, _hidden);
                int row = 2 * _hidden + unit;
                candidate[i] = Of(_layer.Candidate, x[image * 3 * _hidden + row] + _inputBias[row] + sums[i] + _stateBias[row]);
            }
            return candidate;
        }

        public static float[] Blend(float[] update, float[] candidate, float[] state)
        {
            float[] result = new float[state.Length];
            for (int i = 0; i < result.Length; i++)
                result[i] = (1 - update[i]) * candidate[i] + update[i] * state[i];
            return result;
        }

        // One gate's sum for element i of [N, H]; the state's sums have only so many rows.
        private float Gate(ReadOnlySpan<float> x, float[] sums, int rowsOfSums, int i, int gate)
        {
            (int image, int unit) = Math.DivRem(i, _hidden);
            int row = gate * _hidden + unit;
            return x[image * _layer.Gates * _hidden + row] + _inputBias[row] + sums[image * rowsOfSums + row] + _stateBias[row];
        }

        private float Peek(int gate, int i, float cell) => _peephole is null ? 0 : _peephole[gate * _hidden + i % _hidden] * cell;

        private float Of(ActivationKind kind, float sum) =>
            (float)kind.Evaluate(_layer.Clip is { } limit ? Math.Clamp(sum, -limit, limit) : sum);
    }
}
