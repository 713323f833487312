using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx;

/// <summary>An input of the ONNX graph.</summary>
/// <param name="Name">Its ONNX name.</param>
/// <param name="Type">Its ONNX element type.</param>
/// <param name="Extents">Its extents, symbolic ones set.</param>
/// <param name="GraphValue">The layer graph's input, or null when nothing computes with it at run time.</param>
/// <param name="IsSpecialized">The network holds for the given value of this input only: an operator took it as a constant.</param>
public sealed record ImportedInput(string Name, DataType Type, ImmutableArray<int> Extents, string? GraphValue, bool IsSpecialized);

/// <summary>An output of the ONNX graph: a value of the layer graph, or a constant.</summary>
/// <param name="Name">Its ONNX name.</param>
/// <param name="Type">
/// Its ONNX element type. An int8 value of the graph holds uint8 as q − 128; other integers are held in float32, exact below 2^24.
/// </param>
/// <param name="GraphValue">The layer graph's output, or null when it is constant.</param>
/// <param name="Constant">The value when nothing of it is computed at run time, as shape arithmetic.</param>
public sealed record ImportedOutput(string Name, DataType Type, string? GraphValue, HostTensor? Constant);

/// <summary>An ONNX model as a layer graph.</summary>
/// <param name="Graph">The graph, or null when every output is constant.</param>
/// <param name="Inputs">The ONNX inputs that are not initializers, in order.</param>
/// <param name="Outputs">The ONNX outputs, in order.</param>
/// <param name="Notes">What the user should know: assumed dimensions, specialized inputs, layers that stay float.</param>
public sealed record ImportedNetwork(
    LayerGraph? Graph, ImmutableArray<ImportedInput> Inputs, ImmutableArray<ImportedOutput> Outputs, ImmutableArray<string> Notes)
{
    /// <summary>The same network with a graph that passes have changed; they may rename outputs, but keep their order.</summary>
    public ImportedNetwork With(LayerGraph graph) => this with
    {
        Graph = graph,
        Outputs = [.. Outputs.Select(output => output.GraphValue is { } value ? output with { GraphValue = graph.Outputs[Graph!.Outputs.IndexOf(value)] } : output)],
    };

    /// <summary>ONNX input values as the layer graph's: float32, or int8 codes.</summary>
    /// <exception cref="GraphException">An input is missing or has another shape.</exception>
    public IReadOnlyDictionary<string, Tensor> Encode(IReadOnlyDictionary<string, HostTensor> inputs)
    {
        var encoded = new Dictionary<string, Tensor>();
        foreach (var input in Inputs.Where(input => input.GraphValue is not null))
        {
            if (!inputs.TryGetValue(input.Name, out var given))
                throw new GraphException($"The input '{input.Name}' was not given.");
            var type = Graph!.TypeOf(input.GraphValue!);
            if (given.Type != input.Type || !given.Extents.AsSpan().SequenceEqual(input.Extents.AsSpan()))
                throw new GraphException($"The input '{input.Name}' must be {input.Type.Text()} {HostTensor.Text(input.Extents)}, but is {given}.");
            encoded[input.GraphValue!] = type.Element == ElementType.Float32 ? given.ToTensor() : Codes(given, type.Shape);
        }
        return encoded;
    }

    /// <summary>The layer graph's outputs as ONNX values, in the order of <see cref="Outputs"/>.</summary>
    public ImmutableArray<HostTensor> Decode(IReadOnlyDictionary<string, Tensor> outputs) =>
        [.. Outputs.Select(output => output.Constant ?? Decoded(outputs[output.GraphValue!], output.Type))];

    private static Tensor Codes(HostTensor integers, Shape shape)
    {
        var codes = new sbyte[shape.Elements];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = (sbyte)(integers.Integer(i) - integers.Type.CodeOffset());
        return Tensor.Of(shape, codes);
    }

    private static HostTensor Decoded(Tensor tensor, DataType type)
    {
        int[] extents = [.. (IReadOnlyList<int>)tensor.Shape];
        if (type.IsFloat())
            return HostTensor.Of(extents, tensor.Float32.ToArray(), type);
        var integers = new long[tensor.Shape.Elements];
        for (int i = 0; i < integers.Length; i++)
            integers[i] = tensor.Element == ElementType.Int8 ? tensor.Int8[i] + type.CodeOffset() : (long)Math.Round(tensor.Float32[i]);
        return HostTensor.Of(extents, integers, type);
    }
}
