using System.Collections.Immutable;
using System.Globalization;

namespace AccelSim.Graph;

public enum RecurrentCell
{
    /// <summary>Elman, "Finding Structure in Time", Cognitive Science 14, 1990.</summary>
    Simple,

    /// <summary>Hochreiter and Schmidhuber, Neural Computation 9, 1997, with the forget gate of Gers et al. 2000. Gates i, o, f, c.</summary>
    Lstm,

    /// <summary>Cho et al., EMNLP 2014. Gates z, r, h.</summary>
    Gru,
}

/// <summary>Which state of every step is the value of the layer.</summary>
public enum RecurrentOutput
{
    Hidden,
    Cell,
}

/// <summary>
/// A recurrent layer over a sequence [T, N, I]: the state [T, N, H] after every step, in the input's order of time also when
/// <paramref name="Reverse"/> reads it backwards. Optional inputs are the initial hidden and cell state [N, H], else 0. Float only.
/// <list type="bullet">
/// <item>Simple: h = g(W·x + R·h' + b).</item>
/// <item>LSTM: i = f(W_i·x + R_i·h' + p_i·c' + b_i), likewise f; c = f·c' + i·g(W_c·x + R_c·h' + b_c); o = f(W_o·x + R_o·h' + p_o·c + b_o); h = o·k(c).</item>
/// <item>GRU: z, r = f(…); h̃ = g(W_h·x + R_h·(r·h') + b_h), or with <paramref name="LinearBeforeReset"/> g(W_h·x + b_h + r·(R_h·h' + b'_h));
/// h = (1 − z)·h̃ + z·h'.</item>
/// </list>
/// Weights are stacked gate by gate in ONNX's order; a bias of 2·G·H values has those of the input's weights first, then of the state's.
/// </summary>
/// <param name="Cell">The kind of cell.</param>
/// <param name="Reverse">Read the sequence from its end.</param>
/// <param name="LinearBeforeReset">GRU: the reset gate acts after the matrix, as cuDNN and Keras do.</param>
/// <param name="Output">What the value is.</param>
/// <param name="Gate">f above.</param>
/// <param name="Candidate">g above.</param>
/// <param name="CellOutput">k above.</param>
/// <param name="Clip">Sums are limited to ±clip before the functions; null is no limit.</param>
public sealed record Recurrent(
    RecurrentCell Cell,
    bool Reverse = false,
    bool LinearBeforeReset = false,
    RecurrentOutput Output = RecurrentOutput.Hidden,
    ActivationKind Gate = ActivationKind.Sigmoid,
    ActivationKind Candidate = ActivationKind.Tanh,
    ActivationKind CellOutput = ActivationKind.Tanh,
    double? Clip = null) : Operator
{
    public override bool IsInteger => false;

    public override int MostInputs => Cell == RecurrentCell.Lstm ? 3 : 2;

    /// <summary>One for the input, one for the state.</summary>
    public override int WeightKernels => 2;

    public override ImmutableArray<string> ConstantRoles => Cell == RecurrentCell.Lstm
        ? ["input_weight", "recurrent_weight", "bias", "peephole"]
        : ["input_weight", "recurrent_weight", "bias"];

    public override int RequiredConstants => 2;

    public override bool HasOutputCount => true;

    /// <summary>With one bias vector.</summary>
    public override ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs)
    {
        RequireRank(inputs[0], 3, "The sequence");
        int rows = checked(Gates * outputs);
        return [Shape.Of(rows, inputs[0].Shape[2]), Shape.Of(rows, outputs), Shape.Of(rows), Shape.Of(checked(3 * outputs))];
    }

    /// <summary>G: 1, 4 or 3.</summary>
    public int Gates => Cell switch
    {
        RecurrentCell.Simple => 1,
        RecurrentCell.Lstm => 4,
        _ => 3,
    };

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireActivation(input);
        RequireRank(input, 3, "The sequence");
        RequireRank(constants[1], 2, "The recurrent weight");
        int hidden = constants[1].Shape[1], rows = checked(Gates * hidden);
        RequireShape(constants[0], Shape.Of(rows, input.Shape[2]), ElementType.Float32, "The input weight");
        RequireShape(constants[1], Shape.Of(rows, hidden), ElementType.Float32, "The recurrent weight");
        if (constants.Count > 2 && constants[2].Shape != Shape.Of(2 * rows))
            RequireShape(constants[2], Shape.Of(rows), ElementType.Float32, "The bias");
        if (constants.Count > 3)
            RequireShape(constants[3], Shape.Of(3 * hidden), ElementType.Float32, "The peephole");
        foreach (var state in inputs.Skip(1))
            RequireShape(state, Shape.Of(input.Shape[1], hidden), ElementType.Float32, "An initial state");
        if (Output == RecurrentOutput.Cell && Cell != RecurrentCell.Lstm)
            throw new GraphException("Only an LSTM has a cell state.");
        if (Clip is not null and not > 0)
            throw new GraphException($"The clip must be positive, but is {Clip}.");
        foreach (var kind in (ActivationKind[])[Gate, Candidate, CellOutput])
        {
            if (kind.ParameterCount() > 0 || !Enum.IsDefined(kind))
                throw new GraphException($"A recurrent layer cannot use {kind}, which has parameters.");
        }
        return Activations(Shape.Of(input.Shape[0], input.Shape[1], hidden), null);
    }

    public override long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) =>
        checked((long)inputs[0].Shape[0] * inputs[0].Shape[1] * (constants[0].Shape.Elements + constants[1].Shape.Elements));

    public override string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{Cell.ToString().ToLowerInvariant()}{(Reverse ? " reverse" : "")}{(Output == RecurrentOutput.Cell ? " cell" : "")}");
}
