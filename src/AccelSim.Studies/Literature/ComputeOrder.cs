using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;

namespace AccelSim.Studies.Literature;

/// <summary>The order of four classic networks by compute, and by modelled time, which is another order.</summary>
public sealed class ComputeOrder : LiteratureStudy
{
    internal static readonly string[] Networks = ["googlenet", "densenet121", "resnet50", "vgg16"];

    private const string Gpu = "t4";
    private const string Stack = "library";

    public override string Topic => "compute";

    public override string Question => "Is the compute order GoogLeNet < DenseNet-121 < ResNet-50 < VGG-16?";

    public override StudyResult Run()
    {
        var catalog = PlatformCatalog.Open();
        var specification = PlatformModels.Gpu((GpuPlatform)catalog.Find(Gpu));
        var stack = PlatformModels.Stack(StackProfile.Find(catalog, Stack));
        var graphs = Networks.Select(name => Folded(name)).ToList();
        // Counted before folding, which turns a batch norm that follows no convolution into a depthwise layer.
        long[] macs = [.. Networks.Select(name => Network(name).TotalCost().Macs)];
        double[] seconds = [.. graphs.Select(graph => GpuTimeModel.Estimate(specification, stack, graph, NumberFormat.Float32).Seconds)];
        return new StudyResult(
            Topic, Question, "MACs: the papers of the four networks (zoo, citations); Canziani et al., arXiv:1605.07678, on operations against time",
            $"MACs of one 224×224 image, counted; time modelled for {Gpu} ({Stack}, float32, batch 1, a kernel a layer)",
            [
                new StudyTable("one image", ["network", "MACs", "kernels", $"modelled ms on {Gpu}"],
                    [.. graphs.Select((graph, i) => (string[])[graph.Name, Count(macs[i]), Count(graph.Layers.Length), Text($"{1e3 * seconds[i]:f2}")])]),
            ],
            [
                new Finding("GoogLeNet < DenseNet-121 < ResNet-50 < VGG-16 in MACs", IsAscending(macs), string.Join(" < ", macs.Select(value => Text($"{value / 1e9:f2} G")))),
                new Finding(
                    "the same order in modelled time", IsAscending(seconds),
                    string.Join(", ", graphs.Zip(seconds, (graph, time) => Text($"{graph.Name} {1e3 * time:f2} ms"))) + ": DenseNet's many small layers pay for launches and memory"),
            ]);
    }

    internal static bool IsAscending<T>(IReadOnlyList<T> values)
        where T : IComparable<T> => values.Zip(values.Skip(1)).All(pair => pair.First.CompareTo(pair.Second) < 0);
}
