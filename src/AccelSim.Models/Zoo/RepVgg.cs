using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Ding et al., "RepVGG: Making VGG-Style ConvNets Great Again", CVPR 2021, Table 2. <c>branches=on</c> is the form that is trained, and that libraries run
/// unless asked to: 3×3, 1×1 and the identity, each normalized, summed; <c>off</c> is the one 3×3 that they equal.
/// </summary>
public sealed class RepVgg : ImageFamily
{
    private static readonly ImmutableDictionary<string, (int[] Blocks, double Width, double LastWidth)> Forms = new Dictionary<string, (int[], double, double)>
    {
        ["b0"] = ([4, 6, 16, 1], 1, 2.5),
        ["a0"] = ([2, 4, 14, 1], 0.75, 2.5),
        ["a1"] = ([2, 4, 14, 1], 1, 2.5),
        ["a2"] = ([2, 4, 14, 1], 1.5, 2.75),
        ["b1"] = ([4, 6, 16, 1], 2, 4),
    }.ToImmutableDictionary();

    public override string Name => "repvgg";

    public override string Citation => "Ding et al., CVPR 2021";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
    [
        NetworkOption.Choice(NetworkOption.Variant, "size of the paper", "b0", "a0", "a1", "a2", "b1"),
        NetworkOption.Choice("branches", "as trained, or merged to plain 3×3 layers", "on", "off"),
    ];

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var (blocks, width, lastWidth) = Forms[settings.Variant];
        bool branches = settings.IsOn("branches");
        string x = Block("stem", input, (int)Math.Min(64, 64 * width), 2);
        for (int stage = 0; stage < 4; stage++)
        {
            int channels = (int)((64 << stage) * (stage == 3 ? lastWidth : width));
            for (int block = 0; block < blocks[stage]; block++)
                x = Block($"stage{stage + 1}/block{block + 1}", x, channels, block == 0 ? 2 : 1);
        }
        return [graph.Classifier(x, settings.Classes)];

        string Block(string block, string value, int channels, int stride)
        {
            string y = layers.Convolution($"{block}/3x3", value, channels, 3, stride);
            if (branches)
            {
                y = graph.Add($"{block}/add", y, layers.Convolution($"{block}/1x1", value, channels, 1, stride));
                if (stride == 1 && graph.TypeOf(value).Channels == channels)
                    y = graph.Add($"{block}/add_identity", y, layers.Normalize($"{block}/identity", value));
            }
            return graph.Relu(block, y);
        }
    }
}
