using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", Nature 1986: layers that are fully connected to
/// the next, of any number and size. Two inputs, two hidden units and one output are the paper's (and Minsky's) exclusive-or.
/// </summary>
public sealed class MultilayerPerceptron : NetworkFamily
{
    public override string Name => "mlp";

    public override string Citation => "Rumelhart et al., Nature 1986";

    public override ImmutableArray<NetworkOption> Options =>
    [
        new SizesOption("layers", "units of each layer, inputs first", [784, 100, 10], 2, 64, 1_000_000)
        {
            Published = ["2-2-1", "784-100-10", "784-300-10", "784-300-100-10", "784-500-150-10"],
        },
        NetworkOption.Choice("activation", "of the hidden units", "sigmoid", "tanh", "relu"),
    ];

    protected override Shape Input(NetworkSettings settings) => UnitInput.Of(settings.Batch, settings.Sizes("layers")[0]);

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var sizes = settings.Sizes("layers");
        var activation = settings["activation"] switch { "sigmoid" => ActivationKind.Sigmoid, "tanh" => ActivationKind.Tanh, _ => ActivationKind.Relu };
        string x = UnitInput.Flat(graph, input);
        for (int layer = 1; layer < sizes.Length; layer++)
        {
            x = graph.FullyConnected($"fc{layer}", x, sizes[layer]);
            if (layer < sizes.Length - 1)
                x = graph.Activation($"fc{layer}/{settings["activation"]}", x, activation);
        }
        return [x];
    }
}
