using System.Collections.Frozen;
using AccelSim.Graph;

namespace AccelSim.Systolic.Memory;

/// <summary>Which values never leave the chip.</summary>
/// <remarks>
/// An activation stays where, at every layer of its life, all values alive together fit the activation memory; else it is written to DRAM
/// and read back by each layer that uses it. Graph inputs come from DRAM. Weights stay between inferences where those of the whole network
/// fit the weight memory; else each layer reads its own from DRAM. Elements are int8, biases int32.
/// </remarks>
internal sealed class OnChipPlan
{
    private readonly FrozenSet<string> _kept;

    public OnChipPlan(LayerGraph graph, ArrayMemory memory)
    {
        WeightsStay = graph.Constants.Values.Sum(Bytes) <= memory.WeightBytes;
        var lastUse = new Dictionary<string, int>();
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            lastUse[graph.Layers[i].Name] = i;
            foreach (string value in graph.Layers[i].Inputs)
                lastUse[value] = i;
        }
        foreach (string output in graph.Outputs)
            lastUse[output] = graph.Layers.Length - 1;

        var alive = new HashSet<string>(graph.Inputs.Select(input => input.Name));
        var spilled = new HashSet<string>(alive);
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            alive.Add(graph.Layers[i].Name);
            if (alive.Sum(value => graph.TypeOf(value).Shape.Elements) > memory.ActivationBytes)
                spilled.UnionWith(alive);
            alive.RemoveWhere(value => lastUse.GetValueOrDefault(value, -1) <= i);
        }
        _kept = graph.Layers.Select(layer => layer.Name).Where(name => !spilled.Contains(name)).ToFrozenSet();
    }

    /// <summary>Whether all weights stay on the chip between inferences.</summary>
    public bool WeightsStay { get; }

    /// <summary>Whether a value is on the chip for all of its life.</summary>
    public bool Keeps(string value) => _kept.Contains(value);

    /// <summary>Bytes of a constant as the array stores it: weights int8, biases (one dimension) int32.</summary>
    public static long Bytes(Constant constant) => constant.Type.Shape.Elements * (constant.Type.Shape.Rank == 1 ? 4 : 1);
}
