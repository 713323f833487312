using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>A value that comes from outside, such as the image.</summary>
public sealed record GraphInput(string Name, TensorType Type);

/// <summary>A value fixed before inference. <see cref="Data"/> is null in a graph that has its structure but not yet its weights.</summary>
public sealed record Constant(string Name, TensorType Type, Tensor? Data = null)
{
    /// <exception cref="GraphException">The weights have not been set.</exception>
    public Tensor Value => Data ?? throw new GraphException($"The constant '{Name}' has no data: give the graph weights first (seeded or trained).");
}

/// <summary>One operator applied to values. It produces one value, which bears the layer's name.</summary>
public sealed record Layer(string Name, Operator Operator, ImmutableArray<string> Inputs, ImmutableArray<string> Constants)
{
    public Layer(string name, Operator @operator, params ReadOnlySpan<string> inputs)
        : this(name, @operator, ImmutableArray.Create(inputs), [])
    {
    }

    /// <summary>Everything that it reads.</summary>
    public IEnumerable<string> Operands => Inputs.Concat(Constants);
}

/// <summary>
/// The network that every backend takes: inputs, constants, layers in topological order, outputs. Immutable, and legal by
/// construction: the constructor is the one statement of what a legal graph is, so each pass is verified by making its result.
/// </summary>
/// <remarks>
/// Legal: names are unique over inputs, constants and layers; each layer reads earlier values only, has the number of operands
/// its operator asks for and operands of types that it accepts; each constant is used, once, so that a pass may change it; data have their
/// declared type; outputs are layers. A float layer may read an activation in place of a constant, which is how a training step
/// has weights that change; an integer layer may not, since its arithmetic depends on them.
/// </remarks>
public sealed class LayerGraph
{
    private readonly Dictionary<string, TensorType> _types = [];
    private readonly Dictionary<string, Layer> _layers = [];

    /// <exception cref="GraphException">The graph is not legal; the message names the layer and the rule.</exception>
    public LayerGraph(
        string name,
        IEnumerable<GraphInput> inputs,
        IEnumerable<Constant> constants,
        IEnumerable<Layer> layers,
        IEnumerable<string> outputs)
    {
        Name = name;
        Inputs = [.. inputs];
        Layers = [.. layers];
        Outputs = [.. outputs];
        var byName = ImmutableDictionary.CreateBuilder<string, Constant>();
        foreach (var input in Inputs)
            Declare(input.Name, input.Type, "input");
        foreach (var constant in constants)
        {
            Declare(constant.Name, constant.Type, "constant");
            if (constant.Data is { } data && (data.Shape != constant.Type.Shape || data.Element != constant.Type.Element))
                throw new GraphException($"The constant '{constant.Name}' is declared {constant.Type}, but its data are {data.Element} {data.Shape}.") { Subject = constant.Name };
            byName.Add(constant.Name, constant);
        }
        Constants = byName.ToImmutable();
        var used = new HashSet<string>();
        foreach (var layer in Layers)
        {
            foreach (string constant in layer.Constants)
            {
                if (Constants.ContainsKey(constant) && !used.Add(constant))
                    throw new GraphException($"Layer '{layer.Name}' of '{name}' uses the constant '{constant}', which is in use already: give it a copy of its own.") { Subject = layer.Name };
            }
            Declare(layer.Name, LayerTyping.Infer(layer, name, _types, Constants.ContainsKey), "layer");
            _layers.Add(layer.Name, layer);
        }
        IsQuantized = _types.Any(value => value.Value.Element == ElementType.Int8 && !Constants.ContainsKey(value.Key));
        foreach (string constant in Constants.Keys)
        {
            if (!used.Contains(constant))
                throw new GraphException($"No layer of '{name}' uses the constant '{constant}'.") { Subject = constant };
        }
        if (Outputs.IsEmpty)
            throw new GraphException($"The graph '{name}' has no output.");
        foreach (string output in Outputs)
        {
            if (!_layers.ContainsKey(output))
                throw new GraphException($"The output '{output}' of '{name}' is not a layer.") { Subject = output };
        }
    }

    public string Name { get; }

    public ImmutableArray<GraphInput> Inputs { get; }

    public ImmutableDictionary<string, Constant> Constants { get; }

    public ImmutableArray<Layer> Layers { get; }

    public ImmutableArray<string> Outputs { get; }

    /// <summary>The first dimension of the first input; 1 where there is none.</summary>
    public int Batch => Inputs is [{ Type.Shape: { Rank: > 0 } shape }, ..] ? shape[0] : 1;

    /// <summary>True when any of its values are int8 codes; others may be float32 still (numerics.md, softmax).</summary>
    public bool IsQuantized { get; }

    /// <summary>True when every constant has data, so that the graph can run.</summary>
    public bool HasWeights => Constants.Values.All(constant => constant.Data is not null);

    /// <exception cref="GraphException">No value has that name.</exception>
    public TensorType TypeOf(string value) => _types.TryGetValue(value, out var type)
        ? type
        : throw new GraphException($"The graph '{Name}' has no value '{value}'.");

    public IReadOnlyList<TensorType> InputTypes(Layer layer) => [.. layer.Inputs.Select(TypeOf)];

    public IReadOnlyList<TensorType> ConstantTypes(Layer layer) => [.. layer.Constants.Select(TypeOf)];

    /// <exception cref="GraphException">No layer has that name.</exception>
    public Layer LayerNamed(string name) => _layers.TryGetValue(name, out var layer)
        ? layer
        : throw new GraphException($"The graph '{Name}' has no layer '{name}'.");

    /// <summary>A layer's constant by position in its operator's roles, or null when it is absent.</summary>
    /// <exception cref="GraphException">The layer reads an activation there.</exception>
    public Constant? ConstantOf(Layer layer, int index) =>
        index >= layer.Constants.Length ? null
        : Constants.TryGetValue(layer.Constants[index], out var constant) ? constant
        : throw new GraphException($"Layer '{layer.Name}' reads its {layer.Operator.ConstantRoles[index]} from the activation '{layer.Constants[index]}'.");

    /// <summary>The layers that read a value.</summary>
    public IEnumerable<Layer> Consumers(string value) => Layers.Where(layer => layer.Inputs.Contains(value) || layer.Constants.Contains(value));

    /// <summary>The same network for another batch.</summary>
    public LayerGraph WithBatch(int batch) => batch == Batch
        ? this
        : new LayerGraph(Name, Inputs.Select(input => input with { Type = input.Type with { Shape = input.Type.Shape.With(0, batch) } }), Constants.Values, Layers, Outputs);

    /// <summary>The same structure with data for its constants, by name. Constants not named keep theirs.</summary>
    public LayerGraph WithData(IReadOnlyDictionary<string, Tensor> data) => new(
        Name,
        Inputs,
        Constants.Values.Select(constant => data.TryGetValue(constant.Name, out var value) ? constant with { Data = value } : constant),
        Layers,
        Outputs);

    private void Declare(string name, TensorType type, string what)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new GraphException($"The graph '{Name}' has {what} without a name.");
        if (!_types.TryAdd(name, type))
            throw new GraphException($"The graph '{Name}' has two values named '{name}'.") { Subject = name };
    }
}
