using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Tests.Models;

namespace AccelSim.Tests.Gpu;

public sealed class MemoryPlanTests
{
    [Fact]
    public void WhatIsAliveTogetherNeverSharesAByte()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var graph = RandomGraph(seed);
            var random = new Random(seed);
            Scratch[] scratch = [.. graph.Layers.Where(_ => random.Next(3) == 0).Select((layer, i) => new Scratch(layer.Name, i, random.Next(1, 500)))];
            foreach (bool keepAll in new[] { false, true })
            {
                var plan = MemoryPlan.Of(graph, keepAll, scratch);
                List<(string Name, Place Place, int First, int Last)> parts =
                [
                    .. plan.Values.Select(value => (value.Key, value.Value, keepAll ? 0 : Lifetime(graph, value.Key).First, keepAll ? graph.Layers.Length : Lifetime(graph, value.Key).Last)),
                    .. plan.Scratches.Select(part => ($"scratch of {part.Key.Layer}", part.Value, Step(graph, part.Key.Layer), Step(graph, part.Key.Layer))),
                ];
                Assert.Equal(graph.Inputs.Length + graph.Layers.Length + scratch.Length, parts.Count);
                for (int i = 0; i < parts.Count; i++)
                {
                    var (name, place, first, last) = parts[i];
                    Assert.True(place.Offset % MemoryPlan.Alignment == 0 && place.Offset >= 0 && place.Offset + place.Bytes <= plan.ArenaBytes[place.Arena], $"seed {seed}: {name} leaves its arena");
                    if (graph.Layers.Any(layer => layer.Name == name))
                        Assert.Equal(graph.TypeOf(name).Bytes, place.Bytes);
                    foreach (var other in parts.Take(i).Where(other => other.First <= last && first <= other.Last && other.Place.Arena == place.Arena))
                        Assert.True(other.Place.Offset + other.Place.Bytes <= place.Offset || place.Offset + place.Bytes <= other.Place.Offset, $"seed {seed}: {name} and {other.Name} share memory");
                }
                Assert.True(plan.LowerBound >= graph.PeakActivationBytes() && (scratch.Length > 0 || plan.LowerBound == graph.PeakActivationBytes()), $"seed {seed}: the lower bound");
                Assert.True(plan.TotalBytes >= plan.LowerBound, $"seed {seed}: less than what is alive together");
            }
        }
    }

    /// <summary>Structure only: every family and variant of the zoo as it is published, float32.</summary>
    [Fact]
    public void TheArenaOfEveryNetworkOfTheZooIsWithinATenthOfTheLowerBound()
    {
        int networks = 0;
        foreach (var (family, options) in ZooVariants.All)
        {
            var graph = FloatPasses.Run(NetworkZoo.Find(family).Build(options));
            var plan = MemoryPlan.Of(graph, keepAll: false);
            Assert.Single(plan.ArenaBytes);
            Assert.True(plan.TotalBytes <= 1.1 * plan.LowerBound, $"{graph.Name}: {plan.TotalBytes} bytes, {(double)plan.TotalBytes / plan.LowerBound:f3} of the lower bound {plan.LowerBound}");
            networks++;
        }
        Assert.True(networks > 100, $"{networks} networks");
    }

    [Fact]
    public void AChainNeedsTwoValuesAtATime()
    {
        var layers = Enumerable.Range(0, 10).Select(i => new Layer($"l{i}", new Activation(ActivationKind.Relu), i == 0 ? "x" : $"l{i - 1}")).ToList();
        var graph = new LayerGraph("chain", [Image(4)], [], layers, ["l9"]);
        Assert.Equal(2 * 64, MemoryPlan.Of(graph, keepAll: false).TotalBytes);
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

    private static int Step(LayerGraph graph, string layer) => graph.Layers.ToList().FindIndex(candidate => candidate.Name == layer);

    /// <summary>From the layer that writes a value to the last that reads it; outputs live to the end.</summary>
    private static (int First, int Last) Lifetime(LayerGraph graph, string value)
    {
        int first = graph.Layers.ToList().FindIndex(layer => layer.Name == value);
        int last = graph.Outputs.Contains(value) ? graph.Layers.Length : Math.Max(first, graph.Layers.ToList().FindLastIndex(layer => layer.Inputs.Contains(value)));
        return (first, last);
    }
}
