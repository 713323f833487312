using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>LSTM, GRU and RNN in one or both directions.</summary>
internal static class Recurrence
{
    [OnnxOperator("LSTM")]
    public static void Lstm(OnnxNode node) => Import(node, RecurrentCell.Lstm);

    [OnnxOperator("GRU")]
    public static void Gru(OnnxNode node) => Import(node, RecurrentCell.Gru);

    [OnnxOperator("RNN")]
    public static void Rnn(OnnxNode node) => Import(node, RecurrentCell.Simple);

    private static void Import(OnnxNode node, RecurrentCell cell)
    {
        string x = node.Float(0);
        if (node.ShapeOf(x).Rank != 3)
            throw new OnnxException($"its input must be [steps, batch, features], but has shape {node.ShapeOf(x)}.");
        bool batchFirst = node.Attributes.Flag("layout");
        if (batchFirst)
            x = node.Layer(new Transpose([1, 0, 2]), x);
        var (steps, batch) = (node.ShapeOf(x)[0], node.ShapeOf(x)[1]);
        if (node.Has(4) && node.Constant(4, "sequence_lens").Integers().Any(length => length != steps))
            throw new OnnxException("sequences shorter than the input (sequence_lens) are not supported: pad none.");
        if (node.Attributes.Flag("input_forget"))
            throw new OnnxException("input_forget = 1 is not supported.");
        bool[] reversed = node.Attributes.Text("direction", "forward") switch
        {
            "forward" => [false],
            "reverse" => [true],
            "bidirectional" => [false, true],
            var other => throw new OnnxException($"its direction is '{other}'; forward, reverse and bidirectional are known."),
        };
        var weights = Weights(node, reversed.Length);
        int hidden = weights[1]!.Extents[2];
        var functions = Functions(node, cell, reversed.Length);
        string?[] hiddenStates = new string?[reversed.Length], cellStates = new string?[reversed.Length];
        for (int d = 0; d < reversed.Length; d++)
        {
            var recurrent = new Recurrent(
                cell, reversed[d], node.Attributes.Flag("linear_before_reset"), RecurrentOutput.Hidden,
                functions[d].Gate, functions[d].Candidate, functions[d].CellOutput,
                node.Attributes.Has("clip") ? node.Attributes.Float("clip", 0) : null);
            int direction = d;
            Operand[] constants = [.. weights.Where(tensor => tensor is not null).Select(tensor => (Operand)Direction(tensor!, direction))];
            string[] inputs = [x, .. States(node, cell, d, batch, hidden, batchFirst)];
            hiddenStates[d] = node.Layer(recurrent, inputs, constants);
            if (cell == RecurrentCell.Lstm && node.Wants(2))
                cellStates[d] = node.Layer(recurrent with { Output = RecurrentOutput.Cell }, inputs, constants);
        }
        if (node.Wants(0))
        {
            string[] directions = [.. hiddenStates.Select(state => node.Layer(new Reshape([steps, 1, batch, hidden]), state!))];
            string all = directions.Length == 1 ? directions[0] : node.Layer(new Concat(1), directions);
            node.Set(0, batchFirst ? node.Layer(new Transpose([2, 0, 1, 3]), all) : all);
        }
        if (node.Wants(1))
            node.Set(1, Last(node, hiddenStates!, reversed, steps, batchFirst));
        if (cell == RecurrentCell.Lstm && node.Wants(2))
            node.Set(2, Last(node, cellStates!, reversed, steps, batchFirst));
    }

    /// <summary>Input weight, recurrent weight, bias and peephole, [directions, …] each.</summary>
    private static HostTensor?[] Weights(OnnxNode node, int directions)
    {
        var input = node.Constant(1, "W");
        var recurrent = node.Constant(2, "R");
        if (input.Rank != 3 || recurrent.Rank != 3 || input.Extents[0] != directions || recurrent.Extents[0] != directions)
            throw new OnnxException($"its weights W {input} and R {recurrent} are not [directions, gates × hidden, …] for {directions} directions.");
        var bias = node.Has(3) ? node.Constant(3, "B") : null;
        var peephole = node.Has(7) ? node.Constant(7, "P") : null;
        if (node.Attributes.Int("hidden_size", recurrent.Extents[2]) != recurrent.Extents[2])
            throw new OnnxException($"its hidden_size is {node.Attributes.Int("hidden_size")}, but R is {recurrent}.");
        if (peephole is not null)
            bias ??= HostTensor.Uniform([directions, recurrent.Extents[1]], 0, DataType.Float);
        foreach (var tensor in (HostTensor?[])[bias, peephole])
        {
            if (tensor is not null && (tensor.Rank != 2 || tensor.Extents[0] != directions))
                throw new OnnxException($"its constant {tensor} is not [directions, values] for {directions} directions.");
        }
        return [input, recurrent, bias, peephole];
    }

    private static HostTensor Direction(HostTensor tensor, int direction)
    {
        int[] extents = [.. tensor.Extents[1..]];
        long[] strides = [.. Enumerable.Range(1, extents.Length).Select(tensor.Stride)];
        return tensor.Collect(extents, strides, direction * tensor.Stride(0));
    }

    /// <summary>The initial hidden and cell state [N, H] of a direction, where they are given and not 0.</summary>
    private static IEnumerable<string> States(OnnxNode node, RecurrentCell cell, int direction, int batch, int hidden, bool batchFirst)
    {
        bool hasHidden = Given(5), hasCell = cell == RecurrentCell.Lstm && Given(6);
        if (hasHidden)
            yield return State(5);
        else if (hasCell)
            yield return node.Literal(HostTensor.Uniform([batch, hidden], 0, DataType.Float));
        if (hasCell)
            yield return State(6);

        bool Given(int input) => node.Has(input) && !(node.Known(input) is { } known && Enumerable.Range(0, (int)known.Elements).All(i => known.Real(i) == 0));

        string State(int input)
        {
            int axis = batchFirst ? 1 : 0;
            var shape = node.ShapeOf(input);
            if (shape.Rank != 3 || direction >= shape[axis])
                throw new OnnxException($"its initial state has shape {shape}.");
            return node.Reshaped(node.Layer(new Slice(axis, direction, 1), node.Float(input)), batch, hidden);
        }
    }

    /// <summary>The state after the last step read, [directions, N, H].</summary>
    private static string Last(OnnxNode node, string[] states, bool[] reversed, int steps, bool batchFirst)
    {
        string[] last = [.. states.Select((state, d) => node.Layer(new Slice(0, reversed[d] ? 0 : steps - 1, 1), state))];
        string all = last.Length == 1 ? last[0] : node.Layer(new Concat(0), last);
        return batchFirst ? node.Layer(new Transpose([1, 0, 2]), all) : all;
    }

    private static (ActivationKind Gate, ActivationKind Candidate, ActivationKind CellOutput)[] Functions(OnnxNode node, RecurrentCell cell, int directions)
    {
        int each = cell switch
        {
            RecurrentCell.Lstm => 3,
            RecurrentCell.Gru => 2,
            _ => 1,
        };
        var names = node.Attributes.Texts("activations");
        if (names is { Count: > 0 } && names.Count != each * directions)
            throw new OnnxException($"it names {names.Count} activations, but needs {each * directions}.");
        var kinds = names is { Count: > 0 } ? names.Select(Kind).ToArray() : null;
        return [.. Enumerable.Range(0, directions).Select(d => kinds is null
            ? (ActivationKind.Sigmoid, ActivationKind.Tanh, ActivationKind.Tanh)
            : cell == RecurrentCell.Simple
                ? (ActivationKind.Sigmoid, kinds[d], ActivationKind.Tanh)
                : (kinds[each * d], kinds[each * d + 1], each == 3 ? kinds[each * d + 2] : ActivationKind.Tanh))];
    }

    private static ActivationKind Kind(string name) => name.ToUpperInvariant() switch
    {
        "SIGMOID" => ActivationKind.Sigmoid,
        "TANH" => ActivationKind.Tanh,
        "RELU" => ActivationKind.Relu,
        "SOFTPLUS" => ActivationKind.Softplus,
        _ => throw new OnnxException($"the activation '{name}' in a recurrent layer is not supported; Sigmoid, Tanh, Relu and Softplus are."),
    };
}
