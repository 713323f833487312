using AccelSim.Graph;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>Recurrent layers step by step, as <see cref="Recurrent"/> defines them.</summary>
internal static class RecurrentSequence
{
    public static TorchTensor Run(Recurrent layer, TorchTensor[] inputs, TorchTensor[] constants)
    {
        var sequence = inputs[0];
        var (steps, batch, hidden) = (sequence.shape[0], sequence.shape[1], constants[1].shape[1]);
        long rows = layer.Gates * hidden;
        var none = torch.zeros([rows], sequence.dtype);
        var inputBias = constants.Length > 2 ? constants[2].slice(0, 0, rows, 1) : none;
        var stateBias = constants.Length > 2 && constants[2].shape[0] == 2 * rows ? constants[2].slice(0, rows, 2 * rows, 1) : none;
        var state = inputs.Length > 1 ? inputs[1] : torch.zeros([batch, hidden], sequence.dtype);
        var memory = inputs.Length > 2 ? inputs[2] : torch.zeros([batch, hidden], sequence.dtype);
        var states = new TorchTensor[steps];
        for (long step = 0; step < steps; step++)
        {
            long time = layer.Reverse ? steps - 1 - step : step;
            var fromInput = linear(sequence[time], constants[0], inputBias);
            switch (layer.Cell)
            {
                case RecurrentCell.Simple:
                    state = Function(layer.Candidate, fromInput + linear(state, constants[1], stateBias));
                    break;
                case RecurrentCell.Lstm:
                    (state, memory) = Lstm(fromInput + linear(state, constants[1], stateBias), memory, constants.Length > 3 ? constants[3] : null);
                    break;
                default:
                    state = Gru(fromInput, state);
                    break;
            }
            states[time] = layer.Output == RecurrentOutput.Cell ? memory : state;
        }
        return torch.stack(states, 0);

        TorchTensor Function(ActivationKind kind, TorchTensor sum) =>
            FloatFunctions.Activate(kind, layer.Clip is { } limit ? sum.clamp(-limit, limit) : sum);

        (TorchTensor State, TorchTensor Memory) Lstm(TorchTensor sums, TorchTensor previous, TorchTensor? peephole)
        {
            var gates = sums.chunk(4, 1);
            var input = Function(layer.Gate, gates[0] + Peek(0, previous));
            var forget = Function(layer.Gate, gates[2] + Peek(2, previous));
            var next = forget * previous + input * Function(layer.Candidate, gates[3]);
            var output = Function(layer.Gate, gates[1] + Peek(1, next));
            return (output * FloatFunctions.Activate(layer.CellOutput, next), next);

            TorchTensor Peek(long gate, TorchTensor cell) => peephole is null ? torch.zeros_like(cell) : peephole.slice(0, gate * hidden, (gate + 1) * hidden, 1) * cell;
        }

        TorchTensor Gru(TorchTensor fromInput, TorchTensor previous)
        {
            TorchTensor[] x = fromInput.chunk(3, 1), weights = constants[1].chunk(3, 0), biases = stateBias.chunk(3, 0);
            var update = Function(layer.Gate, x[0] + linear(previous, weights[0], biases[0]));
            var reset = Function(layer.Gate, x[1] + linear(previous, weights[1], biases[1]));
            var candidate = Function(layer.Candidate, x[2] + (layer.LinearBeforeReset
                ? reset * linear(previous, weights[2], biases[2])
                : linear(reset * previous, weights[2], biases[2])));
            return (1 - update) * candidate + update * previous;
        }
    }
}
