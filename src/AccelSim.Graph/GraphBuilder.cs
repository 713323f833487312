namespace AccelSim.Graph;

/// <summary>
/// Builds a float graph layer by layer, in the order of a paper's table. Constants are declared without data;
/// names are paths such as <c>block3/depthwise</c>, their constants <c>block3/depthwise/weight</c>.
/// </summary>
public sealed class GraphBuilder(string name)
{
    private readonly List<GraphInput> _inputs = [];
    private readonly List<Constant> _constants = [];
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, TensorType> _types = [];

    public TensorType TypeOf(string value) => _types[value];

    public string Input(string value, Shape shape)
    {
        var type = new TensorType(ElementType.Float32, shape);
        _inputs.Add(new GraphInput(value, type));
        _types[value] = type;
        return value;
    }

    /// <summary>Convolution to <paramref name="outputs"/> channels; <paramref name="same"/> asks for TensorFlow's SAME padding.</summary>
    public string Convolution(
        string layer, string input, int outputs, int kernel, int stride = 1, int? padding = null, int groups = 1, bool bias = false)
    {
        var (size, step) = (Size2.Square(kernel), Size2.Square(stride));
        var pad = padding is { } side ? Padding.All(side) : Padding.Same(TypeOf(input).Image, size, step);
        return Convolution(layer, input, outputs, new Convolution(size, step, pad, groups), bias);
    }

    public string Convolution(string layer, string input, int outputs, Convolution convolution, bool bias) => Layer(layer, convolution, [input],
        [("weight", Shape.Of(outputs, TypeOf(input).Channels / convolution.Groups, convolution.Kernel.Height, convolution.Kernel.Width)), .. Bias(bias, outputs)]);

    public string FullyConnected(string layer, string input, int outputs, bool bias = true) => Layer(layer, new FullyConnected(), [input],
        [("weight", Shape.Of(outputs, TypeOf(input).Shape[1])), .. Bias(bias, outputs)]);

    public string BatchNormalization(string layer, string input, double epsilon)
    {
        var shape = Shape.Of(TypeOf(input).Channels);
        return Layer(layer, new BatchNormalization(epsilon), [input], [("gamma", shape), ("beta", shape), ("mean", shape), ("variance", shape)]);
    }

    public string Activation(string layer, string input, ActivationKind kind) => Layer(layer, new Activation(kind), [input]);

    /// <summary>Any operator with constants of the given roles and shapes.</summary>
    /// <exception cref="GraphException">The operands do not fit the operator.</exception>
    public string Layer(string layer, Operator @operator, IReadOnlyList<string> inputs, params IReadOnlyList<(string Role, Shape Shape)> constants)
    {
        var declared = constants.Select(constant => new Constant($"{layer}/{constant.Role}", new TensorType(ElementType.Float32, constant.Shape))).ToList();
        _constants.AddRange(declared);
        _layers.Add(new Layer(layer, @operator, [.. inputs], [.. declared.Select(constant => constant.Name)]));
        try
        {
            _types[layer] = @operator.Infer([.. inputs.Select(TypeOf)], [.. declared.Select(constant => constant.Type)]);
        }
        catch (Exception error) when (error is GraphException or OverflowException)
        {
            throw new GraphException($"Layer '{layer}' ({@operator.Name}) of '{name}': {error.Message}", error);
        }
        return layer;
    }

    public LayerGraph Build(params IReadOnlyList<string> outputs) => new(name, _inputs, _constants, _layers, outputs);

    private static (string, Shape)[] Bias(bool bias, int outputs) => bias ? [("bias", Shape.Of(outputs))] : [];
}
