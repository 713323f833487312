using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>
/// Which buffer each value of a graph lives in. With reuse, a value's buffer is free again after its last reader has run;
/// the smallest free buffer that fits is taken, else the largest free one grows, so the plan depends on the graph alone.
/// A view shares the buffer of what it is a view of, which is in use as long as either is.
/// </summary>
/// <param name="Slot">The buffer of each input and layer, by name.</param>
/// <param name="SlotBytes">Bytes of each buffer.</param>
internal sealed record MemoryPlan(ImmutableDictionary<string, int> Slot, ImmutableArray<long> SlotBytes)
{
    public long TotalBytes => SlotBytes.Sum();

    /// <summary>Plans a graph. With <paramref name="keepAll"/> every value that is no view has a buffer of its own.</summary>
    public static MemoryPlan Of(LayerGraph graph, bool keepAll)
    {
        var slot = ImmutableDictionary.CreateBuilder<string, int>();
        var bytes = new List<long>();
        var free = new List<int>();
        var owners = graph.Owners();
        var lastReader = LastReaders(graph, owners);

        foreach (var input in graph.Inputs)
            slot[input.Name] = Take(input.Type.Bytes);
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            var layer = graph.Layers[i];
            // Its operands are still taken here: no kernel writes over what it reads.
            slot[layer.Name] = layer.Operator.IsView() ? slot[owners[layer.Name]] : Take(graph.TypeOf(layer.Name).Bytes);
            if (keepAll)
                continue;
            foreach (string value in layer.Operands.Append(layer.Name).Where(owners.ContainsKey).Select(value => owners[value]).Distinct())
            {
                if (lastReader.GetValueOrDefault(value, i) <= i)
                    free.Add(slot[value]);
            }
        }
        return new MemoryPlan(slot.ToImmutable(), [.. bytes]);

        int Take(long size)
        {
            if (free.Count == 0)
            {
                bytes.Add(size);
                return bytes.Count - 1;
            }
            int best = free.Where(candidate => bytes[candidate] >= size).OrderBy(candidate => bytes[candidate]).FirstOrDefault(-1);
            if (best < 0)
                best = free.MaxBy(candidate => bytes[candidate]);
            free.Remove(best);
            bytes[best] = Math.Max(bytes[best], size);
            return best;
        }
    }

    /// <summary>The index of the last layer that reads or views each value's memory; outputs are read after all layers, by the host.</summary>
    private static Dictionary<string, int> LastReaders(LayerGraph graph, IReadOnlyDictionary<string, string> owners)
    {
        var last = new Dictionary<string, int>();
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            foreach (string value in graph.Layers[i].Operands.Where(owners.ContainsKey))
                last[owners[value]] = i;
        }
        foreach (string output in graph.Outputs)
            last[owners[output]] = int.MaxValue;
        return last;
    }
}
