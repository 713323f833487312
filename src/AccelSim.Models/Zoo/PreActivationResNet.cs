using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// He, Zhang, Ren, Sun, "Identity Mappings in Deep Residual Networks", ECCV 2016: normalization and activation before each convolution, nothing after the sum. 50, 101 and
/// 152 layers are TF-slim's "ResNet v2", which halves the image in the last bottleneck of the stage before; 200 layers are the paper's, which halves it in the first.
/// </summary>
public sealed class PreActivationResNet : ImageFamily
{
    private static readonly ImmutableDictionary<string, ImmutableArray<int>> BlocksOfStages = ImmutableDictionary.CreateRange<string, ImmutableArray<int>>(
    [
        new("50", [3, 4, 6, 3]), new("101", [3, 4, 23, 3]), new("152", [3, 8, 36, 3]), new("200", [3, 24, 36, 3]),
    ]);

    public override string Name => "resnet_v2";

    public override string Citation => "He et al., ECCV 2016";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice(NetworkOption.Variant, "weighted layers", "50", "101", "152", "200")];

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        ImmutableArray<int> blocks = BlocksOfStages[settings.Variant];
        bool halvesLast = settings.Variant != "200";
        var layers = halvesLast ? NormalizedLayers.TensorFlow(graph) : NormalizedLayers.Torch(graph);
        string x = graph.MaxPool("maxpool", graph.Convolution("conv1", input, 64, 7, 2, 3, bias: true), 3, 2, padding: 1);
        for (int stage = 0; stage < 4; stage++)
        {
            int last = blocks[stage] - 1;
            for (int block = 0; block <= last; block++)
            {
                int stride = halvesLast ? stage < 3 && block == last ? 2 : 1 : stage > 0 && block == 0 ? 2 : 1;
                x = Bottleneck($"stage{stage + 1}/block{block + 1}", x, 64 << stage, stride);
            }
        }
        return [graph.Classifier(Activated("last", x), settings.Classes)];

        string Activated(string layer, string value) => graph.Relu(layer, layers.Normalize(layer, value));

        string Bottleneck(string block, string value, int inner, int stride)
        {
            string before = Activated(block, value);
            string y = layers.Convolution($"{block}/conv1", before, inner, 1, activation: ActivationKind.Relu);
            y = layers.Convolution($"{block}/conv2", y, inner, 3, stride, activation: ActivationKind.Relu);
            y = graph.Convolution($"{block}/conv3", y, 4 * inner, 1, bias: true);
            string shortcut = graph.TypeOf(value).Channels != 4 * inner ? graph.Convolution($"{block}/shortcut", before, 4 * inner, 1, stride, bias: true)
                : stride != 1 ? graph.MaxPool($"{block}/shortcut", value, 1, stride)
                : value;
            return graph.Add($"{block}/add", y, shortcut);
        }
    }
}
