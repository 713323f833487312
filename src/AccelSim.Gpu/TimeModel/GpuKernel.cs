using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>Layers that run as one kernel, in the order of the graph; the first that has weights, or else the first, names it.</summary>
internal sealed class GpuKernel(Layer first)
{
    public List<Layer> Layers { get; } = [first];

    /// <summary>The value that the last layer writes.</summary>
    public string Result => Layers[^1].Name;

    public Layer Main => Layers.FirstOrDefault(layer => layer.Operator.WeightKernels > 0) ?? Layers[0];

    /// <summary>Activations that it reads and writes, each once, and constants, in elements of the graph's types.</summary>
    /// <param name="graph">Of the layers.</param>
    /// <param name="owners">The value that a view is of.</param>
    /// <param name="readBy">Who reads a value: kernels, and null for the graph's outputs.</param>
    public (long Read, long Written, long Constants) ElementsOf(LayerGraph graph, IReadOnlyDictionary<string, string> owners, IReadOnlyDictionary<string, HashSet<GpuKernel?>> readBy)
    {
        var made = Layers.Select(layer => layer.Name).ToHashSet();
        long read = 0, constants = 0;
        var seen = new HashSet<string>();
        foreach (var layer in Layers)
        {
            constants += layer.Constants.Where(graph.Constants.ContainsKey).Sum(constant => graph.TypeOf(constant).Shape.Elements);
            foreach (string operand in layer.Operands.Where(owners.ContainsKey))
            {
                string owner = owners[operand];
                if (made.Contains(owner) || !seen.Add(owner))
                    continue;
                long elements = graph.TypeOf(operand).Shape.Elements;
                read += layer.Operator is Slice or Gather ? Math.Min(elements, graph.TypeOf(layer.Name).Shape.Elements) : elements;
            }
            // Every step reads the state's weights again.
            if (layer.Operator is Recurrent)
                constants += (graph.TypeOf(layer.Name).Shape[0] - 1) * graph.TypeOf(layer.Constants[1]).Shape.Elements;
        }
        long written = Layers
            .Where(layer => readBy.TryGetValue(layer.Name, out var readers) && readers.Any(reader => reader != this) || layer.Name == Result)
            .Sum(layer => graph.TypeOf(layer.Name).Shape.Elements);
        return (read, written, constants);
    }
}
