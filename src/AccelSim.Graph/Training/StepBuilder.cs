using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>The layers of a training step in the making. A value's type is known as soon as its layer is emitted.</summary>
internal sealed class StepBuilder(string name)
{
    private readonly List<GraphInput> _inputs = [];
    private readonly List<Constant> _constants = [];
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, TensorType> _types = [];

    public IReadOnlyList<Layer> Layers => _layers;

    public Shape ShapeOf(string value) => _types[value].Shape;

    public string Input(string value, Shape shape)
    {
        var type = new TensorType(ElementType.Float32, shape);
        if (!_types.TryAdd(value, type))
            throw new GraphException($"'{name}' has two values named '{value}': rename the layer.");
        _inputs.Add(new GraphInput(value, type));
        return value;
    }

    /// <summary>A fixed value. Layers share it, which a constant of the graph may not be.</summary>
    public string Literal(string value, Tensor data)
    {
        string layer = Unique(value);
        var constant = new Constant($"{layer}/value", new TensorType(ElementType.Float32, data.Shape), data);
        _constants.Add(constant);
        return Emit(layer, new Literal(), [], [constant.Name], constant.Type);
    }

    /// <summary>Adds a layer under a name, or the name with a number where it is taken.</summary>
    /// <exception cref="GraphException">The operands do not fit the operator.</exception>
    public string Emit(string layer, Operator @operator, ImmutableArray<string> inputs, ImmutableArray<string> constants) =>
        Emit(Unique(layer), @operator, inputs, constants, [.. constants.Select(constant => _types[constant])]);

    public LayerGraph Build(IEnumerable<string> outputs) => new(name, _inputs, _constants, _layers, outputs);

    private string Emit(string layer, Operator @operator, ImmutableArray<string> inputs, ImmutableArray<string> constants, params IReadOnlyList<TensorType> constantTypes)
    {
        try
        {
            _types.Add(layer, @operator.Infer([.. inputs.Select(input => _types[input])], constantTypes));
        }
        catch (Exception error) when (error is GraphException or OverflowException)
        {
            throw new GraphException($"Layer '{layer}' ({@operator.Name}) of '{name}': {error.Message}", error);
        }
        _layers.Add(new Layer(layer, @operator, inputs, constants));
        return layer;
    }

    private string Unique(string value)
    {
        string unique = value;
        for (int i = 2; _types.ContainsKey(unique); i++)
            unique = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}-{i}");
        return unique;
    }
}
