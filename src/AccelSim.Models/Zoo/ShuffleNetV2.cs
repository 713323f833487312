using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Ma, Zhang, Zheng, Sun, "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design", ECCV 2018, Table 5 and Figure 3:
/// half of the channels pass by, and all are shuffled at a unit's end.
/// </summary>
public sealed class ShuffleNetV2 : ImageFamily
{
    private static readonly int[] RepeatsOfStages = [4, 8, 4];

    public override string Name => "shufflenet_v2";

    public override string Citation => "Ma et al., ECCV 2018";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice(NetworkOption.Width, "factor on the channels", "1", "0.5", "1.5", "2")];

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        // Table 5; 2× has 244 channels in the paper and 244 in the released code.
        var (channels, last) = settings[NetworkOption.Width] switch { "0.5" => (48, 1024), "1" => (116, 1024), "1.5" => (176, 1024), _ => (244, 2048) };
        var layers = NormalizedLayers.Torch(graph);
        string x = layers.Convolution("conv1", input, 24, 3, 2, activation: ActivationKind.Relu);
        x = graph.MaxPool("maxpool", x, 3, 2, padding: 1);
        for (int stage = 0; stage < 3; stage++)
        {
            for (int unit = 0; unit < RepeatsOfStages[stage]; unit++)
            {
                string block = $"stage{stage + 2}/unit{unit + 1}";
                x = unit == 0 ? Halving(block, x, (channels << stage) / 2) : Passing(block, x, (channels << stage) / 2);
            }
        }
        x = layers.Convolution("conv5", x, last, 1, activation: ActivationKind.Relu);
        return [graph.Classifier(x, settings.Classes)];

        string Passing(string block, string value, int half) => Shuffled(
            block,
            graph.Layer($"{block}/pass", new Slice(1, 0, half), [value]),
            Branch(block, graph.Layer($"{block}/take", new Slice(1, half, half), [value]), half, 1));

        string Halving(string block, string value, int half)
        {
            string y = layers.Depthwise($"{block}/shortcut/depthwise", value, 3, 2);
            y = layers.Convolution($"{block}/shortcut/pointwise", y, half, 1, activation: ActivationKind.Relu);
            return Shuffled(block, y, Branch(block, value, half, 2));
        }

        string Branch(string block, string value, int half, int stride)
        {
            value = layers.Convolution($"{block}/conv1", value, half, 1, activation: ActivationKind.Relu);
            value = layers.Depthwise($"{block}/depthwise", value, 3, stride);
            return layers.Convolution($"{block}/conv2", value, half, 1, activation: ActivationKind.Relu);
        }

        string Shuffled(string block, string a, string b) => graph.Layer($"{block}/shuffle", new ChannelShuffle(2), [graph.Concat($"{block}/concat", a, b)]);
    }
}
