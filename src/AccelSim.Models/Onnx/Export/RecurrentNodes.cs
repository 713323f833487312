using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>Recurrent layers as RNN, LSTM and GRU of one direction, whose output of every step has the directions as a dimension of its own.</summary>
internal static class RecurrentNodes
{
    public static OnnxValue Recurrent(Recurrent op, LayerNodes nodes) => IsStandard(op) ? Standard(op, nodes) : UnrolledRecurrence.Of(op, nodes);

    /// <summary>ONNX gives out the hidden state of every step and the cell state of the last alone, and knows fewer functions.</summary>
    private static bool IsStandard(Recurrent op) => op.Output == RecurrentOutput.Hidden && Used(op).All(kind => NameOf(kind) is not null);

    private static OnnxValue Standard(Recurrent op, LayerNodes nodes)
    {
        var sequence = nodes.Input();
        int hidden = nodes.Type.Shape[2], rows = op.Gates * hidden;
        var state = Shape.Of(1, sequence.Shape[1], hidden);
        OnnxValue? Initial(int index) => index < nodes.InputCount ? nodes.Reshape(nodes.Input(index), state) : null;
        var (first, second) = (Initial(1), Initial(2));
        OnnxValue?[] inputs =
        [
            sequence, nodes.Constant(0, Shape.Of(1, rows, sequence.Shape[2])), nodes.Constant(1, Shape.Of(1, rows, hidden)), Bias(nodes, rows), null, first,
            .. op.Cell == RecurrentCell.Lstm ? (OnnxValue?[])[second, nodes.ConstantCount > 3 ? nodes.Constant(3, Shape.Of(1, 3 * hidden)) : null] : [],
        ];
        var steps = Shape.Of(sequence.Shape[0], 1, sequence.Shape[1], hidden);
        var states = nodes.Nodes(NodeName(op.Cell), inputs, [(DataType.Float, steps)], Attributes(op, hidden))[0];
        return nodes.Node("Squeeze", nodes.Type.Shape, [states, nodes.Integers("axes", 1)]);
    }

    private static string NodeName(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Simple => "RNN",
        RecurrentCell.Lstm => "LSTM",
        _ => "GRU",
    };

    private static AttributeProto[] Attributes(Recurrent op, int hidden) =>
    [
        OnnxAttribute.Of("hidden_size", hidden),
        OnnxAttribute.Of("direction", op.Reverse ? "reverse" : "forward"),
        OnnxAttribute.Of("activations", Used(op).Select(kind => NameOf(kind)!)),
        .. Used(op).Contains(ActivationKind.HardSigmoid) ? (AttributeProto[])
        [
            // One value for each function; those without parameters ignore theirs.
            OnnxAttribute.Of("activation_alpha", Used(op).Select(_ => 1.0 / 6)),
            OnnxAttribute.Of("activation_beta", Used(op).Select(_ => 0.5)),
        ] : [],
        .. op.Clip is { } clip ? (AttributeProto[])[OnnxAttribute.Of("clip", clip)] : [],
        .. op is { Cell: RecurrentCell.Gru, LinearBeforeReset: true } ? (AttributeProto[])[OnnxAttribute.Of("linear_before_reset", 1)] : [],
    ];

    /// <summary>Bias of the input's weights, then of the state's, where there may be but the first.</summary>
    private static OnnxValue? Bias(LayerNodes nodes, int rows)
    {
        if (nodes.ConstantCount < 3)
            return null;
        var whole = Shape.Of(1, 2 * rows);
        var bias = nodes.Constant(2)!;
        return bias.Shape.Elements == 2 * rows
            ? nodes.Reshape(bias, whole)
            : nodes.Node("Concat", whole, [nodes.Reshape(bias, Shape.Of(1, rows)), nodes.Floats("state_bias", Shape.Of(1, rows), new float[rows])], OnnxAttribute.Of("axis", 1));
    }

    private static ActivationKind[] Used(Recurrent op) => op.Cell switch
    {
        RecurrentCell.Simple => [op.Candidate],
        RecurrentCell.Lstm => [op.Gate, op.Candidate, op.CellOutput],
        _ => [op.Gate, op.Candidate],
    };

    private static string? NameOf(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => "Relu",
        ActivationKind.Tanh => "Tanh",
        ActivationKind.Sigmoid => "Sigmoid",
        ActivationKind.HardSigmoid => "HardSigmoid",
        ActivationKind.Softplus => "Softplus",
        _ => null,
    };
}
