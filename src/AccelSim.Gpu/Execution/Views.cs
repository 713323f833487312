using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>Layers that give a value another shape and are not executed: their value is their input's memory.</summary>
internal static class Views
{
    public static bool IsView(this Operator @operator) => @operator is Flatten or Reshape;

    /// <summary>For each value of a graph, the one whose memory it is in: itself, or what it is a view of.</summary>
    public static IReadOnlyDictionary<string, string> Owners(this LayerGraph graph)
    {
        var owners = graph.Inputs.ToDictionary(input => input.Name, input => input.Name);
        foreach (var layer in graph.Layers)
            owners[layer.Name] = layer.Operator.IsView() ? owners[layer.Inputs[0]] : layer.Name;
        return owners;
    }
}
