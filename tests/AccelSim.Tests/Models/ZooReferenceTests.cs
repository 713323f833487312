using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;

namespace AccelSim.Tests.Models;

/// <summary>Parameters, MACs and weighted layers against every row of the published table that names a family of the zoo.</summary>
public sealed class ZooReferenceTests
{
    private static readonly Dictionary<string, (string Network, Func<string, NetworkOptions> Options)> Families = new()
    {
        ["LeNet-5"] = ("lenet5", variant => new(variant.StartsWith("original", StringComparison.Ordinal) ? "1998" : "modern")),
        ["LeNet"] = ("lenet_caffe", _ => new()),
        ["ResNet-18"] = ("resnet18", _ => new()),
        ["plain-18"] = ("resnet18", _ => new("plain")),
        ["MobileNetV1"] = ("mobilenet_v1", Width),
        ["MobileNetV2"] = ("mobilenet_v2", variant => variant.StartsWith("torchvision", StringComparison.Ordinal) ? new() : Width(variant)),
        ["MobileNetV3-Small"] = ("mobilenet_v3_small", V3),
        ["MobileNetV3-Large"] = ("mobilenet_v3_large", V3),
    };

    [Fact]
    public void Every_row_of_these_families_is_met_to_the_integer()
    {
        int rows = 0;
        foreach (string line in File.ReadLines(SharedData.Require("zoo-reference.csv")).Skip(1))
        {
            string[] cells = line.Split(',');
            if (!Families.TryGetValue(cells[0], out var family))
                continue;
            rows++;
            var graph = NetworkZoo.Find(family.Network).Build(family.Options(cells[1]));
            var cost = graph.TotalCost();
            int weighted = graph.Layers.Count(layer => layer.Operator is Convolution or FullyConnected or RadialBasis);
            Assert.Equal(
                (cells[0], cells[1], long.Parse(cells[5], CultureInfo.InvariantCulture), long.Parse(cells[6], CultureInfo.InvariantCulture), int.Parse(cells[7], CultureInfo.InvariantCulture)),
                (cells[0], cells[1], cost.Parameters, cost.Macs, weighted));
        }
        Assert.Equal(40, rows);
    }

    private static NetworkOptions Width(string variant)
    {
        string[] parts = variant.Split(' ')[0].Split('_');
        return new NetworkOptions(Width: double.Parse(parts[0], CultureInfo.InvariantCulture), Resolution: int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static NetworkOptions V3(string variant) =>
        variant.StartsWith("minimalistic", StringComparison.Ordinal) ? new("minimalistic")
        : variant.StartsWith("ablation", StringComparison.Ordinal) ? new("no-se")
        : Width(variant);
}
