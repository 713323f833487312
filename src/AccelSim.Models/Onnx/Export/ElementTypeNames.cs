using AccelSim.Graph;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

internal static class ElementTypeNames
{
    public static DataType ToOnnx(this ElementType element) => element switch
    {
        ElementType.Float32 => DataType.Float,
        ElementType.Int8 => DataType.Int8,
        _ => DataType.Int32,
    };
}
