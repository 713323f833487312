using AccelSim.Graph;

namespace AccelSim.Studies.Literature;

/// <summary>The order of the same networks by memory, which depends on what memory means and on the batch.</summary>
public sealed class MemoryOrder : LiteratureStudy
{
    private const int LargestBatch = 1024;

    /// <summary>In the order that is claimed.</summary>
    private static readonly string[] Claimed = ["googlenet", "resnet50", "densenet121", "vgg16"];

    public override string Topic => "memory";

    public override string Question => "For which meaning of memory, and which batch, is GoogLeNet < ResNet-50 < DenseNet-121 < VGG-16?";

    public override StudyResult Run()
    {
        Footprint[] framework = [.. Claimed.Select(name => Footprint.Of(Network(name)))];
        Footprint[] inference = [.. Claimed.Select(name => Footprint.Of(Folded(name)))];
        return new StudyResult(
            Topic, Question, "the order is often quoted without saying what is measured; definitions as named in the tables",
            "float32 bytes counted on the layer graph at 224×224; \"framework\": every layer writes its output; \"inference\": batch norm folded and ReLU fused",
            [Table("framework: every layer writes its output", framework), Table("inference: batch norm folded, ReLU fused", inference)],
            [.. Findings("framework", framework), .. Findings("inference", inference)]);
    }

    private static StudyTable Table(string title, Footprint[] networks) => new(
        title,
        ["network", "weights MB", "outputs MB an image", "weights + outputs MB, batch 1", "the same, batch 8", "peak alive MB an image", "moved MB, batch 1"],
        [.. networks.Select(network => (string[])
        [
            network.Name, Megabytes(network.Weights), Megabytes(network.Outputs), Megabytes(network.Resident(1)), Megabytes(network.Resident(8)),
            Megabytes(network.Peak), Megabytes(network.Moved(1)),
        ])]);

    private static IEnumerable<Finding> Findings(string kind, Footprint[] networks) =>
    [
        Order($"{kind}, weights", networks, (network, _) => network.Weights),
        Order($"{kind}, outputs of all layers", networks, (network, _) => network.Outputs),
        Order($"{kind}, peak of live activations", networks, (network, _) => network.Peak),
        Order($"{kind}, weights once + outputs × batch", networks, (network, batch) => network.Resident(batch)),
        Order($"{kind}, bytes moved (each layer reads its operands and weights and writes its output)", networks, (network, batch) => network.Moved(batch)),
    ];

    private static Finding Order(string measure, Footprint[] networks, Func<Footprint, int, long> bytes)
    {
        int[] batches = [.. Enumerable.Range(1, LargestBatch).Where(batch => ComputeOrder.IsAscending([.. networks.Select(network => bytes(network, batch))]))];
        string one = string.Join(" < ", networks.OrderBy(network => bytes(network, 1)).Select(network => $"{network.Name} {Megabytes(bytes(network, 1))}"));
        string where = batches.Length == 0 ? "at no batch" : batches.Length == LargestBatch ? "at every batch" : $"for batch {Ranges(batches)}";
        return new Finding($"{measure}: GoogLeNet < ResNet-50 < DenseNet-121 < VGG-16", batches.Length > 0, $"{where}; at batch 1, in MB: {one}");
    }

    /// <summary>Consecutive numbers as ranges, such as <c>2 to 6</c>.</summary>
    private static string Ranges(int[] numbers)
    {
        var ranges = new List<string>();
        for (int start = 0; start < numbers.Length;)
        {
            int end = start;
            while (end + 1 < numbers.Length && numbers[end + 1] == numbers[end] + 1)
                end++;
            ranges.Add(start == end ? Text($"{numbers[start]}") : numbers[end] == LargestBatch ? Text($"{numbers[start]} and more") : Text($"{numbers[start]} to {numbers[end]}"));
            start = end + 1;
        }
        return string.Join(", ", ranges);
    }

    /// <summary>Bytes of a network at batch 1 by several definitions.</summary>
    private sealed record Footprint(string Name, long Weights, long Outputs, long Inputs, long Peak)
    {
        public static Footprint Of(LayerGraph graph)
        {
            var cost = graph.TotalCost();
            return new Footprint(graph.Name, cost.ConstantBytes, cost.OutputBytes, cost.InputBytes, graph.PeakActivationBytes());
        }

        public long Resident(int batch) => Weights + Outputs * batch;

        public long Moved(int batch) => Weights + (Inputs + Outputs) * batch;
    }
}
