using AccelSim.Graph;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic;

/// <summary>Runs the prepared layers of one graph in order, each on the results of those before it.</summary>
internal sealed class SystolicExecutor(LayerGraph graph, IReadOnlyList<LayerExecution> layers) : IExecutor
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs, bool everyLayer = false, CancellationToken cancellation = default)
    {
        graph.CheckInputs(inputs);
        string[] wanted = [.. (everyLayer ? graph.Layers.Select(layer => layer.Name) : graph.Outputs).Distinct()];
        var keep = wanted.ToHashSet();
        var values = graph.Inputs.ToDictionary(input => input.Name, input => inputs[input.Name]);
        for (int i = 0; i < layers.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Layer layer = graph.Layers[i];
            values[layer.Name] = layers[i]([.. layer.Inputs.Select(name => values[name])], cancellation);
            foreach (string name in layer.Inputs.Where(name => !keep.Contains(name) && LastUse(name) == i))
                values.Remove(name);
        }
        return wanted.ToDictionary(name => name, name => values[name]);
    }

    public void Dispose()
    {
        // Nothing is held outside managed memory.
    }

    private int LastUse(string value)
    {
        int last = graph.Layers.Length - 1;
        while (!graph.Layers[last].Inputs.Contains(value))
            last--;
        return last;
    }
}
