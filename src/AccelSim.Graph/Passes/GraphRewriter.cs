namespace AccelSim.Graph.Passes;

/// <summary>
/// The result of a pass in the making: layers and constants emitted so far, and values that now go by another name.
/// Constants that no emitted layer uses are dropped.
/// </summary>
internal sealed class GraphRewriter(LayerGraph source)
{
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, Constant> _constants = new(source.Constants);
    private readonly Dictionary<string, string> _renamed = [];

    public string Resolve(string value)
    {
        while (_renamed.TryGetValue(value, out string? target))
            value = target;
        return value;
    }

    /// <summary>Readers of <paramref name="value"/> read <paramref name="target"/> from now on.</summary>
    public void Rename(string value, string target) => _renamed[value] = target;

    public void Emit(Layer layer) => _layers.Add(layer with { Inputs = [.. layer.Inputs.Select(Resolve)] });

    /// <summary>The layer already emitted under that name, or null when it is an input.</summary>
    public Layer? Emitted(string value) => _layers.Find(layer => layer.Name == value);

    public void Replace(Layer old, Layer @new) => _layers[_layers.IndexOf(old)] = @new;

    public Constant ConstantNamed(string name) => _constants[name];

    public void Set(Constant constant) => _constants[constant.Name] = constant;

    public LayerGraph Build(IEnumerable<GraphInput>? inputs = null)
    {
        var used = _layers.SelectMany(layer => layer.Constants).ToHashSet();
        return new LayerGraph(
            source.Name, inputs ?? source.Inputs, _constants.Values.Where(constant => used.Contains(constant.Name)), _layers, source.Outputs.Select(Resolve));
    }
}
