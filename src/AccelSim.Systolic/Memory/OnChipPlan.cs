using System.Collections.Frozen;
using AccelSim.Graph;

namespace AccelSim.Systolic.Memory;

/// <summary>Which values never leave the chip, and how much room activations and weights have.</summary>
/// <remarks>
/// An activation stays where, at every layer of its life, all values alive together fit the activation memory; else it is written to DRAM
/// and read back by each layer that uses it. Graph inputs come from DRAM. Weights stay between inferences where those of the whole network
/// fit the weight memory; else each layer reads its own from DRAM. Elements have the size of their type.
/// </remarks>
internal sealed class OnChipPlan
{
    private readonly FrozenSet<string> _kept;
    private readonly int _share;

    public OnChipPlan(LayerGraph graph, MemoryHierarchy memory)
    {
        const MemoryContents both = MemoryContents.Activations | MemoryContents.Weights;
        long sharedBytes = memory.Holding(both).Sum(level => level.Bytes);
        long activationBytes = memory.Holding(MemoryContents.Activations).Sum(level => level.Bytes) - sharedBytes;
        long weightBytes = memory.Holding(MemoryContents.Weights).Sum(level => level.Bytes) - sharedBytes;
        List<HashSet<string>> alive = AliveAt(graph);
        long weights = graph.Constants.Values.Sum(constant => constant.Type.Bytes);
        long largest = alive.Max(BytesOf);
        // What of the shared memory the activations need, if the weights leave it to them.
        long needed = Math.Clamp(largest - activationBytes, 0, sharedBytes);
        bool bothFit = weights <= weightBytes + sharedBytes - needed;
        ActivationBytes = activationBytes + (bothFit ? needed : sharedBytes / 2);
        WeightBytes = weightBytes + sharedBytes - (ActivationBytes - activationBytes);
        WeightsStay = weights <= WeightBytes;
        _share = memory.Levels.Any(level => level.Buffering == Buffering.Double && (level.Holds & both) != 0) ? 2 : 1;

        var spilled = new HashSet<string>(graph.Inputs.Select(input => input.Name));
        foreach (HashSet<string> values in alive.Where(values => BytesOf(values) > ActivationBytes))
            spilled.UnionWith(values);
        _kept = graph.Layers.Select(layer => layer.Name).Where(name => !spilled.Contains(name)).ToFrozenSet();

        long BytesOf(HashSet<string> values) => values.Sum(value => graph.TypeOf(value).Bytes);
    }

    /// <summary>Room for activations.</summary>
    public long ActivationBytes { get; }

    /// <summary>Room for weights.</summary>
    public long WeightBytes { get; }

    /// <summary>Room for the activations of one layer: half where the other half fills.</summary>
    public long ActivationRoom => ActivationBytes / _share;

    /// <summary>Room for the weights of one layer: half where the other half fills.</summary>
    public long WeightRoom => WeightBytes / _share;

    /// <summary>Whether all weights stay on the chip between inferences.</summary>
    public bool WeightsStay { get; }

    /// <summary>Whether a value is on the chip for all of its life.</summary>
    public bool Keeps(string value) => _kept.Contains(value);

    // The values that each layer finds or leaves in memory: from the layer that makes them to the last that reads them.
    private static List<HashSet<string>> AliveAt(LayerGraph graph)
    {
        var lastUse = new Dictionary<string, int>();
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            lastUse[graph.Layers[i].Name] = i;
            foreach (string value in graph.Layers[i].Operands)
                lastUse[value] = i;
        }
        foreach (string output in graph.Outputs)
            lastUse[output] = graph.Layers.Length - 1;

        var alive = new HashSet<string>(graph.Inputs.Select(input => input.Name));
        var result = new List<HashSet<string>>();
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            alive.Add(graph.Layers[i].Name);
            result.Add([.. alive]);
            alive.RemoveWhere(value => lastUse.GetValueOrDefault(value, -1) <= i);
        }
        return result;
    }
}
