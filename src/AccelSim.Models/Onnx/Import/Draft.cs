using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx.Import;

/// <summary>A constant operand of a layer in the making: a host tensor that becomes float32, a tensor of codes, or another layer's value.</summary>
internal sealed record Operand
{
    private Operand()
    {
    }

    public HostTensor? Host { get; private init; }

    public Tensor? Codes { get; private init; }

    /// <summary>The name of a value, when the operand is not a constant.</summary>
    public string? Value { get; init; }

    public static implicit operator Operand(HostTensor host) => new() { Host = host };

    public static implicit operator Operand(Tensor codes) => new() { Codes = codes };

    public static Operand OfValue(string value) => new() { Value = value };
}

/// <summary>A layer in the making.</summary>
internal sealed class DraftLayer(string name, Operator @operator, IEnumerable<string> inputs, IEnumerable<Operand> constants, TensorType type, string place)
{
    public string Name { get; set; } = name;

    public Operator Operator { get; set; } = @operator;

    public List<string> Inputs { get; } = [.. inputs];

    public List<Operand> Constants { get; set; } = [.. constants];

    public TensorType Type { get; set; } = type;

    /// <summary>The ONNX node that it comes from, for messages.</summary>
    public string Place { get; } = place;

    public IEnumerable<string> Reads => Inputs.Concat(Constants.Where(constant => constant.Value is not null).Select(constant => constant.Value!));
}

/// <summary>
/// The layer graph in the making: layers in topological order that recognition may still rewrite. Constants stay host tensors,
/// so that quantized weights are never expanded to float32 unless a float layer really keeps them.
/// </summary>
internal sealed class Draft(string name)
{
    /// <summary>What constants that the file stores in short form (ConstantOfShape, quantized codes) may take once expanded: above all light networks.</summary>
    private const long LargestExpansion = 1L << 30;

    private readonly Dictionary<string, TensorType> _types = [];
    private readonly List<GraphInput> _inputs = [];
    private List<DraftLayer> _layers = [];

    public IReadOnlyList<DraftLayer> Layers => _layers;

    public bool Has(string value) => _types.ContainsKey(value);

    public TensorType TypeOf(string value) => _types[value];

    public void Declare(GraphInput input)
    {
        _inputs.Add(input);
        _types.Add(input.Name, input.Type);
    }

    /// <summary>Appends a layer and infers its type.</summary>
    /// <exception cref="GraphException">The operands do not fit the operator.</exception>
    public DraftLayer Emit(string layer, Operator @operator, IEnumerable<string> inputs, IEnumerable<Operand> constants, string place)
    {
        var made = Make(layer, @operator, inputs, constants, place);
        _layers.Add(made);
        return made;
    }

    /// <summary>A layer that is not yet in the list.</summary>
    public DraftLayer Make(string layer, Operator @operator, IEnumerable<string> inputs, IEnumerable<Operand> constants, string place)
    {
        string unique = Unique(layer);
        var made = new DraftLayer(unique, @operator, inputs, constants, new TensorType(ElementType.Float32, []), place);
        made.Type = Infer(made);
        _types.Add(unique, made.Type);
        return made;
    }

    /// <summary>The type of a layer's value.</summary>
    public TensorType Infer(DraftLayer layer) => layer.Operator.Infer([.. layer.Inputs.Select(TypeOf)], [.. layer.Constants.Select(TypeOf)]);

    /// <summary>Gives a layer of <paramref name="since"/> and later its final name.</summary>
    public void Rename(DraftLayer layer, string name, int since)
    {
        if (layer.Name == name || Has(name))
            return;
        string old = layer.Name;
        _types.Remove(old);
        _types.Add(name, layer.Type);
        layer.Name = name;
        for (int i = since; i < _layers.Count; i++)
            Redirect(_layers[i], old, name);
    }

    /// <summary>Makes a layer compute something else under its name.</summary>
    /// <exception cref="GraphException">The operands do not fit the operator; the layer is as before.</exception>
    public void Rewrite(DraftLayer layer, Operator @operator, IEnumerable<string> inputs, params IEnumerable<Operand> constants)
    {
        string[] reads = [.. inputs];
        Operand[] operands = [.. constants];
        var type = @operator.Infer([.. reads.Select(TypeOf)], [.. operands.Select(TypeOf)]);
        layer.Operator = @operator;
        layer.Inputs.Clear();
        layer.Inputs.AddRange(reads);
        layer.Constants = [.. operands];
        layer.Type = type;
        _types[layer.Name] = type;
    }

    /// <summary>Replaces the list of layers, which must be in topological order.</summary>
    public void Reorder(IEnumerable<DraftLayer> layers) => _layers = [.. layers];

    /// <summary>Makes a layer read another value.</summary>
    public static void Redirect(DraftLayer layer, string from, string to)
    {
        for (int i = 0; i < layer.Inputs.Count; i++)
        {
            if (layer.Inputs[i] == from)
                layer.Inputs[i] = to;
        }
        for (int i = 0; i < layer.Constants.Count; i++)
        {
            if (layer.Constants[i].Value == from)
                layer.Constants[i] = Operand.OfValue(to);
        }
    }

    /// <summary>The legal graph of what the outputs depend on.</summary>
    /// <exception cref="GraphException">A constant is beyond what a file may expand to.</exception>
    public LayerGraph Build(IReadOnlyCollection<string> outputs)
    {
        var live = outputs.ToHashSet();
        foreach (var layer in Enumerable.Reverse(_layers))
        {
            if (live.Contains(layer.Name))
                live.UnionWith(layer.Reads);
        }
        var constants = new List<Constant>();
        var layers = new List<Layer>();
        long expansion = 0;
        foreach (var layer in _layers.Where(layer => live.Contains(layer.Name)))
        {
            var names = ImmutableArray.CreateBuilder<string>();
            for (int i = 0; i < layer.Constants.Count; i++)
            {
                if (layer.Constants[i].Value is { } value)
                {
                    names.Add(value);
                    continue;
                }
                expansion += layer.Constants[i].Host?.BytesToExpand ?? 0;
                if (expansion > LargestExpansion)
                    throw new OnnxException($"{layer.Place}: the constants that the file stores in short form would take more than {LargestExpansion >> 20} MB.");
                var tensor = layer.Constants[i].Codes ?? layer.Constants[i].Host!.ToTensor();
                string constant = Unique($"{layer.Name}/{layer.Operator.ConstantRoles[i]}");
                _types.Add(constant, new TensorType(tensor.Element, tensor.Shape));
                constants.Add(new Constant(constant, _types[constant], tensor));
                names.Add(constant);
            }
            layers.Add(new Layer(layer.Name, layer.Operator, [.. layer.Inputs], names.ToImmutable()));
        }
        return new LayerGraph(name, _inputs.Where(input => live.Contains(input.Name)), constants, layers, outputs);
    }

    private TensorType TypeOf(Operand operand)
    {
        if (operand.Value is { } value)
            return TypeOf(value);
        return operand.Codes is { } codes
            ? new TensorType(codes.Element, codes.Shape)
            : new TensorType(ElementType.Float32, Shape.Of(operand.Host!.Extents.AsSpan()));
    }

    private string Unique(string layer)
    {
        if (string.IsNullOrWhiteSpace(layer))
            layer = "value";
        if (!Has(layer))
            return layer;
        int number = 2;
        while (Has($"{layer}_{number}"))
            number++;
        return $"{layer}_{number}";
    }
}
