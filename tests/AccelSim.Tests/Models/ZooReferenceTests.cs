using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;

namespace AccelSim.Tests.Models;

/// <summary>Parameters, MACs and weighted layers against every row of the published table, and against published counts that are not in it.</summary>
public sealed class ZooReferenceTests
{
    /// <summary>The family of a row's model, and its options from the row's variant. A model that is not here fails the test.</summary>
    private static readonly Dictionary<string, (string Network, Func<string, string> Options)> Families = new()
    {
        ["LeNet-5"] = ("lenet5", variant => Begins(variant, "original") ? "variant=1998" : "variant=modern"),
        ["LeNet"] = ("lenet_caffe", _ => ""),
        ["AlexNet"] = ("alexnet", variant => $"variant={(Begins(variant, "paper") ? "2012" : Word(variant))}"),
        ["VGG-11"] = ("vgg11", BatchNorm),
        ["VGG-16"] = ("vgg16", BatchNorm),
        ["VGG-19"] = ("vgg19", BatchNorm),
        ["GoogLeNet"] = ("googlenet", variant => $"variant={Word(variant)}"),
        ["ResNet-18"] = ("resnet18", _ => ""),
        ["ResNet-34"] = ("resnet34", _ => ""),
        ["ResNet-50"] = ("resnet50", Stride),
        ["ResNet-101"] = ("resnet101", Stride),
        ["ResNet-152"] = ("resnet152", Stride),
        ["plain-18"] = ("plain18", _ => ""),
        ["plain-34"] = ("plain34", _ => ""),
        ["ResNet-20"] = ("resnet20", Shortcut),
        ["ResNet-32"] = ("resnet32", Shortcut),
        ["ResNet-44"] = ("resnet44", Shortcut),
        ["ResNet-110"] = ("resnet110", Shortcut),
        ["ResNeXt-50"] = ("resnext50", variant => $"variant={variant}"),
        ["ResNeXt-101"] = ("resnext101", variant => $"variant={variant}"),
        ["SE-ResNet-50"] = ("se_resnet50", Stride),
        ["SE-ResNet-152"] = ("se_resnet152", Stride),
        ["DenseNet-121"] = ("densenet121", _ => ""),
        ["DenseNet-161"] = ("densenet161", _ => ""),
        ["DenseNet-201"] = ("densenet201", _ => ""),
        ["SqueezeNet"] = ("squeezenet", variant => $"variant={Word(variant)}{(variant.Contains("Caffe", StringComparison.Ordinal) ? "-caffe" : "")}"),
        ["ShuffleNet v1"] = ("shufflenet_v1", variant => $"groups={Word(variant)[2..]} width={variant.Split(' ')[1].TrimEnd('x')}"),
        ["ShuffleNet v2"] = ("shufflenet_v2", variant => $"width={variant.TrimStart('x')}"),
        ["NASNet-A mobile"] = ("nasnet_a_mobile", _ => ""),
        ["NASNet-A large"] = ("nasnet_a_large", _ => ""),
        ["MnasNet"] = ("mnasnet", variant => Begins(variant, "A1") ? "variant=a1" : $"variant=b1 width={variant.Split(' ')[3]}"),
        ["Xception"] = ("xception", variant => $"resolution={variant}"),
        ["MobileNetV1"] = ("mobilenet_v1", Width),
        ["MobileNetV2"] = ("mobilenet_v2", variant => Begins(variant, "torchvision") ? "" : Width(variant)),
        ["MobileNetV3-Small"] = ("mobilenet_v3_small", V3),
        ["MobileNetV3-Large"] = ("mobilenet_v3_large", V3),
        ["BP-MLP"] = ("mlp", variant => $"layers={variant}"),
        ["RNN"] = ("rnn", Biases),
        ["LSTM"] = ("lstm", Biases),
        ["GRU"] = ("gru", Biases),
        ["Hopfield"] = ("hopfield", variant => $"units={Word(variant)[2..]}"),
        ["RBM"] = ("rbm", variant => $"visible={Word(variant)} hidden={variant.Split(' ')[3]}"),
    };

    [Fact]
    public void Every_row_is_met_to_the_integer()
    {
        int rows = 0;
        foreach (string line in File.ReadLines(SharedData.Require("zoo-reference.csv")).Skip(1))
        {
            string[] cells = line.Split(',');
            rows++;
            Assert.True(Families.TryGetValue(cells[0], out var family), $"no family of the zoo is {cells[0]}, {cells[1]}");
            var graph = Build(family.Network, family.Options(cells[1]));
            Assert.Equal(
                (cells[0], cells[1], Number(cells[5]), Number(cells[6]), Number(cells[7])),
                (cells[0], cells[1], graph.TotalCost().Parameters, graph.TotalCost().Macs, graph.WeightedLayers()));
            long[] input = [.. graph.Inputs[0].Type.Shape.Select(extent => (long)extent)];
            Assert.Equal(Number(cells[2]) * Number(cells[3]) * Number(cells[4]), input.Aggregate(1L, (product, extent) => product * extent));
        }
        Assert.Equal(100, rows);
    }

    /// <summary>
    /// Counts that are published to the unit and are not in the table. torchvision prints num_params in its weights' metadata and MACs as
    /// GFLOPS to three decimals; timm prints parameters in its results files; Keras counts moving statistics too.
    /// </summary>
    [Theory]
    [InlineData("vgg13", "", 133047848, 11.308)] // torchvision VGG13_Weights
    [InlineData("vgg13", "batch-norm=on", 133053736, 11.308)] // torchvision VGG13_BN_Weights
    [InlineData("googlenet", "variant=torchvision aux=on", 13004888, null)] // torchvision googlenet(aux_logits=True)
    [InlineData("googlenet", "aux=on", 13378280, null)] // 6998552 + 6379728 (the table's note)
    [InlineData("inception_v3", "", 23834568, 5.713)] // torchvision inception_v3(aux_logits=False), timm inception_v3
    [InlineData("inception_v3", "aux=on", 27161264, null)] // torchvision Inception_V3_Weights
    [InlineData("resnet101", "", 44549160, 7.801)] // torchvision ResNet101_Weights
    [InlineData("resnet56", "", 853018, null)] // akamaster/pytorch_resnet_cifar10: 0.85 M
    [InlineData("resnet1202", "", 19421274, null)] // akamaster/pytorch_resnet_cifar10: 19.4 M
    [InlineData("resnext101", "variant=64x4d", 83455272, 15.46)] // torchvision ResNeXt101_64X4D_Weights
    [InlineData("resnext101", "variant=32x8d", 88791336, 16.414)] // torchvision ResNeXt101_32X8D_Weights
    [InlineData("se_resnet101", "", 49326872, null)] // timm legacy_seresnet101
    [InlineData("densenet169", "", 14149480, 3.36)] // torchvision DenseNet169_Weights
    [InlineData("shufflenet_v2", "width=1.5", 3503624, 0.296)] // torchvision ShuffleNet_V2_X1_5_Weights
    [InlineData("mnasnet", "width=0.75", 3170208, 0.215)] // torchvision MNASNet0_75_Weights
    [InlineData("mnasnet", "width=1.3", 6282256, 0.526)] // torchvision MNASNet1_3_Weights
    [InlineData("mnasnet", "variant=small", 2030264, null)] // timm mnasnet_small
    [InlineData("resnet_v2", "", 25568360, null)] // Keras ResNet50V2, trainable
    [InlineData("resnet_v2", "variant=101", 44577896, null)] // Keras ResNet101V2, trainable
    [InlineData("resnet_v2", "variant=152", 60236904, null)] // Keras ResNet152V2, trainable
    [InlineData("gru", "biases=2", 61962, null)] // 3 · (128·28 + 128·128 + 2·128) + 1290, as torch.nn.GRU counts
    [InlineData("hopfield", "units=120", 7140, null)] // 120 · 119 ÷ 2
    public void Published_counts_beside_the_table_are_met(string network, string options, long parameters, double? billionMacs)
    {
        var cost = Build(network, options).TotalCost();
        Assert.Equal(parameters, cost.Parameters);
        if (billionMacs is { } billions)
            Assert.Equal(billions, Math.Round(cost.Macs / 1e9, 3));
    }

    /// <summary>Counts that are published in millions only, each rounded as its source does.</summary>
    [Theory]
    [InlineData("shufflenet_v1", "groups=3 width=1.5", 3.4, 292)] // megvii ShuffleNet-Series README
    [InlineData("shufflenet_v1", "groups=8 width=0.5", 1.0, 40)] // the same
    [InlineData("shufflenet_v1", "groups=1", null, 143)] // Zhang et al., Table 2
    [InlineData("mobilenet_v2", "width=1.3", null, 509)] // slim mobilenet/README
    [InlineData("mobilenet_v3_large", "variant=minimalistic", 3.9, 209)] // slim mobilenet/README
    [InlineData("mobilenet_v3_small", "width=0.75", 2.0, null)] // timm mobilenetv3_small_075: 2.04
    [InlineData("mobilenet_v3_small", "width=0.5", 1.6, null)] // timm mobilenetv3_small_050: 1.59
    [InlineData("yolov3", "", 61.9, null)] // Darknet's yolov3.weights: 248 MB of float32
    [InlineData("efficientnet_edgetpu", "", 5.4, null)] // timm efficientnet_es
    [InlineData("efficientnet_edgetpu", "variant=m", 6.9, null)] // timm efficientnet_em
    [InlineData("efficientnet_edgetpu", "variant=l", 10.6, null)] // timm efficientnet_el
    [InlineData("resnet_v2", "variant=200", 64.7, null)] // facebook/fb.resnet.torch pretrained
    [InlineData("mnasnet", "variant=a1 width=0.75", 2.9, null)] // timm semnasnet_075: 2.91
    public void Counts_published_in_millions_are_met(string network, string options, double? millionParameters, int? millionMacs)
    {
        var cost = Build(network, options).TotalCost();
        if (millionParameters is { } parameters)
            Assert.Equal(parameters, Math.Round(cost.Parameters / 1e6, 1));
        if (millionMacs is { } macs)
            Assert.Equal(macs, (int)(cost.Macs / 1e6));
    }

    /// <summary>The stem of Table 1 of the GoogLeNet paper: 2.7K weights and 34M operations.</summary>
    [Fact]
    public void One_column_and_one_row_side_by_side_are_what_the_paper_counts_for_the_stem()
    {
        var graph = Build("googlenet", "stem=7x1+1x7");
        var sides = graph.Layers.Where(layer => layer.Name is "conv1/column" or "conv1/row").Select(graph.CostOf).ToList();
        Assert.Equal(2688 + 2 * 64, sides.Sum(side => side.Parameters));
        Assert.Equal(33718272, sides.Sum(side => side.Macs));
        Assert.Equal(graph.TypeOf("conv1/sum").Shape, Build("googlenet", "").TypeOf("conv1").Shape);
    }

    private static LayerGraph Build(string network, string options) => NetworkZoo.Find(network).Build(new NetworkOptions(
        Named: options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=')).ToDictionary(pair => pair[0], pair => pair[1])));

    private static string BatchNorm(string variant) => Begins(variant, "BN") ? "batch-norm=on" : "batch-norm=off";

    private static string Stride(string variant) => variant.Contains("stride on first 1x1", StringComparison.Ordinal) ? "stride=1x1" : "stride=3x3";

    private static string Shortcut(string variant) => variant.Contains("option B", StringComparison.Ordinal) ? "shortcut=b" : "shortcut=a";

    private static string Biases(string variant) => variant.Contains("two biases", StringComparison.Ordinal) ? "biases=2" : "biases=1";

    private static string Width(string variant)
    {
        string[] parts = Word(variant).Split('_');
        return $"width={parts[0]} resolution={parts[1]}";
    }

    private static string V3(string variant) =>
        Begins(variant, "minimalistic") ? "variant=minimalistic"
        : Begins(variant, "ablation") ? "variant=no-se"
        : Width(variant);

    private static bool Begins(string text, string start) => text.StartsWith(start, StringComparison.Ordinal);

    private static string Word(string text) => text.Split(' ')[0];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
