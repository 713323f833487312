using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import;

/// <summary>What an ONNX value has become: a constant on the host, or a value of the graph.</summary>
/// <param name="Type">Its ONNX element type.</param>
internal abstract record ImportedValue(DataType Type)
{
    /// <summary>Known at import: an initializer, a Constant node, shape arithmetic.</summary>
    public sealed record Known(HostTensor Tensor) : ImportedValue(Tensor.Type);

    /// <summary>Computed by the backend.</summary>
    /// <param name="Name">The graph's name.</param>
    /// <param name="Type">
    /// The ONNX element type. Floats are float32 in the graph; uint8 and int8 are int8 codes with a scale where a quantization is attached to
    /// them, and else, as all other integers, float32 that hold the integer (exact below 2^24).
    /// </param>
    public sealed record Runtime(string Name, DataType Type) : ImportedValue(Type);
}
