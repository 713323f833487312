using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// A recurrent layer that reads an image row by row, and a classifier on its last state. Simple: Elman, "Finding Structure in Time",
/// Cognitive Science 1990. LSTM: Hochreiter, Schmidhuber, Neural Computation 1997, with the forget gate of Gers, Schmidhuber, Cummins,
/// 2000. GRU: Cho et al., EMNLP 2014; with two biases the reset gate acts after the recurrent product, as in cuDNN.
/// </summary>
public sealed class RecurrentClassifier(RecurrentCell cell) : NetworkFamily
{
    public override string Name => cell switch { RecurrentCell.Lstm => "lstm", RecurrentCell.Gru => "gru", _ => "rnn" };

    public override string Citation => cell switch
    {
        RecurrentCell.Lstm => "Hochreiter and Schmidhuber, Neural Computation 1997",
        RecurrentCell.Gru => "Cho et al., EMNLP 2014",
        _ => "Elman, Cognitive Science 1990",
    };

    public override ImmutableArray<NetworkOption> Options =>
    [
        new IntegerOption("inputs", "values a time step: an image's width", 28, 1, 65536),
        new IntegerOption("steps", "time steps: an image's height", 28, 1, 65536),
        new IntegerOption("hidden", "units of the state", 128, 1, 65536),
        NetworkOption.Choice("biases", "bias vectors a gate: one (Keras), or one each for input and state (Torch, ONNX)", "1", "2"),
        new IntegerOption(NetworkOption.Classes, "outputs of the classifier", 10, 1, 1_000_000),
    ];

    private int Gates => cell switch { RecurrentCell.Lstm => 4, RecurrentCell.Gru => 3, _ => 1 };

    protected override Shape Input(NetworkSettings settings) => Shape.Of(settings.Batch, 1, settings.Integer("steps"), settings.Integer("inputs"));

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        int hidden = settings.Integer("hidden"), steps = settings.Integer("steps"), biases = settings.Integer("biases"), rows = Gates * hidden;
        string x = graph.Layer("rows", new Reshape([0, steps, settings.Integer("inputs")]), [input]);
        x = graph.Layer("time_first", new Transpose([1, 0, 2]), [x]);
        x = graph.Layer(
            Name, new Recurrent(cell, LinearBeforeReset: cell == RecurrentCell.Gru && biases == 2), [x],
            ("input_weight", Shape.Of(rows, settings.Integer("inputs"))), ("recurrent_weight", Shape.Of(rows, hidden)), ("bias", Shape.Of(biases * rows)));
        x = graph.Layer("last_step", new Slice(0, steps - 1, 1), [x]);
        x = graph.Layer("state", new Reshape([-1, hidden]), [x]);
        return [graph.FullyConnected("classifier", x, settings.Classes)];
    }
}
