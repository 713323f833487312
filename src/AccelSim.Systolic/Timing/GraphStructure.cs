using System.Runtime.CompilerServices;
using AccelSim.Graph;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic.Timing;

/// <summary>How long a value is needed.</summary>
/// <param name="Name">The value; of a value and its views the first.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="First">The layer that makes it; −1 for an input of the graph.</param>
/// <param name="Last">The last layer that reads it.</param>
/// <param name="Reads">Layers that read it.</param>
internal readonly record struct Lifetime(string Name, long Bytes, int First, int Last, int Reads);

/// <summary>What the time of a graph needs of it whatever the accelerator. One for each graph, for as long as the graph lives.</summary>
internal sealed class GraphStructure
{
    // A graph never changes, so what follows from it alone is computed once; a study of a thousand arrays asks a thousand times.
    private static readonly ConditionalWeakTable<LayerGraph, GraphStructure> Known = [];

    private readonly Dictionary<string, string> _roots;

    private GraphStructure(LayerGraph graph, string backend)
    {
        Works = [.. graph.Layers.Select(layer => OperatorTable.Of(layer, backend).Work(graph, layer))];
        Macs = [.. graph.Layers.Select(layer => graph.CostOf(layer).Macs)];
        WeightBytes = graph.Constants.Values.Sum(constant => constant.Type.Bytes);
        _roots = RootsOf(graph, Works);
        Lifetimes = LifetimesOf(graph, _roots);
        AliveBytes = new long[graph.Layers.Length];
        foreach (Lifetime value in Lifetimes)
        {
            for (int i = Math.Max(0, value.First); i <= value.Last; i++)
                AliveBytes[i] += value.Bytes;
        }
    }

    /// <summary>The work of each layer.</summary>
    public LayerWork[] Works { get; }

    /// <summary>The MACs of each layer, as the graph counts them.</summary>
    public long[] Macs { get; }

    /// <summary>Bytes of all constants.</summary>
    public long WeightBytes { get; }

    /// <summary>Every activation, the graph's inputs among them; a view is part of what it shows.</summary>
    public Lifetime[] Lifetimes { get; }

    /// <summary>Bytes of the activations that each layer finds or leaves.</summary>
    public long[] AliveBytes { get; }

    /// <exception cref="UnsupportedOperatorException">A layer has no implementation here.</exception>
    public static GraphStructure Of(LayerGraph graph, string backend) => Known.GetValue(graph, one => new GraphStructure(one, backend));

    /// <summary>The value whose elements a value's are.</summary>
    public string RootOf(string value) => _roots.GetValueOrDefault(value, value);

    private static Dictionary<string, string> RootsOf(LayerGraph graph, LayerWork[] works)
    {
        var roots = new Dictionary<string, string>();
        for (int i = 0; i < works.Length; i++)
        {
            if (works[i] is VectorLayer { Operations: 0 } && graph.Layers[i].Inputs is [var source, ..] && !graph.Constants.ContainsKey(source))
                roots[graph.Layers[i].Name] = roots.GetValueOrDefault(source, source);
        }
        return roots;
    }

    private static Lifetime[] LifetimesOf(LayerGraph graph, Dictionary<string, string> roots)
    {
        var alive = new Dictionary<string, Lifetime>();
        foreach (GraphInput input in graph.Inputs)
            alive.Add(input.Name, new Lifetime(input.Name, input.Type.Bytes, -1, 0, 0));
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            Layer layer = graph.Layers[i];
            bool isView = roots.ContainsKey(layer.Name);
            if (!isView)
                alive.Add(layer.Name, new Lifetime(layer.Name, graph.TypeOf(layer.Name).Bytes, i, i, 0));
            foreach (string value in layer.Operands.Distinct())
            {
                if (alive.TryGetValue(roots.GetValueOrDefault(value, value), out Lifetime life))
                    alive[life.Name] = life with { Last = i, Reads = life.Reads + (isView ? 0 : 1) };
            }
        }
        foreach (string output in graph.Outputs)
        {
            string root = roots.GetValueOrDefault(output, output);
            alive[root] = alive[root] with { Last = graph.Layers.Length - 1 };
        }
        return [.. alive.Values];
    }
}
