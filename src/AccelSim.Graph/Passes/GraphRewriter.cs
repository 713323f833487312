namespace AccelSim.Graph.Passes;

/// <summary>
/// The result of a pass in the making: layers and constants emitted so far, and values that now go by another name.
/// Constants that no emitted layer uses are dropped.
/// </summary>
internal sealed class GraphRewriter(LayerGraph source)
{
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, int> _positions = [];
    private readonly Dictionary<string, Constant> _constants = new(source.Constants);
    private readonly Dictionary<string, string> _renamed = [];
    private readonly ILookup<string, Layer> _consumers = source.Layers
        .SelectMany(layer => layer.Operands.Distinct(), (layer, value) => (layer, value))
        .ToLookup(pair => pair.value, pair => pair.layer);

    public string Resolve(string value)
    {
        while (_renamed.TryGetValue(value, out string? target))
            value = target;
        return value;
    }

    /// <summary>Readers of <paramref name="value"/> read <paramref name="target"/> from now on.</summary>
    public void Rename(string value, string target) => _renamed[value] = target;

    public void Emit(Layer layer)
    {
        _positions[layer.Name] = _layers.Count;
        _layers.Add(layer with { Inputs = [.. layer.Inputs.Select(Resolve)], Constants = [.. layer.Constants.Select(Resolve)] });
    }

    /// <summary>The layer already emitted under that name, or null when it is an input.</summary>
    public Layer? Emitted(string value) => _positions.TryGetValue(value, out int position) ? _layers[position] : null;

    public void Replace(Layer old, Layer @new) => _layers[_positions[old.Name]] = @new;

    public Constant ConstantNamed(string name) => _constants[name];

    /// <summary>True when every constant of the layer is one, and not an activation in its place.</summary>
    public bool HasConstants(Layer layer) => layer.Constants.All(_constants.ContainsKey);

    public void Set(Constant constant) => _constants[constant.Name] = constant;

    /// <summary>True when one layer alone reads a value of the source, and it is not an output.</summary>
    public bool HasOneReader(string value) => _consumers[value].Take(2).Count() == 1 && !source.Outputs.Contains(value);

    public LayerGraph Build(IEnumerable<GraphInput>? inputs = null, IEnumerable<string>? outputs = null)
    {
        var used = _layers.SelectMany(layer => layer.Constants).ToHashSet();
        return new LayerGraph(
            source.Name, inputs ?? source.Inputs, _constants.Values.Where(constant => used.Contains(constant.Name)), _layers, outputs ?? source.Outputs.Select(Resolve));
    }
}
