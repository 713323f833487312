using AccelSim.Gpu;
using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

public sealed class MemoryPlanTests
{
    [Fact]
    public void ValuesThatAreAliveTogetherNeverShareABuffer()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var graph = RandomGraph(seed);
            var plan = MemoryPlan.Of(graph, keepAll: false);
            var names = graph.Inputs.Select(input => input.Name).Concat(graph.Layers.Select(layer => layer.Name)).ToList();
            foreach (string a in names)
            {
                Assert.True(plan.SlotBytes[plan.Slot[a]] >= graph.TypeOf(a).Bytes, $"seed {seed}: {a} does not fit its buffer");
                foreach (string b in names.Where(b => b != a && plan.Slot[a] == plan.Slot[b]))
                    Assert.False(Overlap(graph, a, b), $"seed {seed}: {a} and {b} share a buffer");
            }
            Assert.True(plan.TotalBytes >= graph.PeakActivationBytes(), $"seed {seed}: less than the values alive together");
        }
    }

    [Fact]
    public void KeepingEveryValueGivesEachABuffer()
    {
        var graph = RandomGraph(1);
        var plan = MemoryPlan.Of(graph, keepAll: true);
        Assert.Equal(plan.Slot.Count, plan.Slot.Values.Distinct().Count());
        Assert.Equal(plan.Slot.Keys.Sum(value => graph.TypeOf(value).Bytes), plan.TotalBytes);
    }

    [Fact]
    public void AChainNeedsTwoBuffers()
    {
        var layers = Enumerable.Range(0, 10).Select(i => new Layer($"l{i}", new Activation(ActivationKind.Relu), i == 0 ? "x" : $"l{i - 1}")).ToList();
        var graph = new LayerGraph("chain", [Image(4)], [], layers, ["l9"]);
        Assert.Equal(2, MemoryPlan.Of(graph, keepAll: false).SlotBytes.Length);
    }

    private static GraphInput Image(int side) => new("x", new TensorType(ElementType.Float32, Shape.Of(1, 1, side, side)));

    /// <summary>Pools, activations and adds over random earlier values, some never read, some outputs in the middle.</summary>
    private static LayerGraph RandomGraph(int seed)
    {
        var random = new Random(seed);
        var image = Image(random.Next(1, 10));
        var types = new Dictionary<string, TensorType> { [image.Name] = image.Type };
        var layers = new List<Layer>();
        for (int i = 0; i < 15; i++)
        {
            string a = types.Keys.ElementAt(random.Next(types.Count));
            string[] same = [.. types.Keys.Where(value => types[value].Shape == types[a].Shape)];
            int side = random.Next(3);
            var layer = random.Next(3) switch
            {
                0 => new Layer($"l{i}", new Add(), a, same[random.Next(same.Length)]),
                1 => new Layer($"l{i}", new Convolution(Size2.Square(1), Size2.Square(1), Padding.All(side)), [a], [$"w{i}"]),
                _ => new Layer($"l{i}", new GlobalAveragePool(), a),
            };
            layers.Add(layer);
            types[layer.Name] = new LayerGraph("part", [image], Weights(layers), layers, [layer.Name]).TypeOf(layer.Name);
        }
        return new LayerGraph("random", [image], Weights(layers), layers, ["l14", $"l{random.Next(14)}"]);
    }

    private static IEnumerable<Constant> Weights(IEnumerable<Layer> layers) =>
        layers.SelectMany(layer => layer.Constants).Select(name => new Constant(name, new TensorType(ElementType.Float32, Shape.Of(1, 1, 1, 1))));

    private static bool Overlap(LayerGraph graph, string a, string b)
    {
        var (firstA, lastA) = Lifetime(graph, a);
        var (firstB, lastB) = Lifetime(graph, b);
        return firstA <= lastB && firstB <= lastA;
    }

    /// <summary>From the layer that writes a value to the last that reads it; outputs live to the end.</summary>
    private static (int First, int Last) Lifetime(LayerGraph graph, string value)
    {
        int first = graph.Layers.ToList().FindIndex(layer => layer.Name == value);
        int last = graph.Outputs.Contains(value) ? graph.Layers.Length : Math.Max(first, graph.Layers.ToList().FindLastIndex(layer => layer.Inputs.Contains(value)));
        return (first, last);
    }
}
