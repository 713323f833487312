using AccelSim.Graph;
using AccelSim.Systolic.Memory;

namespace AccelSim.Systolic.Timing;

/// <summary>Which values stay on the chip between layers, and what room they take.</summary>
/// <remarks>
/// <para>The outermost memory of activations keeps whole values from the layer that makes them to the last that reads them; a value that fits in part goes to
/// DRAM, and each layer that uses it reads it back. Where everything alive fits, everything stays. At other layers half of the memory is for
/// tiles, and the rest is taken first by the values that save the most transfers for the time that they are there. Graph inputs come from DRAM, graph outputs go to DRAM.</para>
/// <para>Weights stay between inferences where those of the whole network fit the outermost memory of weights, beside all activations where the two share
/// it; else each layer reads its own. Nothing stays in a FIFO.</para>
/// </remarks>
internal sealed class OnChipPlan
{
    private readonly LayerGraph _graph;
    private readonly GraphStructure _structure;
    private readonly HashSet<string>? _kept;
    private readonly HashSet<string> _outputs;
    private IReadOnlyDictionary<string, long>? _tiled;

    public OnChipPlan(LayerGraph graph, GraphStructure structure, MemoryHierarchy memory)
    {
        (_graph, _structure) = (graph, structure);
        _outputs = [.. graph.Outputs.Select(structure.RootOf)];
        MemoryLevel? activations = memory.Holding(MemoryContents.Activations).LastOrDefault();
        MemoryLevel? weights = memory.Holding(MemoryContents.Weights).LastOrDefault();
        long largest = structure.AliveBytes.Max();
        long bytes = activations is null or { Buffering: Buffering.Fifo } ? 0 : activations.Bytes;
        bool isShared = weights is not null && ReferenceEquals(activations, weights);
        // Of a shared memory weights take what activations leave, and half of it where that is more.
        long weightRoom = weights is null or { Buffering: Buffering.Fifo } ? 0 : isShared ? Math.Max(bytes - largest, bytes / 2) : weights.Bytes;
        WeightsStay = structure.WeightBytes <= weightRoom;
        if (isShared)
            bytes = WeightsStay ? bytes - structure.WeightBytes : bytes / 2;
        WeightsKept = WeightsStay ? structure.WeightBytes : 0;

        KeptBytes = new long[structure.AliveBytes.Length];
        _kept = largest <= bytes ? null : Choose(structure, bytes);
        foreach (Lifetime value in structure.Lifetimes.Where(value => Keeps(value.Name)))
        {
            for (int i = Math.Max(0, value.First); i <= value.Last; i++)
                KeptBytes[i] += value.Bytes;
        }
    }

    /// <summary>Whether all weights stay on the chip between inferences.</summary>
    public bool WeightsStay { get; }

    /// <summary>Bytes of the weights that stay.</summary>
    public long WeightsKept { get; }

    /// <summary>Bytes of activations that stay on the chip while each layer runs, its own operands among them.</summary>
    public long[] KeptBytes { get; }

    /// <summary>Keeps values that never exist whole: of each only tiles are there, of so many bytes together.</summary>
    public void KeepInTiles(IReadOnlyDictionary<string, long> tiledBytes)
    {
        foreach (Lifetime value in _structure.Lifetimes.Where(value => tiledBytes.ContainsKey(value.Name)))
        {
            long more = tiledBytes[value.Name] - (Keeps(value.Name) ? value.Bytes : 0);
            for (int i = Math.Max(0, value.First); i <= value.Last; i++)
                KeptBytes[i] += more;
        }
        _tiled = tiledBytes;
    }

    /// <summary>Whether an activation is on the chip for all of its life.</summary>
    public bool Keeps(string value)
    {
        string root = _structure.RootOf(value);
        if (_tiled?.ContainsKey(root) == true)
            return true;
        return (_kept is null || _kept.Contains(root)) && !_graph.Inputs.Any(input => input.Name == root);
    }

    /// <summary>Whether a value need not be read from DRAM.</summary>
    public bool IsOnChip(string value) => _graph.Constants.ContainsKey(value) ? WeightsStay : Keeps(value);

    /// <summary>Bytes of a layer's value that go to DRAM.</summary>
    public long WrittenBy(Layer layer) => Keeps(layer.Name) && !_outputs.Contains(layer.Name) ? 0 : _graph.TypeOf(layer.Name).Bytes;

    private static HashSet<string> Choose(GraphStructure structure, long bytes)
    {
        long[] room = [.. structure.AliveBytes.Select(alive => alive <= bytes ? bytes : bytes / 2)];
        var kept = new HashSet<string>();
        // A value that is kept saves being written and each time being read.
        foreach (Lifetime value in structure.Lifetimes
            .Where(value => value.First >= 0)
            .OrderByDescending(value => (1.0 + value.Reads) / (value.Last - value.First + 1))
            .ThenBy(value => value.First))
        {
            Span<long> life = room.AsSpan(value.First, value.Last - value.First + 1);
            if (life.ContainsAnyInRange(long.MinValue, value.Bytes - 1))
                continue;
            foreach (ref long left in life)
                left -= value.Bytes;
            kept.Add(value.Name);
        }
        return kept;
    }
}
