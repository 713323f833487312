using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, Table 1. <c>paper</c> is BVLC's Caffe model of it: biases, response
/// normalization, 5×5 branches. <c>torchvision</c> is in wide use and has batch normalization, 3×3 where the paper has 5×5, and a 2×2
/// window in the last pooling.
/// </summary>
/// <remarks>
/// Table 1 prints 2.7K weights and 34M operations for a 7×7 stem, which has 9.4K and 118M. One 7×1 and one 1×7 layer side by side, summed
/// (<c>7x1+1x7</c>), have just what it prints: 2 · 7 · 3 · 64 weights at 112×112. <c>7x1-then-1x7</c> is one after the other, 64 channels between.
/// </remarks>
public sealed class GoogLeNet : ImageFamily
{
    /// <summary>A row of Table 1: the four branches, with the narrow layers before 3×3 and 5×5.</summary>
    private readonly record struct Inception(string Name, int One, int Reduce3, int Three, int Reduce5, int Five, int Pool);

    private static readonly Inception[] Stage3 = [new("3a", 64, 96, 128, 16, 32, 32), new("3b", 128, 128, 192, 32, 96, 64)];

    private static readonly Inception[] Stage4 =
    [
        new("4a", 192, 96, 208, 16, 48, 64), new("4b", 160, 112, 224, 24, 64, 64), new("4c", 128, 128, 256, 24, 64, 64),
        new("4d", 112, 144, 288, 32, 64, 64), new("4e", 256, 160, 320, 32, 128, 128),
    ];

    private static readonly Inception[] Stage5 = [new("5a", 256, 160, 320, 32, 128, 128), new("5b", 384, 192, 384, 48, 128, 128)];

    public override string Name => "googlenet";

    public override string Citation => "Szegedy et al., CVPR 2015";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
    [
        NetworkOption.Choice(NetworkOption.Variant, "of the paper (BVLC), or torchvision's", "paper", "torchvision"),
        NetworkOption.Choice("stem", "the first layer: whole, as a column after a row, or as their sum", "7x7", "7x1-then-1x7", "7x1+1x7"),
        NetworkOption.Choice("aux", "the two auxiliary classifiers, which training uses", "off", "on"),
    ];

    /// <summary>What leaves 3×3 pixels for the last pooling.</summary>
    protected override int SmallestResolution => 47;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        bool later = settings.Variant == "torchvision";
        var normalized = new NormalizedLayers(graph, 1e-3, same: false);
        var auxiliary = new List<string>();
        string x = ResponseNormalized("norm1", graph.MaxPool("pool1", Stem(), 3, 2, ceil: true));
        x = Conv("conv2_reduce", x, 64, 1);
        x = ResponseNormalized("norm2", Conv("conv2", x, 192, 3));
        x = Modules(Stage3, graph.MaxPool("pool2", x, 3, 2, ceil: true));
        x = Modules(Stage4, graph.MaxPool("pool3", x, 3, 2, ceil: true));
        x = Modules(Stage5, graph.MaxPool("pool4", x, later ? 2 : 3, 2, ceil: true));
        return [graph.Classifier(x, settings.Classes), .. auxiliary];

        string Conv(string layer, string value, int channels, int kernel, int stride = 1) => later
            ? normalized.Convolution(layer, value, channels, kernel, stride, activation: ActivationKind.Relu)
            : graph.BiasedRelu(layer, value, channels, kernel, stride);

        string Stem() => settings["stem"] switch
        {
            "7x1-then-1x7" => Activated("conv1", Side("conv1/row", Activated("conv1/column", Side("conv1/column", input, 7, 1, 2, 1)), 1, 7, 1, 2)),
            "7x1+1x7" => Activated("conv1", graph.Add("conv1/sum", Side("conv1/column", input, 7, 1, 2, 2), Side("conv1/row", input, 1, 7, 2, 2))),
            _ => Conv("conv1", input, 64, 7, 2),
        };

        string Side(string layer, string value, int height, int width, int down, int across)
        {
            var convolution = new Convolution(new Size2(height, width), new Size2(down, across), new Padding(height / 2, height / 2, width / 2, width / 2));
            value = graph.Convolution(layer, value, 64, convolution, bias: !later);
            return later ? normalized.Normalize(layer, value) : value;
        }

        string Activated(string layer, string value) => graph.Relu(layer, value);

        // Section 3.3 of the 2012 paper as Caffe's model sets it: α = 10⁻⁴ times the mean of 5 channels, k = 1.
        string ResponseNormalized(string layer, string value) =>
            later ? value : graph.Layer(layer, new LocalResponseNormalization(5, 1e-4, 0.75, 1), [value]);

        string Modules(Inception[] modules, string value)
        {
            foreach (var module in modules)
            {
                value = Module(module, value);
                if (settings.IsOn("aux") && module.Name is ("4a" or "4d"))
                    auxiliary.Add(Auxiliary($"aux_{module.Name}", value));
            }
            return value;
        }

        string Module(Inception module, string value)
        {
            string block = $"inception_{module.Name}";
            string one = Conv($"{block}/1x1", value, module.One, 1);
            string three = Conv($"{block}/3x3", Conv($"{block}/3x3_reduce", value, module.Reduce3, 1), module.Three, 3);
            string five = Conv($"{block}/5x5", Conv($"{block}/5x5_reduce", value, module.Reduce5, 1), module.Five, later ? 3 : 5);
            string pool = Conv($"{block}/pool_proj", graph.MaxPool($"{block}/pool", value, 3, 1, padding: 1), module.Pool, 1);
            return graph.Concat(block, one, three, five, pool);
        }

        string Auxiliary(string head, string value)
        {
            string y = graph.Layer($"{head}/pool", new AveragePool(Size2.Square(5), Size2.Square(3), Padding.None), [value]);
            y = graph.Layer($"{head}/flatten", new Flatten(), [Conv($"{head}/conv", y, 128, 1)]);
            y = graph.Relu($"{head}/hidden", graph.FullyConnected($"{head}/hidden", y, 1024));
            return graph.FullyConnected($"{head}/classifier", y, settings.Classes);
        }
    }
}
