using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>
/// The ONNX graph in the making: nodes in the order in which they are added, which is topological, every value with its type, and each name once. Initializers and
/// the DequantizeLinear of a value are added when first read, so that none is there without a reader.
/// </summary>
internal sealed class OnnxGraphWriter
{
    private readonly LayerGraph _graph;
    private readonly HashSet<string> _names;
    private readonly List<NodeProto> _nodes = [];
    private readonly Dictionary<string, OnnxValue> _values = [];
    private readonly Dictionary<string, OnnxInitializer> _initializers = [];
    private readonly Dictionary<string, Func<OnnxValue>> _pending = [];
    private readonly Dictionary<(string Value, float Scale), OnnxValue> _dequantized = [];

    public OnnxGraphWriter(LayerGraph graph)
    {
        _graph = graph;
        _names = [.. graph.Inputs.Select(input => input.Name), .. graph.Constants.Keys, .. graph.Layers.Select(layer => layer.Name)];
        foreach (var input in graph.Inputs)
            _values[input.Name] = new OnnxValue(input.Name, input.Type.Element.ToOnnx(), input.Type.Shape);
        foreach (var constant in graph.Constants.Values)
            _pending[constant.Name] = () => Initializer(OnnxInitializer.Of(constant.Name, constant.Value, constant.Type.Shape), constant.Type.Element.ToOnnx(), constant.Type.Shape);
    }

    public IEnumerable<OnnxInitializer> Initializers => _initializers.Values;

    /// <summary>A name that no value has yet, as near as can be to the one wanted; it is taken from then on.</summary>
    public string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 1; !_names.Add(name); i++)
            name = FormattableString.Invariant($"{wanted}_{i}");
        return name;
    }

    /// <summary>A value of the layer graph as it is there: float32, or int8 codes.</summary>
    public OnnxValue Value(string name)
    {
        if (_pending.Remove(name, out var make))
            _values[name] = make();
        return _values[name];
    }

    /// <summary>A layer whose value is a constant: it becomes an initializer of the layer's name as soon as one reads it.</summary>
    public void Declare(string layer, Constant constant) =>
        _pending[layer] = () => Initializer(OnnxInitializer.Of(layer, constant.Value, constant.Type.Shape), constant.Type.Element.ToOnnx(), constant.Type.Shape);

    /// <summary>A constant of the layer graph under another shape of as many elements.</summary>
    public OnnxValue Reshaped(Constant constant, Shape shape)
    {
        _pending.Remove(constant.Name);
        return _values.TryGetValue(constant.Name, out var value)
            ? value
            : _values[constant.Name] = Initializer(OnnxInitializer.Of(constant.Name, constant.Value, shape), constant.Type.Element.ToOnnx(), shape);
    }

    /// <summary>An initializer of a new name.</summary>
    public OnnxValue Constant<T>(string name, DataType element, Shape shape, T[] data) where T : unmanaged
    {
        string unique = Unique(name);
        return Initializer(OnnxInitializer.Of(unique, element, [.. shape.Select(extent => (long)extent)], data), element, shape);
    }

    /// <summary>A list of integers, such as axes; it may be empty.</summary>
    public OnnxValue Integers(string name, params IReadOnlyList<long> values)
    {
        string unique = Unique(name);
        return Initializer(OnnxInitializer.Of(unique, DataType.Int64, [values.Count], values.ToArray()), DataType.Int64, Shape.Of(Math.Max(1, values.Count)));
    }

    /// <summary>Adds a node; its outputs bear the names given, which must be new.</summary>
    public void Node(string operation, IReadOnlyList<OnnxValue?> inputs, IReadOnlyList<OnnxValue> outputs, IEnumerable<AttributeProto> attributes)
    {
        int given = inputs.Count;
        while (given > 0 && inputs[given - 1] is null)
            given--;
        _nodes.Add(new NodeProto
        {
            Name = outputs[0].Name,
            OpType = operation,
            Input = { inputs.Take(given).Select(input => input?.Name ?? "") },
            Output = { outputs.Select(output => output.Name) },
            Attribute = { attributes },
        });
        foreach (var output in outputs)
            _values[output.Name] = output;
    }

    /// <summary>Gives what the last node produced a layer's name; a value that others may have read already is copied instead.</summary>
    public void Name(OnnxValue value, string layer, string description)
    {
        if (_nodes.Count == 0 || _nodes[^1].Output[0] != value.Name || IsOfGraph(value.Name) || _dequantized.ContainsValue(value))
            Node("Identity", [value], [value = new OnnxValue(Unique($"{layer}/identity"), value.Element, value.Shape)], []);
        _values.Remove(value.Name);
        _nodes[^1].Output[0] = layer;
        _nodes[^1].Name = layer;
        _nodes[^1].DocString = description;
        _values[layer] = value with { Name = layer };
    }

    /// <summary>The reals that int8 codes stand for: codes less their zero point, times <paramref name="scale"/>.</summary>
    public OnnxValue Dequantized(string value, double scale)
    {
        if (_dequantized.TryGetValue((value, (float)scale), out var known))
            return known;
        var codes = Value(value);
        var quantization = _graph.TypeOf(value).Quantization!.Value;
        var reals = new OnnxValue(Unique($"{value}/dequantized"), DataType.Float, codes.Shape);
        Node("DequantizeLinear", [codes, .. Parameters(value, quantization with { Scale = scale })], [reals], []);
        return _dequantized[(value, (float)scale)] = reals;
    }

    /// <summary>Scale and zero point as scalars.</summary>
    public OnnxValue[] Parameters(string value, Quantization quantization) =>
    [
        Constant($"{value}/scale", DataType.Float, Shape.Of(), [(float)quantization.Scale]),
        Constant($"{value}/zero_point", DataType.Int8, Shape.Of(), [(sbyte)quantization.ZeroPoint]),
    ];

    /// <summary>The graph without the data of its initializers, which go in or beside it.</summary>
    public GraphProto Graph()
    {
        var inner = _values.Values.Where(value => !_initializers.ContainsKey(value.Name) && !_graph.Outputs.Contains(value.Name) && _graph.Inputs.All(input => input.Name != value.Name));
        return new GraphProto
        {
            Name = _graph.Name,
            Node = { _nodes },
            Input = { _graph.Inputs.Select(input => ValueInfo(_values[input.Name], isInterface: true)) },
            Output = { _graph.Outputs.Distinct().Select(output => ValueInfo(_values[output], isInterface: true)) },
            ValueInfo = { inner.Select(value => ValueInfo(value, isInterface: false)) },
        };
    }

    /// <summary>Name, type and shape; at the interface with what a dimension means ("dimension denotation" of the ONNX specification).</summary>
    public static ValueInfoProto ValueInfo(OnnxValue value, bool isInterface)
    {
        var shape = new TensorShapeProto();
        for (int i = 0; i < value.Shape.Rank; i++)
        {
            var dimension = new TensorShapeProto.Types.Dimension { DimValue = value.Shape[i] };
            if (isInterface && value.Shape.Rank is 2 or 4)
                dimension.Denotation = i switch { 0 => "DATA_BATCH", 1 => "DATA_CHANNEL", _ => "DATA_FEATURE" };
            shape.Dim.Add(dimension);
        }
        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Element, Shape = shape } } };
    }

    private bool IsOfGraph(string name) => _graph.Inputs.Any(input => input.Name == name) || _graph.Layers.Any(layer => layer.Name == name);

    private OnnxValue Initializer(OnnxInitializer initializer, DataType element, Shape shape)
    {
        _initializers.Add(initializer.Name, initializer);
        return _values[initializer.Name] = new OnnxValue(initializer.Name, element, shape);
    }
}
