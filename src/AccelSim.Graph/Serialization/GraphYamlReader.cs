using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace AccelSim.Graph.Serialization;

/// <summary>
/// The nodes of a YAML file as a graph. What a file written by hand leaves out follows from the rest: a layer's inputs are the value above it, its constants have the names of their
/// roles and the shapes that the inputs and the number of outputs give.
/// </summary>
internal sealed class GraphYamlReader(string path)
{
    private readonly Dictionary<string, YamlNode> _places = [];
    private readonly Dictionary<string, TensorType> _types = [];
    private readonly List<Constant> _constants = [];
    private readonly List<GraphInput> _inputs = [];
    private readonly List<Layer> _layers = [];
    private string _name = "";

    /// <summary>The constants in the order in which a weights file has them.</summary>
    public IReadOnlyList<Constant> Constants => _constants;

    /// <exception cref="GraphException">The nodes are not a legal graph; the message has the line.</exception>
    public LayerGraph Read(YamlMappingNode root)
    {
        root.Expect(path, ["accelsim", "name", "weights", "inputs", "constants", "layers", "outputs"]);
        var version = root.Child("accelsim", path);
        if (version.Text(path) != GraphYaml.FormatVersion.ToString(CultureInfo.InvariantCulture))
            throw RecordYaml.Error(path, version, $"format version '{version}' is not supported (this program reads version {GraphYaml.FormatVersion})");
        _name = root.Child("name", path).Text(path);
        foreach (var node in root.Child("inputs", path).Items("inputs", path))
            _inputs.Add(Declared(node));
        foreach (var node in root.Optional("constants")?.Items("constants", path) ?? [])
        {
            var value = Declared(node);
            _constants.Add(new Constant(value.Name, value.Type));
        }
        foreach (var node in root.Child("layers", path).Items("layers", path))
            Add(node as YamlMappingNode ?? throw RecordYaml.Error(path, node, "a layer is a mapping with name and operator"));
        var outputs = root.Child("outputs", path);
        foreach (var output in outputs.Names(path))
        {
            if (_layers.All(layer => layer.Name != output.Text(path)))
                throw RecordYaml.Error(path, output, $"the output '{output}' is not a layer");
        }
        try
        {
            return new LayerGraph(_name, _inputs, _constants, _layers, outputs.Names(path).Select(output => output.Text(path)));
        }
        catch (GraphException error)
        {
            throw RecordYaml.Error(path, _places.GetValueOrDefault(error.Subject ?? "", outputs), error);
        }
    }

    private GraphInput Declared(YamlNode node)
    {
        var mapping = node as YamlMappingNode ?? throw RecordYaml.Error(path, node, "a value is a mapping with name and shape");
        string name = mapping.Child("name", path).Text(path);
        var type = new YamlMappingNode(mapping.Children.Where(pair => !Equals(pair.Key, new YamlScalarNode("name"))));
        if (type.Optional("element") is null)
            type.Add("element", nameof(ElementType.Float32));
        if (type.Optional("shape") is null)
            throw RecordYaml.Error(path, node, $"'{name}' needs a shape");
        var value = new GraphInput(name, (TensorType)RecordYaml.Read(typeof(TensorType), type, path));
        _types[name] = value.Type;
        _places[name] = node;
        return value;
    }

    private void Add(YamlMappingNode node)
    {
        node.Expect(path, ["name", "operator", "inputs", "constants", "outputs", "bias", "attributes"]);
        string name = node.Child("name", path).Text(path);
        var kind = node.Child("operator", path);
        if (!OperatorCatalog.Types.TryGetValue(kind.Text(path), out var type))
            throw RecordYaml.Error(path, kind, $"'{kind}' is not an operator (there are {string.Join(", ", OperatorCatalog.Types.Keys.Order())})");
        ImmutableArray<string>? given = node.Optional("inputs") is { } names ? [.. names.Names(path).Select(item => item.Text(path))] : null;
        var inputs = given ?? [_layers.Count > 0 ? _layers[^1].Name : _inputs.Count > 0 ? _inputs[0].Name : throw RecordYaml.Error(path, node, $"layer '{name}' needs 'inputs': nothing stands above it")];
        var attributes = node.Optional("attributes");
        if (attributes is YamlMappingNode mapping && mapping.Optional("padding") is YamlScalarNode { Value: "same" } same)
            attributes = WithPadding(mapping, same, inputs);
        var @operator = (Operator)RecordYaml.Read(type, attributes ?? new YamlMappingNode(), path);
        if (given is null && @operator.FewestInputs != 1)
            inputs = @operator.FewestInputs == 0 ? [] : throw RecordYaml.Error(path, node, $"layer '{name}' needs 'inputs': {@operator.Name} reads {@operator.FewestInputs} values");
        var layer = new Layer(name, @operator, inputs, ConstantsOf(node, name, @operator, inputs));
        try
        {
            _types[name] = LayerTyping.Infer(layer, _name, _types, value => _constants.Exists(constant => constant.Name == value));
        }
        catch (GraphException error)
        {
            throw RecordYaml.Error(path, node, error);
        }
        _layers.Add(layer);
        _places[name] = node;
    }

    /// <summary>The constants that a layer names, or else declares.</summary>
    private ImmutableArray<string> ConstantsOf(YamlMappingNode node, string layer, Operator @operator, ImmutableArray<string> inputs)
    {
        var (outputs, bias) = (node.Optional("outputs"), node.Optional("bias"));
        if (node.Optional("constants") is { } named)
        {
            if ((outputs ?? bias) is { } both)
                throw RecordYaml.Error(path, both, $"layer '{layer}' names its constants, so that 'outputs' and 'bias' have nothing to declare");
            return [.. named.Names(path).Select(item => item.Text(path))];
        }
        if (outputs is not null && !@operator.HasOutputCount)
            throw RecordYaml.Error(path, outputs, $"'outputs' is not a key of {@operator.Name}, whose outputs follow from its inputs");
        int biasRole = @operator.ConstantRoles.IndexOf("bias");
        if (bias is not null && biasRole < 0)
            throw RecordYaml.Error(path, bias, $"'bias' is not a key of {@operator.Name}{(@operator.ConstantRoles.IsEmpty ? "" : $", whose constants are {string.Join(", ", @operator.ConstantRoles)}")}");
        int count = bias is not null && (bool)RecordYaml.Value(typeof(bool), bias, path) ? biasRole + 1 : @operator.RequiredConstants;
        if (count == 0)
            return [];
        if (@operator.IsInteger)
            throw RecordYaml.Error(path, node, $"layer '{layer}' has integer arithmetic and needs 'constants'");
        if (@operator.HasOutputCount && outputs is null)
            throw RecordYaml.Error(path, node, $"layer '{layer}' ({@operator.Name}) needs 'outputs', how many it has, or 'constants' that are declared above");
        return Declare(node, layer, @operator, inputs, outputs is null ? 0 : (int)RecordYaml.Value(typeof(int), outputs, path), count);
    }

    private ImmutableArray<string> Declare(YamlMappingNode node, string layer, Operator @operator, ImmutableArray<string> inputs, int outputs, int count)
    {
        if (inputs.FirstOrDefault(input => !_types.ContainsKey(input)) is { } missing)
            throw RecordYaml.Error(path, node, $"layer '{layer}' reads '{missing}', which no input or earlier layer produces");
        ImmutableArray<Shape> shapes;
        try
        {
            shapes = @operator.ConstantShapes([.. inputs.Select(input => _types[input])], outputs);
        }
        catch (Exception error) when (error is GraphException or OverflowException)
        {
            throw RecordYaml.Error(path, node, $"layer '{layer}' ({@operator.Name}): {error.Message.TrimEnd('.')}");
        }
        var names = ImmutableArray.CreateBuilder<string>(count);
        for (int i = 0; i < count; i++)
        {
            var constant = new Constant($"{layer}/{@operator.ConstantRoles[i]}", new TensorType(ElementType.Float32, shapes[i]));
            _constants.Add(constant);
            _types[constant.Name] = constant.Type;
            _places[constant.Name] = node;
            names.Add(constant.Name);
        }
        return names.MoveToImmutable();
    }

    /// <summary>TensorFlow's SAME depends on the image, which the layer's input says.</summary>
    private YamlMappingNode WithPadding(YamlMappingNode attributes, YamlNode same, ImmutableArray<string> inputs)
    {
        if (inputs.IsEmpty || !_types.TryGetValue(inputs[0], out var input) || input.Shape.Rank != 4)
            throw RecordYaml.Error(path, same, "padding 'same' is for layers whose input is an image [N, C, H, W]");
        var (kernel, stride) = (Size(attributes.Child("kernel", path)), Size(attributes.Child("stride", path)));
        try
        {
            var padding = Padding.Same(input.Image, kernel, stride, attributes.Optional("dilation") is { } dilation ? Size(dilation) : null);
            return new YamlMappingNode(attributes.Children.Select(pair => pair.Value == same ? new(pair.Key, RecordYaml.WriteValue(padding)) : pair));
        }
        catch (Exception error) when (error is GraphException or DivideByZeroException or OverflowException)
        {
            throw RecordYaml.Error(path, same, $"there is no padding 'same' for kernel {kernel} and stride {stride}");
        }
    }

    private Size2 Size(YamlNode node) => (Size2)RecordYaml.Value(typeof(Size2), node, path);
}
