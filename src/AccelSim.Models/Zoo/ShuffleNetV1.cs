using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Zhang, Zhou, Lin, Sun, "ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices", CVPR 2018, Table 1 and
/// Figure 2: 1×1 layers in groups, whose channels are shuffled after the first. Widths as in the authors' released code.
/// </summary>
public sealed class ShuffleNetV1 : ImageFamily
{
    private static readonly int[] RepeatsOfStages = [4, 8, 4];

    public override string Name => "shufflenet_v1";

    public override string Citation => "Zhang et al., CVPR 2018";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
    [
        NetworkOption.Choice("groups", "groups of the 1×1 layers", "3", "1", "2", "4", "8"),
        NetworkOption.Choice(NetworkOption.Width, "factor on the channels", "1", "0.25", "0.5", "1.5", "2"),
    ];

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        int groups = settings.Integer("groups");
        // Table 1: the channels of stage 2, which double from stage to stage.
        int channels = (int)(settings.Width * groups switch { 1 => 144, 2 => 200, 3 => 240, 4 => 272, _ => 384 });
        // 24 channels, 48 at 2×; what the first unit adds to them must fall into groups too (16 and not 12 at 0.5× with 8 groups).
        int first = ToMultiple((int)(settings.Width < 2 ? 24 * Math.Min(1, settings.Width) : 48));
        string x = layers.Convolution("conv1", input, first, 3, 2, activation: ActivationKind.Relu);
        x = graph.MaxPool("maxpool", x, 3, 2, padding: 1);
        for (int stage = 0; stage < 3; stage++)
        {
            for (int unit = 0; unit < RepeatsOfStages[stage]; unit++)
                x = Unit($"stage{stage + 2}/unit{unit + 1}", x, channels << stage, firstOfAll: stage == 0 && unit == 0, halves: unit == 0);
        }
        return [graph.Classifier(x, settings.Classes)];

        string Unit(string block, string value, int outputs, bool firstOfAll, bool halves)
        {
            int added = halves ? outputs - graph.TypeOf(value).Channels : outputs;
            // The first 1×1 has few inputs and no groups (section 3.2).
            string y = layers.Convolution($"{block}/conv1", value, ToMultiple(outputs / 4), 1, groups: firstOfAll ? 1 : groups, activation: ActivationKind.Relu);
            if (groups > 1)
                y = graph.Layer($"{block}/shuffle", new ChannelShuffle(groups), [y]);
            y = layers.Depthwise($"{block}/depthwise", y, 3, halves ? 2 : 1);
            y = layers.Convolution($"{block}/conv2", y, added, 1, groups: groups);
            if (!halves)
                return graph.Relu(block, graph.Add($"{block}/add", value, y));
            string pooled = graph.Layer($"{block}/pool", new AveragePool(Size2.Square(3), Size2.Square(2), Padding.All(1), CountPadding: true), [value]);
            return graph.Concat($"{block}/concat", pooled, graph.Relu(block, y));
        }

        int ToMultiple(int count) => (count + groups - 1) / groups * groups;
    }
}
