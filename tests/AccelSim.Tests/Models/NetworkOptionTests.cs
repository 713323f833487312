using AccelSim.Graph;
using AccelSim.Models;

namespace AccelSim.Tests.Models;

/// <summary>Options by name: what is allowed builds, what is not is refused with what is.</summary>
public sealed class NetworkOptionTests
{
    [Fact]
    public void Every_value_of_every_choice_builds_a_network_of_its_own_name_and_cost()
    {
        var graphs = ZooVariants.All.Select(variant => NetworkZoo.Find(variant.Family).Build(variant.Options)).ToList();
        Assert.True(graphs.Count > 100);
        Assert.Equal(graphs.Count, graphs.Select(graph => graph.Name).Distinct().Count());
        Assert.All(graphs, graph => Assert.True(graph.TotalCost() is { Macs: > 0, Parameters: > 0 } && graph.PeakActivationBytes() > 0, graph.Name));
    }

    [Fact]
    public void Ranges_hold_at_both_ends()
    {
        foreach (var family in NetworkZoo.Families)
        {
            foreach (var range in family.Options.OfType<IntegerOption>().Where(range => range.Name != NetworkOption.Resolution))
            {
                Build(family.Name, (range.Name, range.Allowed.Split(' ')[0]));
                Refused(family.Name, range.Name, $"{range.Smallest - 1}");
                Refused(family.Name, range.Name, $"{range.Largest + 1L}");
            }
            foreach (var width in family.Options.OfType<NumberOption>())
            {
                Build(family.Name, (width.Name, "0.05"));
                Refused(family.Name, width.Name, "8.1");
                Refused(family.Name, width.Name, "NaN");
            }
        }
    }

    [Fact]
    public void Every_image_family_takes_its_smallest_image_in_every_variant()
    {
        foreach (var (name, options) in ZooVariants.All)
        {
            if (NetworkZoo.Find(name).Options.OfType<IntegerOption>().FirstOrDefault(option => option.Name == NetworkOption.Resolution) is not { } resolution)
                continue;
            // An auxiliary classifier reads 5×5 pixels of a sixteenth of the image.
            int smallest = options.ByName().Contains(new("aux", "on")) ? Math.Max(resolution.Smallest, 107) : resolution.Smallest;
            var graph = NetworkZoo.Find(name).Build(options with { Resolution = smallest, Classes = 7 });
            // A detector's first output is a map with the classes of its anchors.
            var output = graph.TypeOf(graph.Outputs[0]).Shape;
            bool fits = name.StartsWith("ssd", StringComparison.Ordinal) ? output.Rank == 4 && output[1] % 7 == 0
                // Three boxes of four sides, a probability and the classes.
                : name == "yolov3" ? output.Rank == 4 && output[1] == 3 * (4 + 1 + 7)
                : output == Shape.Of(1, 7);
            Assert.True(fits, $"{name}: {output}");
            Assert.Equal($"{name} has no resolution '{resolution.Smallest - 1}' (allowed: {resolution.Allowed}).", Message(name, options with { Resolution = resolution.Smallest - 1 }));
        }
    }

    [Fact]
    public void What_is_not_allowed_is_refused_with_what_is()
    {
        Assert.Equal("lenet5 has no option 'width' (there are variant: modern, 1998; resolution: 32 to 4096; classes: 1 to 1000000).", Message("lenet5", new NetworkOptions(Width: 2)));
        Assert.Equal("mobilenet_v3_small has no variant 'tiny' (allowed: standard, minimalistic, no-se, torchvision).", Message("mobilenet_v3_small", new NetworkOptions("tiny")));
        Assert.Equal("resnet18 has no resolution '5000' (allowed: 32 to 4096).", Message("resnet18", new NetworkOptions(Resolution: 5000)));
        Assert.Equal("resnet50 has no stride '2x2' (allowed: 3x3, 1x1).", Message("resnet50", Named(("stride", "2x2"))));
        Assert.Equal("shufflenet_v2 has no width '0.7' (allowed: 1, 0.5, 1.5, 2).", Message("shufflenet_v2", new NetworkOptions(Width: 0.7)));
        Assert.Equal("mlp has no layers '784' (allowed: 2 to 64 sizes of 1 to 1000000 joined by -, such as 784-100-10).", Message("mlp", Named(("layers", "784"))));
        Assert.Equal("The option 'width' is given twice.", Message("mobilenet_v1", Named(("width", "0.5")) with { Width = 1 }));
        Assert.Equal("The batch must be at least 1, but is 0.", Message("lenet5", new NetworkOptions(Batch: 0)));
        Assert.StartsWith("There is no network 'lexnet' (there are lenet5, ", Assert.Throws<GraphException>(() => NetworkZoo.Find("lexnet")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_may_be_written_in_any_way()
    {
        Assert.Equal("shufflenet_v1-groups-8-2.00-224", Build("Shufflenet-V1", ("groups", "8"), ("width", "2.0")).Name);
        Assert.Equal("mobilenet_v1-0.25-128", Build("mobilenet_v1", ("WIDTH", ".25"), ("resolution", "128")).Name);
        Assert.Equal(Build("mobilenet_v1", ("width", "0.5")).Name, NetworkZoo.Find("mobilenet_v1").Build(new NetworkOptions(Width: 0.5)).Name);
    }

    private static void Refused(string family, string option, string value) =>
        Assert.StartsWith($"{family} has no {option} '{value}' (allowed: ", Message(family, Named((option, value))), StringComparison.Ordinal);

    private static string Message(string network, NetworkOptions options) => Assert.Throws<GraphException>(() => NetworkZoo.Find(network).Build(options)).Message;

    private static LayerGraph Build(string network, params (string, string)[] options) => NetworkZoo.Find(network).Build(Named(options));

    private static NetworkOptions Named(params (string Name, string Value)[] options) => new(Named: options.ToDictionary(option => option.Name, option => option.Value));
}
