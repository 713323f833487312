using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Models.Onnx.Import.Folding;
using AccelSim.Models.Onnx.Import.Recognition;
using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import;

/// <summary>One import: ONNX values by name and what they have become, while node after node is turned into layers.</summary>
internal sealed class GraphImport
{
    /// <summary>What constant folding may compute beyond twice the file: small files do shape arithmetic too.</summary>
    private const long FoldingAllowance = 16L << 20;

    /// <summary>How far back a constant operand is followed through nodes that are themselves imported as layers.</summary>
    private const int LongestConstantChain = 64;

    private readonly OnnxImportOptions _options;
    private readonly Dictionary<string, ImportedValue> _values = [];
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, HostTensor?> _constants = [];
    private readonly Dictionary<string, string> _held = [];
    private readonly Dictionary<HostTensor, string> _literals = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<HostTensor, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _named = [];
    private readonly HashSet<string> _used = [];
    private readonly HashSet<string> _graphInputs = [];
    private readonly HashSet<string> _specialized = [];
    private readonly List<string> _notes = [];
    private readonly List<ImportedInput> _inputs = [];
    private readonly Dictionary<string, int> _opsets = [];
    private long _folded;

    public GraphImport(OnnxModel model, OnnxImportOptions options)
    {
        (Model, _options) = (model, options);
        Graph = model.Proto.Graph ?? throw new OnnxException($"{model.Name} has no graph: it is not an ONNX model, or is truncated.");
        Draft = new Draft(Graph.Name.Length > 0 ? Graph.Name : Path.GetFileNameWithoutExtension(model.Name) is { Length: > 0 } file ? file : "onnx");
    }

    public OnnxModel Model { get; }

    public GraphProto Graph { get; }

    public Draft Draft { get; }

    /// <exception cref="OnnxException">The model cannot be imported.</exception>
    public ImportedNetwork Run(CancellationToken cancellation)
    {
        try
        {
            ReadOpsets();
            ReadInitializers();
            IndexNodes();
            foreach (var input in Graph.Input)
                Declare(input);
            foreach (var node in NodeOrder.Of(Graph, _producers, Place))
            {
                cancellation.ThrowIfCancellationRequested();
                Import(node);
            }
            return Finish(cancellation);
        }
        catch (Exception error) when (error is GraphException or OverflowException)
        {
            throw new OnnxException($"{Model.Name}: {error.Message}", error);
        }
    }

    /// <exception cref="OnnxException">Nothing produces the value.</exception>
    public ImportedValue ValueOf(string name) => _values.TryGetValue(name, out var value)
        ? value
        : throw new OnnxException($"it reads '{name}', which no input, initializer or node produces.");

    public void Bind(string name, ImportedValue value)
    {
        _values[name] = value;
        if (value is ImportedValue.Known known)
            _names.TryAdd(known.Tensor, name);
        else if (value is ImportedValue.Runtime runtime)
            _named.Add(runtime.Name);
    }

    /// <summary>Whether a value of the draft is the value of an ONNX name already.</summary>
    public bool IsNamed(string value) => _named.Contains(value);

    /// <summary>Whether a node reads an ONNX value, or it is an output.</summary>
    public bool IsUsed(string name) => _used.Contains(name);

    public void Note(string note)
    {
        if (!_notes.Contains(note))
            _notes.Add(note);
    }

    /// <summary>A node for messages, such as <c>node 'conv1' (Conv)</c>.</summary>
    public string Place(NodeProto node) => node.Name.Length > 0
        ? $"node '{node.Name}' ({node.OpType})"
        : $"the node of '{node.Output.FirstOrDefault()}' ({node.OpType})";

    /// <summary>The value as float32: integers held in float32, constants as a literal layer.</summary>
    public string Held(ImportedValue value)
    {
        string raw = Raw(value);
        var type = Draft.TypeOf(raw);
        if (type.Quantization is not { } quantization)
            return raw;
        if (_held.TryGetValue(raw, out string? held))
            return held;
        string real = Draft.Emit($"{raw}/real", new Dequantize(), [raw], [], "decoding").Name;
        held = Draft.Emit($"{raw}/integer", new Activation(ActivationKind.Affine, Alpha: 1 / quantization.Scale, Beta: quantization.ZeroPoint + value.Type.CodeOffset()), [real], [], "decoding").Name;
        held = Draft.Emit($"{raw}/rounded", new Activation(ActivationKind.Round), [held], [], "decoding").Name;
        return _held[raw] = held;
    }

    /// <summary>The value as it is in the graph, constants as a literal layer.</summary>
    public string Raw(ImportedValue value)
    {
        if (value is ImportedValue.Runtime runtime)
            return runtime.Name;
        var tensor = ((ImportedValue.Known)value).Tensor;
        if (_literals.TryGetValue(tensor, out string? literal))
            return literal;
        string name = _names.GetValueOrDefault(tensor, "literal");
        return _literals[tensor] = Draft.Emit(name, new Literal(), [], [tensor], $"the constant '{name}'").Name;
    }

    /// <summary>A value as a constant, or null when it is computed at run time.</summary>
    public HostTensor? ConstantOf(string name)
    {
        var touched = new HashSet<string>();
        var constant = Follow(name, touched, 0);
        if (constant is not null)
            _specialized.UnionWith(touched);
        return constant;
    }

    /// <exception cref="OnnxException">The tensor would take more than the file justifies.</exception>
    public void RequireModest(long elements, string what)
    {
        _folded += 8 * Math.Min(elements, long.MaxValue / 16);
        if (_folded > 2 * Model.Bytes + FoldingAllowance)
            throw new OnnxException($"{what} of {elements} elements is out of proportion to a file of {Model.Bytes} bytes.");
    }

    private HostTensor? Follow(string name, HashSet<string> touched, int depth)
    {
        if (_values.TryGetValue(name, out var value) && value is ImportedValue.Known known)
            return known.Tensor;
        if (_graphInputs.Contains(name) && _options.Inputs.TryGetValue(name, out var given))
        {
            touched.Add(name);
            return given;
        }
        if (_constants.TryGetValue(name, out var memo) && memo is not null && touched.Count == 0)
            return memo;
        if (depth >= LongestConstantChain || !_producers.TryGetValue(name, out var node) || !OperatorTable.Foldings.ContainsKey(node.OpType))
            return null;
        var inputs = new HostTensor?[node.Input.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (node.Input[i].Length > 0 && (inputs[i] = Follow(node.Input[i], touched, depth + 1)) is null)
                return null;
        }
        if (Fold(node, inputs) is not { } results)
            return null;
        int index = node.Output.IndexOf(name);
        return index < results.Length ? results[index] : null;
    }

    private void ReadOpsets()
    {
        foreach (var import in Model.Proto.OpsetImport)
            _opsets[Domain(import.Domain)] = (int)Math.Clamp(import.Version, 0, int.MaxValue);
        if (!_opsets.TryGetValue("", out int version))
            throw new OnnxException("it imports no operator set of ONNX: opset_import must name one.");
        if (version is < OnnxImporter.OldestOpset or > OnnxImporter.NewestOpset)
            throw new OnnxException($"it is written in operator set {version}; sets {OnnxImporter.OldestOpset} to {OnnxImporter.NewestOpset} are supported: convert it with onnx.version_converter.");
    }

    private void ReadInitializers()
    {
        if (Graph.SparseInitializer.Count > 0)
            throw new OnnxException("it has sparse initializers, which are not supported: store them dense.");
        foreach (var initializer in Graph.Initializer)
        {
            if (initializer.Name.Length == 0 || _values.ContainsKey(initializer.Name))
                throw new OnnxException($"there are two initializers '{initializer.Name}'.");
            Bind(initializer.Name, new ImportedValue.Known(TensorReader.Read(initializer, Model.Folder)));
        }
    }

    private void IndexNodes()
    {
        _graphInputs.UnionWith(Graph.Input.Select(input => input.Name).Where(name => !_values.ContainsKey(name)));
        foreach (var node in Graph.Node)
        {
            foreach (string output in node.Output.Where(output => output.Length > 0))
            {
                if (_graphInputs.Contains(output) || _values.ContainsKey(output) || !_producers.TryAdd(output, node))
                    throw new OnnxException($"{Place(node)} produces '{output}', which is another input's, initializer's or node's name already.");
            }
            _used.UnionWith(node.Input);
        }
        _used.UnionWith(Graph.Output.Select(output => output.Name));
        if (Graph.Output.Count == 0)
            throw new OnnxException("its graph has no output.");
    }

    private void Declare(ValueInfoProto input)
    {
        if (_values.TryGetValue(input.Name, out var declared))
        {
            if (declared is ImportedValue.Known)
                return;
            throw new OnnxException($"there are two inputs '{input.Name}'.");
        }
        if (input.Name.Length == 0)
            throw new OnnxException("an input has no name.");
        if (input.Type?.TensorType is not { } tensor)
            throw new OnnxException($"the input '{input.Name}' is not a tensor (or has no type): only dense tensors are supported.");
        var type = (DataType)tensor.ElemType;
        if (!type.IsFloat() && !type.IsInteger())
            throw new OnnxException($"the input '{input.Name}' has elements of {type.Text()}, which are not supported.");
        var extents = SymbolicDimensions.Extents(input.Name, tensor.Shape, _options, Note);
        if (_options.Inputs.TryGetValue(input.Name, out var given) && given.Type != type)
            throw new OnnxException($"the input '{input.Name}' is {type.Text()}, but {given.Type.Text()} was given.");
        bool isEmpty = extents.Contains(0);
        _inputs.Add(new ImportedInput(input.Name, type, extents, null, false));
        if (isEmpty && given is not null)
        {
            // Nothing is computed with an empty tensor at run time, but shape arithmetic may read it.
            _specialized.Add(input.Name);
            Bind(input.Name, new ImportedValue.Known(given));
            return;
        }
        var shape = Shape.Of(extents.AsSpan());
        var quantization = type is DataType.Uint8 or DataType.Int8 ? AttachedQuantization.Of(input.Name, type, Graph, ConstantOf) : null;
        Draft.Declare(new GraphInput(input.Name, quantization is null ? new TensorType(ElementType.Float32, shape) : new TensorType(ElementType.Int8, shape, quantization)));
        Bind(input.Name, new ImportedValue.Runtime(input.Name, type));
    }

    private void Import(NodeProto node)
    {
        try
        {
            if (node.Output.All(output => output.Length == 0))
                throw new OnnxException("it has no output.");
            if (TryFold(node))
                return;
            string domain = Domain(node.Domain);
            if (!OperatorTable.Importers.TryGetValue((domain, node.OpType), out var importer))
            {
                if (TrySpecialize(node))
                    return;
                throw new OnnxException(Unsupported(node, domain));
            }
            if (!_opsets.TryGetValue(domain, out int opset))
                throw new OnnxException($"it is of domain '{domain}', of which the model imports no operator set.");
            importer(new OnnxNode(this, node, opset));
            foreach (string output in node.Output.Where(output => IsUsed(output) && output.Length > 0 && !_values.ContainsKey(output)))
                throw new OnnxException($"its output '{output}' is not supported.");
        }
        catch (Exception error) when (error is GraphException or OverflowException)
        {
            throw new OnnxException($"{Place(node)}: {error.Message}", error);
        }
    }

    private bool TryFold(NodeProto node)
    {
        if (node.Domain.Length > 0 || !OperatorTable.Foldings.ContainsKey(node.OpType))
            return false;
        var inputs = new HostTensor?[node.Input.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (node.Input[i].Length == 0)
                continue;
            if (ValueOf(node.Input[i]) is not ImportedValue.Known known)
                return false;
            inputs[i] = known.Tensor;
        }
        if (Fold(node, inputs) is not { } results)
            return false;
        for (int i = 0; i < node.Output.Count; i++)
        {
            if (node.Output[i].Length > 0 && i < results.Length)
                Bind(node.Output[i], new ImportedValue.Known(results[i]));
        }
        return true;
    }

    /// <summary>Operators that exist for shape arithmetic only are folded also where an input's given value decides.</summary>
    private bool TrySpecialize(NodeProto node)
    {
        if (node.Domain.Length > 0 || !OperatorTable.Foldings.ContainsKey(node.OpType))
            return false;
        var inputs = new HostTensor?[node.Input.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (node.Input[i].Length > 0 && (inputs[i] = ConstantOf(node.Input[i])) is null)
                throw new OnnxException($"it is supported for constants only, but its input '{node.Input[i]}' is computed at run time.");
        }
        var results = Fold(node, inputs)!;
        for (int i = 0; i < Math.Min(node.Output.Count, results.Length); i++)
        {
            if (node.Output[i].Length > 0)
                Bind(node.Output[i], new ImportedValue.Known(results[i]));
        }
        return true;
    }

    private HostTensor[]? Fold(NodeProto node, HostTensor?[] inputs)
    {
        var folded = new FoldedNode(node, new NodeAttributes(node, Model.Folder), _opsets[""], inputs, RequireModest);
        return OperatorTable.Foldings[node.OpType](folded);
    }

    private string Unsupported(NodeProto node, string domain)
    {
        if (Model.Proto.Functions.Any(function => function.Name == node.OpType && Domain(function.Domain) == domain))
            return "it is a model-local function, which is not supported: inline it (onnx.inliner.inline_local_functions).";
        if (node.OpType is "If" or "Loop" or "Scan" or "SequenceMap")
            return "control flow inside the graph is not supported: export for fixed shapes, or simplify the model so that it is folded away.";
        return $"the operator{(domain.Length > 0 ? $" of domain '{domain}'" : "")} is not supported: express it in supported operators, or cut the graph before it.";
    }

    private ImportedNetwork Finish(CancellationToken cancellation)
    {
        var outputs = ImmutableArray.CreateBuilder<ImportedOutput>();
        foreach (var output in Graph.Output)
        {
            if (!_values.TryGetValue(output.Name, out var value))
                throw new OnnxException($"the output '{output.Name}' is produced by no node.");
            if (value is ImportedValue.Known known)
            {
                outputs.Add(new ImportedOutput(output.Name, known.Type, null, known.Tensor));
                continue;
            }
            var runtime = (ImportedValue.Runtime)value;
            string name = runtime.Name;
            if (Draft.Layers.All(layer => layer.Name != name))
                name = Draft.Emit(output.Name, new Reshape([.. Draft.TypeOf(name).Shape]), [name], [], $"the output '{output.Name}'").Name;
            outputs.Add(new ImportedOutput(output.Name, runtime.Type, name, null));
        }
        string[] wanted = [.. outputs.Where(output => output.GraphValue is not null).Select(output => output.GraphValue!).Distinct()];
        LayerGraph? graph = null;
        if (wanted.Length > 0)
        {
            foreach (var pass in DraftPasses.All(_options, Note))
            {
                cancellation.ThrowIfCancellationRequested();
                pass(Draft, wanted);
            }
            graph = Draft.Build(wanted);
        }
        foreach (string input in _specialized)
            Note($"the network holds for the given value of '{input}' only: an operator takes it as a constant");
        return new ImportedNetwork(
            graph,
            [.. _inputs.Select(input => input with
            {
                GraphValue = graph?.Inputs.Any(declared => declared.Name == input.Name) == true ? input.Name : null,
                IsSpecialized = _specialized.Contains(input.Name),
            })],
            outputs.ToImmutable(),
            [.. _notes]);
    }

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;
}
