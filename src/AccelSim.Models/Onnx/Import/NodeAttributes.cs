using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using Kind = AccelSim.Models.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace AccelSim.Models.Onnx.Import;

/// <summary>A node's attributes by name, each read as the type that the operator defines.</summary>
internal sealed class NodeAttributes
{
    private readonly Dictionary<string, AttributeProto> _attributes = [];
    private readonly string? _folder;

    /// <exception cref="OnnxException">An attribute occurs twice or refers to a function's.</exception>
    public NodeAttributes(NodeProto node, string? folder)
    {
        _folder = folder;
        foreach (var attribute in node.Attribute)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
                throw new OnnxException($"the attribute '{attribute.Name}' occurs twice.");
            if (attribute.RefAttrName.Length > 0)
                throw new OnnxException($"the attribute '{attribute.Name}' refers to an attribute of a function, outside of one.");
        }
    }

    public bool Has(string name) => _attributes.ContainsKey(name);

    public long Int(string name, long otherwise) => Find(name, Kind.Int) is { } found ? found.I : otherwise;

    public long? Int(string name) => Find(name, Kind.Int)?.I;

    public double Float(string name, double otherwise) => Find(name, Kind.Float) is { } found ? found.F : otherwise;

    public string Text(string name, string otherwise) => Find(name, Kind.String) is { } found ? found.S.ToStringUtf8() : otherwise;

    public IReadOnlyList<long>? Ints(string name) => Find(name, Kind.Ints)?.Ints;

    public IReadOnlyList<float>? Floats(string name) => Find(name, Kind.Floats)?.Floats;

    public IReadOnlyList<string>? Texts(string name) => Find(name, Kind.Strings) is { } found ? [.. found.Strings.Select(text => text.ToStringUtf8())] : null;

    public HostTensor? Tensor(string name) => Find(name, Kind.Tensor) is { } found
        ? TensorReader.Read(found.T ?? throw new OnnxException($"the attribute '{name}' has no tensor."), _folder)
        : null;

    /// <summary>An int attribute as a bool.</summary>
    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    /// <summary>Old writers leave the type out; then the value present tells.</summary>
    private AttributeProto? Find(string name, Kind kind)
    {
        if (!_attributes.TryGetValue(name, out var found))
            return null;
        if (found.Type == kind || found.Type == Kind.Undefined)
            return found;
        throw new OnnxException($"the attribute '{name}' must be {kind}, but is {found.Type}.");
    }
}
