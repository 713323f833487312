using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Radosavovic et al., "Designing Network Design Spaces", CVPR 2020, Tables 8 (X) and 9 (Y): bottlenecks without a narrow middle, the 3×3 in groups of
/// a fixed width. Y adds squeeze-and-excite to a quarter of the block's input before the last layer. The 3×3 halves the image.
/// </summary>
public sealed class RegNet(bool squeezes) : ImageFamily
{
    private readonly record struct Form(int GroupWidth, ImmutableArray<(int Depth, int Width)> Stages);

    private static readonly ImmutableDictionary<string, Form> X = new Dictionary<string, Form>
    {
        ["3.2gf"] = new(48, [(2, 96), (6, 192), (15, 432), (2, 1008)]),
        ["400mf"] = new(16, [(1, 32), (2, 64), (7, 160), (12, 384)]),
        ["1.6gf"] = new(24, [(2, 72), (4, 168), (10, 408), (2, 912)]),
        ["8.0gf"] = new(120, [(2, 80), (5, 240), (15, 720), (1, 1920)]),
    }.ToImmutableDictionary();

    private static readonly ImmutableDictionary<string, Form> Y = new Dictionary<string, Form>
    {
        ["3.2gf"] = new(24, [(2, 72), (5, 216), (13, 576), (1, 1512)]),
        ["400mf"] = new(8, [(1, 48), (3, 104), (6, 208), (6, 440)]),
        ["1.6gf"] = new(24, [(2, 48), (6, 120), (17, 336), (2, 888)]),
        ["8.0gf"] = new(56, [(2, 168), (4, 448), (10, 896), (1, 2016)]),
    }.ToImmutableDictionary();

    public override string Name => squeezes ? "regnety" : "regnetx";

    public override string Citation => "Radosavovic et al., CVPR 2020";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice(NetworkOption.Variant, "size in operations of the paper", "3.2gf", "400mf", "1.6gf", "8.0gf")];

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var form = (squeezes ? Y : X)[settings.Variant];
        string x = layers.Convolution("conv1", input, 32, 3, 2, activation: ActivationKind.Relu);
        for (int stage = 0; stage < form.Stages.Length; stage++)
        {
            for (int block = 0; block < form.Stages[stage].Depth; block++)
                x = Block($"stage{stage + 1}/block{block + 1}", x, form.Stages[stage].Width, block == 0 ? 2 : 1);
        }
        return [graph.Classifier(x, settings.Classes)];

        string Block(string block, string value, int width, int stride)
        {
            int inputs = graph.TypeOf(value).Channels;
            string y = layers.Convolution($"{block}/conv1", value, width, 1, activation: ActivationKind.Relu);
            y = layers.Convolution($"{block}/conv2", y, width, 3, stride, width / Math.Min(form.GroupWidth, width), ActivationKind.Relu);
            if (squeezes)
                y = layers.SqueezeExcite($"{block}/se", y, (int)Math.Round(inputs / 4.0), ActivationKind.Sigmoid);
            y = layers.Convolution($"{block}/conv3", y, width, 1);
            string shortcut = stride != 1 || inputs != width ? layers.Convolution($"{block}/shortcut", value, width, 1, stride) : value;
            return graph.Relu(block, graph.Add($"{block}/add", y, shortcut));
        }
    }
}
