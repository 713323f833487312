using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>A recurrent layer step by step, as <see cref="Recurrent"/> defines it, for what LSTM, GRU and RNN of ONNX do not give.</summary>
internal sealed class UnrolledRecurrence(Recurrent op, LayerNodes nodes)
{
    private readonly int _steps = nodes.Type.Shape[0];
    private readonly int _batch = nodes.Type.Shape[1];
    private readonly int _hidden = nodes.Type.Shape[2];

    public static OnnxValue Of(Recurrent op, LayerNodes nodes) => new UnrolledRecurrence(op, nodes).Run();

    private int Rows => op.Gates * _hidden;

    private Shape StateShape => Shape.Of(_batch, _hidden);

    private OnnxValue Run()
    {
        var sequence = nodes.Input();
        var state = nodes.InputCount > 1 ? nodes.Input(1) : Zeros("initial_hidden");
        var memory = op.Cell != RecurrentCell.Lstm ? null : nodes.InputCount > 2 ? nodes.Input(2) : Zeros("initial_cell");
        var (inputBias, stateBias) = Biases();
        var all = Product(nodes.Reshape(sequence, Shape.Of(_steps * _batch, sequence.Shape[2])), nodes.Constant(0)!, inputBias);
        var states = new OnnxValue[_steps];
        for (int step = 0; step < _steps; step++)
        {
            int time = op.Reverse ? _steps - 1 - step : step;
            var fromInput = nodes.Slice(all, 0, time * _batch, _batch);
            if (op.Cell == RecurrentCell.Gru)
                state = Gru(fromInput, state, stateBias);
            else if (op.Cell == RecurrentCell.Simple)
                state = Function(op.Candidate, nodes.Pair("Add", fromInput, Product(state, nodes.Constant(1)!, stateBias)));
            else
                (state, memory) = Lstm(nodes.Pair("Add", fromInput, Product(state, nodes.Constant(1)!, stateBias)), memory!);
            states[time] = nodes.Reshape(op.Output == RecurrentOutput.Cell ? memory! : state, Shape.Of(1, _batch, _hidden));
        }
        return nodes.Node("Concat", nodes.Type.Shape, states, OnnxAttribute.Of("axis", 0));
    }

    private (OnnxValue State, OnnxValue Memory) Lstm(OnnxValue sums, OnnxValue previous)
    {
        var input = Function(op.Gate, Peek(Gate(sums, 0), 0, previous));
        var forget = Function(op.Gate, Peek(Gate(sums, 2), 2, previous));
        var memory = nodes.Pair("Add", nodes.Pair("Mul", forget, previous), nodes.Pair("Mul", input, Function(op.Candidate, Gate(sums, 3))));
        var output = Function(op.Gate, Peek(Gate(sums, 1), 1, memory));
        return (nodes.Pair("Mul", output, ActivationNodes.Apply(nodes, memory, op.CellOutput)), memory);
    }

    private OnnxValue Gru(OnnxValue fromInput, OnnxValue previous, OnnxValue? stateBias)
    {
        OnnxValue FromState(OnnxValue state, int gate) =>
            Product(state, nodes.Slice(nodes.Constant(1)!, 0, gate * _hidden, _hidden), stateBias is null ? null : nodes.Slice(stateBias, 0, gate * _hidden, _hidden));
        var update = Function(op.Gate, nodes.Pair("Add", Gate(fromInput, 0), FromState(previous, 0)));
        var reset = Function(op.Gate, nodes.Pair("Add", Gate(fromInput, 1), FromState(previous, 1)));
        var candidate = Function(op.Candidate, nodes.Pair("Add", Gate(fromInput, 2), op.LinearBeforeReset
            ? nodes.Pair("Mul", reset, FromState(previous, 2))
            : FromState(nodes.Pair("Mul", reset, previous), 2)));
        var kept = nodes.Pair("Mul", update, previous);
        return nodes.Pair("Add", nodes.Pair("Mul", nodes.Pair("Sub", nodes.Scalar("one", 1), update), candidate), kept);
    }

    private OnnxValue Gate(OnnxValue sums, int gate) => nodes.Slice(sums, 1, gate * _hidden, _hidden);

    private OnnxValue Peek(OnnxValue sum, int gate, OnnxValue memory) =>
        nodes.ConstantCount < 4 ? sum : nodes.Pair("Add", sum, nodes.Pair("Mul", memory, nodes.Slice(nodes.Constant(3)!, 0, gate * _hidden, _hidden)));

    private OnnxValue Function(ActivationKind kind, OnnxValue sum) => ActivationNodes.Apply(nodes, op.Clip is { } limit ? nodes.Clipped(sum, -limit, limit) : sum, kind);

    private OnnxValue Product(OnnxValue x, OnnxValue weight, OnnxValue? bias) =>
        nodes.Node("Gemm", Shape.Of(x.Shape[0], weight.Shape[0]), [x, weight, bias], OnnxAttribute.Of("transB", 1));

    private (OnnxValue? Input, OnnxValue? State) Biases()
    {
        var bias = nodes.Constant(2);
        return bias is null || bias.Shape[0] == Rows ? (bias, null) : (nodes.Slice(bias, 0, 0, Rows), nodes.Slice(bias, 0, Rows, Rows));
    }

    private OnnxValue Zeros(string role) => nodes.Floats(role, StateShape, new float[_batch * _hidden]);
}
