using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", Proc. IEEE 1998, section II.B.
/// <c>modern</c> has a full C3, parameter-free average pooling and ten logits; <c>1998</c> has the C3 of Table I, subsampling with
/// a trained coefficient and bias a map, and radial basis outputs with fixed centres. The squashing function is tanh in both.
/// </summary>
public sealed class LeNet5 : ImageFamily
{
    /// <summary>Table I: the S2 maps that each C3 map reads.</summary>
    private static readonly ImmutableArray<ImmutableArray<int>> C3Connections =
    [
        [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 0], [5, 0, 1],
        [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 0], [4, 5, 0, 1], [5, 0, 1, 2],
        [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5],
        [0, 1, 2, 3, 4, 5],
    ];

    public override string Name => "lenet5";

    public override string Citation => "LeCun et al., Proc. IEEE 1998";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
        [NetworkOption.Choice(NetworkOption.Variant, "full C3 and logits, or the network of 1998", "modern", "1998")];

    protected override int Channels => 1;

    protected override int DefaultResolution(string? variant) => 32;

    protected override int SmallestResolution => 32;

    protected override int DefaultClasses => 10;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        bool original = settings.Variant == "1998";
        var five = new Convolution(Size2.Square(5), Size2.Square(1), Padding.None);
        string x = graph.Convolution("c1", input, 6, five, bias: true);
        x = Subsample("s2", Squash("c1", x));
        x = graph.Convolution("c3", x, 16, original ? five with { ConnectionTable = C3Connections } : five, bias: true);
        x = Subsample("s4", Squash("c3", x));
        x = graph.Convolution("c5", x, 120, five, bias: true);
        x = graph.Layer("flatten", new Flatten(), [Squash("c5", x)]);
        x = Squash("f6", graph.FullyConnected("f6", x, 84));
        return
        [
            original
                ? graph.Layer("output", new RadialBasis(), [x], ("centre", Shape.Of(settings.Classes, 84)))
                : graph.FullyConnected("output", x, settings.Classes),
        ];

        string Squash(string layer, string value) => graph.Activation($"{layer}/tanh", value, ActivationKind.Tanh);

        string Subsample(string layer, string value)
        {
            value = graph.Layer(layer, new AveragePool(Size2.Square(2), Size2.Square(2), Padding.None), [value]);
            // A trained coefficient and bias for each map is what batch normalization computes with fixed statistics.
            return original ? Squash(layer, graph.BatchNormalization($"{layer}/affine", value, 1e-5)) : value;
        }
    }
}
