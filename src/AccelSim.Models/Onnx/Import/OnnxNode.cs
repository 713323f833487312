using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import;

/// <summary>One ONNX node under import: its operands in the form that an operator's importer asks for, and the layers that it becomes.</summary>
internal sealed class OnnxNode
{
    private readonly GraphImport _import;
    private readonly NodeProto _proto;
    private readonly int _firstLayer;

    public OnnxNode(GraphImport import, NodeProto proto, int opset)
    {
        (_import, _proto, Opset) = (import, proto, opset);
        _firstLayer = import.Draft.Layers.Count;
        Attributes = new NodeAttributes(proto, import.Model.Folder);
    }

    /// <summary>Version of the operator set that the node is written in.</summary>
    public int Opset { get; }

    public NodeAttributes Attributes { get; }

    public string OperatorType => _proto.OpType;

    public Draft Draft => _import.Draft;

    /// <summary>Operands given, absent ones in the middle included.</summary>
    public int InputCount => _proto.Input.Count;

    public int OutputCount => _proto.Output.Count;

    /// <summary>Whether an optional operand is given.</summary>
    public bool Has(int input) => input < _proto.Input.Count && _proto.Input[input].Length > 0;

    /// <summary>Whether something asks for an output.</summary>
    public bool Wants(int output) => output < _proto.Output.Count && _proto.Output[output].Length > 0 && _import.IsUsed(_proto.Output[output]);

    /// <exception cref="OnnxException">The operand is missing.</exception>
    public ImportedValue Input(int input) => Has(input)
        ? _import.ValueOf(_proto.Input[input])
        : throw new OnnxException($"its input {input} is missing.");

    public DataType TypeOf(int input) => Input(input).Type;

    /// <summary>The extents of an operand.</summary>
    /// <exception cref="GraphException">It is a constant without elements.</exception>
    public Shape ShapeOf(int input) => Input(input) switch
    {
        ImportedValue.Known known => Shape.Of(known.Tensor.Extents.AsSpan()),
        ImportedValue.Runtime runtime => Draft.TypeOf(runtime.Name).Shape,
        _ => throw new OnnxException("unknown value."),
    };

    /// <summary>The operand as a constant where it is one already: an initializer, a Constant node or folded shape arithmetic.</summary>
    public HostTensor? Known(int input) => Has(input) && Input(input) is ImportedValue.Known known ? known.Tensor : null;

    /// <summary>
    /// The operand as a constant: also a graph input whose value was given (the network is then specialized to it) and what follows from such.
    /// </summary>
    /// <exception cref="OnnxException">It is computed at run time.</exception>
    public HostTensor Constant(int input, string what)
    {
        if (!Has(input))
            throw new OnnxException($"its {what} (input {input}) is missing.");
        return _import.ConstantOf(_proto.Input[input])
            ?? throw new OnnxException($"its {what} ('{_proto.Input[input]}') must be constant: make it an initializer, or give the input's value.");
    }

    /// <summary>As <see cref="Constant"/>, or null where it is absent or computed at run time.</summary>
    public HostTensor? ConstantIfAny(int input) => Has(input) ? _import.ConstantOf(_proto.Input[input]) : null;

    /// <summary>A float operand as a value of the graph; a constant becomes a literal layer.</summary>
    /// <exception cref="OnnxException">It holds integers.</exception>
    public string Float(int input)
    {
        var value = Input(input);
        if (!value.Type.IsFloat())
            throw new OnnxException($"its input {input} must be a float tensor, but is {value.Type.Text()}.");
        return _import.Held(value);
    }

    /// <summary>A float operand, or integers held in float32.</summary>
    public string Number(int input) => _import.Held(Input(input));

    /// <summary>An operand of any type as it is: float32, integers held in float32, or int8 codes.</summary>
    public string Any(int input) => _import.Raw(Input(input));

    /// <summary>The name of the operand's value when it is int8 codes with a scale.</summary>
    public string? Codes(int input) =>
        Input(input) is ImportedValue.Runtime runtime && Draft.TypeOf(runtime.Name).Element == ElementType.Int8 ? runtime.Name : null;

    /// <summary>Appends a layer; its final name is given by <see cref="Set(int, string, DataType)"/>.</summary>
    public string Layer(Operator @operator, IEnumerable<string> inputs, params IEnumerable<Operand> constants)
    {
        string output = _proto.Output.FirstOrDefault(name => name.Length > 0) ?? "value";
        return Draft.Emit($"{output}/{@operator.Name}", @operator, inputs, constants, _import.Place(_proto)).Name;
    }

    /// <summary>Appends a layer of one input.</summary>
    public string Layer(Operator @operator, string input, params IEnumerable<Operand> constants) => Layer(@operator, [input], constants);

    /// <summary>A constant as a value of the graph.</summary>
    public string Literal(HostTensor tensor) => Layer(new Literal(), [], tensor);

    /// <summary>A scalar as a value of the graph.</summary>
    public string Literal(double scalar) => Literal(HostTensor.Of([], [(float)scalar]));

    /// <summary>α·x + β.</summary>
    public string Affine(string value, double alpha, double beta) =>
        alpha == 1 && beta == 0 ? value : Layer(new Activation(ActivationKind.Affine, Alpha: alpha, Beta: beta), value);

    /// <summary>The value under other extents; nothing when it has them.</summary>
    public string Reshaped(string value, params ReadOnlySpan<int> extents) =>
        Draft.TypeOf(value).Shape == Shape.Of(extents) ? value : Layer(ReshapeTo(Draft.TypeOf(value).Shape, extents), value);

    /// <summary>Copies the first extent where it stays, so that the network can have another batch.</summary>
    public static Reshape ReshapeTo(Shape input, ReadOnlySpan<int> extents) =>
        new(input.Rank > 0 && extents.Length > 0 && extents[0] == input[0] ? [0, .. extents[1..]] : [.. extents]);

    public Shape ShapeOf(string value) => Draft.TypeOf(value).Shape;

    /// <summary>Declares an output: the value <paramref name="value"/>, which takes the output's name when this node made it.</summary>
    public void Set(int output, string value, DataType type)
    {
        if (output >= _proto.Output.Count || _proto.Output[output].Length == 0)
            return;
        string name = _proto.Output[output];
        for (int i = Draft.Layers.Count - 1; i >= _firstLayer; i--)
        {
            if (Draft.Layers[i].Name != value)
                continue;
            if (!_import.IsNamed(value))
            {
                Draft.Rename(Draft.Layers[i], name, _firstLayer);
                value = Draft.Layers[i].Name;
            }
            break;
        }
        _import.Bind(name, new ImportedValue.Runtime(value, type));
    }

    /// <summary>Declares an output of the first input's type.</summary>
    public void Set(int output, string value) => Set(output, value, TypeOf(0));

    /// <summary>Declares a constant output.</summary>
    public void Set(int output, HostTensor tensor)
    {
        if (output < _proto.Output.Count && _proto.Output[output].Length > 0)
            _import.Bind(_proto.Output[output], new ImportedValue.Known(tensor));
    }

    /// <summary>Declares that the first output is an operand.</summary>
    public void Alias(int input, DataType? type = null)
    {
        var value = Input(input);
        if (value is ImportedValue.Known known)
            Set(0, known.Tensor);
        else
            _import.Bind(_proto.Output[0], ((ImportedValue.Runtime)value) with { Type = type ?? value.Type });
    }

    /// <summary>Remarks about the import for the user.</summary>
    public void Note(string note) => _import.Note($"{_import.Place(_proto)}: {note}");

    /// <summary>The number of indices that a gather may list: in proportion to the file, so that a small file cannot ask for much memory.</summary>
    public void RequireModest(long elements, string what) => _import.RequireModest(elements, what);

    /// <summary>An axis of a value of some rank, negative ones from the end.</summary>
    /// <exception cref="OnnxException">It is out of range.</exception>
    public static int Axis(long axis, int rank, string what = "axis")
    {
        if (axis < -rank || axis >= rank)
            throw new OnnxException($"the {what} {axis} is out of range for {rank} dimensions.");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Refuses outputs beyond the first <paramref name="count"/> when something reads them.</summary>
    public void RequireOutputsUnused(int count, string what)
    {
        for (int i = count; i < OutputCount; i++)
        {
            if (Wants(i))
                throw new OnnxException($"its output {i} ({what}) is not supported.");
        }
    }
}
