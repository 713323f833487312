using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Smolensky, "Information processing in dynamical systems: foundations of harmony theory", 1986; Hinton, "Training Products of Experts by
/// Minimizing Contrastive Divergence", Neural Computation 2002. Visible and hidden units with weights between the two kinds only. The
/// graph is half a Gibbs step: the probability of every hidden unit given the visible ones.
/// </summary>
public sealed class RestrictedBoltzmann : NetworkFamily
{
    public override string Name => "rbm";

    public override string Citation => "Hinton, Neural Computation 2002";

    public override ImmutableArray<NetworkOption> Options =>
    [
        new IntegerOption("visible", "visible units: pixels of an image", 784, 1, 1_000_000),
        new IntegerOption("hidden", "hidden units", 500, 1, 1_000_000),
    ];

    protected override Shape Input(NetworkSettings settings) => UnitInput.Of(settings.Batch, settings.Integer("visible"));

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        int visible = settings.Integer("visible"), hidden = settings.Integer("hidden");
        return
        [
            graph.Layer(
                "hidden", new BoltzmannLayer(), [UnitInput.Flat(graph, input)],
                ("weight", Shape.Of(hidden, visible)), ("hidden_bias", Shape.Of(hidden)), ("visible_bias", Shape.Of(visible))),
        ];
    }
}
