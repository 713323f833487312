using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>
/// What is executed at one time: a layer, and with a convolution or fully connected layer perhaps the depthwise convolution before it and the residual add after
/// it, whose kernels it shares. Only the last value of a step is stored.
/// </summary>
/// <param name="Layer">The layer whose lowering makes the step.</param>
/// <param name="Depthwise">Computed where the layer reads it.</param>
/// <param name="Residual">The add in whose operands the layer's value would have been.</param>
internal sealed record ScheduledStep(Layer Layer, Layer? Depthwise = null, Layer? Residual = null)
{
    /// <summary>The value that is stored.</summary>
    public string Value => (Residual ?? Layer).Name;

    public IEnumerable<Layer> Layers => new[] { Depthwise, Layer, Residual }.OfType<Layer>();

    /// <summary>Values and constants that are read.</summary>
    public IEnumerable<string> Operands => Layers.SelectMany(layer => layer.Operands).Except(Layers.Select(layer => layer.Name));

    /// <summary>Whether nothing is computed: the value is its input's memory.</summary>
    public bool IsView => Layer.Operator.IsView();

    /// <summary>As messages name it.</summary>
    public string Description => Layers.Count() == 1 ? $"layer '{Layer.Name}'" : $"layers {string.Join(", ", Layers.Select(layer => $"'{layer.Name}'"))}";
}

/// <summary>In which steps a graph is executed.</summary>
internal static class Schedule
{
    /// <summary>Each layer a step of its own.</summary>
    public static IReadOnlyList<ScheduledStep> Of(LayerGraph graph) => [.. graph.Layers.Select(layer => new ScheduledStep(layer))];

    /// <summary>
    /// Adds are computed by the convolution or fully connected layer that gives one of their operands (the later, where both do) and depthwise convolutions by the
    /// pointwise one after them, where nobody else reads the value in between.
    /// </summary>
    public static IReadOnlyList<ScheduledStep> Fused(LayerGraph graph, DeviceProfile device)
    {
        var places = graph.Layers.Select((layer, place) => (layer, place)).ToDictionary(pair => pair.layer.Name, pair => pair.place);
        var uses = graph.Layers.SelectMany(layer => layer.Operands).Concat(graph.Outputs).CountBy(value => value).ToDictionary();
        var absorbed = new HashSet<string>();
        var residuals = new Dictionary<string, Layer>();
        var depthwise = new Dictionary<string, Layer>();
        foreach (var layer in graph.Layers)
        {
            if (layer.Operator is Add && layer.Inputs.Length == 2 && layer.Inputs.All(input => graph.TypeOf(input).Shape == graph.TypeOf(layer.Name).Shape)
                && layer.Inputs.Where(input => IsFused(input, graph.TypeOf(layer.Name).Element)).MaxBy(input => places[input]) is { } product
                && absorbed.Add(product))
            {
                residuals[product] = layer;
            }
        }
        foreach (var layer in graph.Layers)
        {
            if (layer.Operator is Convolution { IsPointwise: true } && ProductProblem.Of(graph, layer) is { IsDepthwise: false } problem
                && problem.Geometry is { StrideHeight: 1, StrideWidth: 1 } && problem.Geometry.InputPixels == problem.Geometry.OutputPixels
                && IsRead(layer.Inputs[0]) && ProductProblem.Of(graph, Producer(layer.Inputs[0])) is { IsDepthwise: true } before
                && before.Geometry.InputChannels == before.Geometry.OutputChannels && device.FusesDepthwise(problem))
            {
                absorbed.Add(layer.Inputs[0]);
                depthwise[layer.Name] = Producer(layer.Inputs[0]);
            }
        }
        // A product with a residual runs where the add stood: there both operands exist.
        var products = residuals.ToDictionary(pair => pair.Value.Name, pair => pair.Key);
        return
        [
            .. graph.Layers.Where(layer => !absorbed.Contains(layer.Name)).Select(layer => products.TryGetValue(layer.Name, out string? product)
                ? new ScheduledStep(Producer(product), depthwise.GetValueOrDefault(product), layer)
                : new ScheduledStep(layer, depthwise.GetValueOrDefault(layer.Name))),
        ];

        Layer Producer(string value) => graph.Layers[places[value]];

        // Whether one layer gives the value and one reads it.
        bool IsRead(string value) => places.ContainsKey(value) && uses[value] == 1;

        bool IsFused(string value, ElementType element) => IsRead(value) && graph.TypeOf(value).Element == element
            && ProductProblem.Of(graph, Producer(value)) is { IsDepthwise: false };
    }
}
