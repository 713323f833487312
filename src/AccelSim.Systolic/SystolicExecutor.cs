using AccelSim.Graph;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic;

/// <summary>Runs the prepared layers of one graph in order, each on the results of those before it.</summary>
internal sealed class SystolicExecutor : IExecutor
{
    private readonly LayerGraph _graph;
    private readonly IReadOnlyList<LayerExecution> _layers;

    // By layer, the values that no later one reads.
    private readonly string[][] _lastReads;

    public SystolicExecutor(LayerGraph graph, IReadOnlyList<LayerExecution> layers)
    {
        (_graph, _layers) = (graph, layers);
        var last = new Dictionary<string, int>();
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            foreach (string value in graph.Layers[i].Operands)
                last[value] = i;
        }
        ILookup<int, string> byLayer = last.ToLookup(entry => entry.Value, entry => entry.Key);
        _lastReads = [.. Enumerable.Range(0, graph.Layers.Length).Select(i => byLayer[i].ToArray())];
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs, bool everyLayer = false, CancellationToken cancellation = default)
    {
        _graph.CheckInputs(inputs);
        string[] wanted = [.. (everyLayer ? _graph.Layers.Select(layer => layer.Name) : _graph.Outputs).Distinct()];
        var keep = wanted.ToHashSet();
        var values = _graph.Inputs.ToDictionary(input => input.Name, input => inputs[input.Name]);
        for (int i = 0; i < _layers.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Layer layer = _graph.Layers[i];
            values[layer.Name] = _layers[i](new LayerOperands([.. layer.Inputs.Select(ValueOf)], [.. layer.Constants.Select(ValueOf)]), cancellation);
            foreach (string name in _lastReads[i].Where(name => !keep.Contains(name)))
                values.Remove(name);
        }
        return wanted.ToDictionary(name => name, name => values[name]);

        Tensor ValueOf(string name) => values.TryGetValue(name, out Tensor? value) ? value : _graph.Constants[name].Value;
    }

    public void Dispose()
    {
        // Nothing is held outside managed memory.
    }
}
