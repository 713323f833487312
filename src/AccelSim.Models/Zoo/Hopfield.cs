using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Hopfield, "Neural networks and physical systems with emergent collective computational abilities", PNAS 1982: units of ±1, each joined to
/// every other with a symmetric weight and none to itself. The graph is one sweep in which every unit in turn takes its neighbours' sign;
/// U units hold about 0.138 U patterns.
/// </summary>
public sealed class Hopfield : NetworkFamily
{
    public override string Name => "hopfield";

    public override string Citation => "Hopfield, PNAS 1982";

    public override ImmutableArray<NetworkOption> Options => [new IntegerOption("units", "units of the network", 100, 2, 65536) { Published = ["100", "784"] }];

    protected override string InputName => "state";

    protected override Shape Input(NetworkSettings settings) => UnitInput.Of(settings.Batch, settings.Integer("units"));

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        int units = settings.Integer("units");
        return [graph.Layer("sweep", new HopfieldSweep(), [UnitInput.Flat(graph, input)], ("weight", Shape.Of(units, units)))];
    }
}
