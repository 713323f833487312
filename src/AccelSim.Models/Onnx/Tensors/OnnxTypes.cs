using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Tensors;

/// <summary>What is to be known of ONNX's element types.</summary>
public static class OnnxTypes
{
    /// <summary>A floating-point type; AccelSim computes all of them in float32.</summary>
    public static bool IsFloat(this DataType type) => type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;

    /// <summary>An integer or Boolean type.</summary>
    public static bool IsInteger(this DataType type) => type is DataType.Bool
        or DataType.Int2 or DataType.Int4 or DataType.Int8 or DataType.Int16 or DataType.Int32 or DataType.Int64
        or DataType.Uint2 or DataType.Uint4 or DataType.Uint8 or DataType.Uint16 or DataType.Uint32 or DataType.Uint64;

    /// <summary>Bits an element takes in a file, or 0 for a type that AccelSim does not read.</summary>
    public static int Bits(this DataType type) => type switch
    {
        DataType.Float or DataType.Int32 or DataType.Uint32 => 32,
        DataType.Double or DataType.Int64 or DataType.Uint64 => 64,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 16,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 8,
        DataType.Int4 or DataType.Uint4 => 4,
        DataType.Int2 or DataType.Uint2 => 2,
        _ => 0,
    };

    /// <summary>Least and greatest value of an integer type (as far as int64 reaches).</summary>
    public static (long Low, long High) Range(this DataType type) => type switch
    {
        DataType.Bool => (0, 1),
        DataType.Int2 => (-2, 1),
        DataType.Uint2 => (0, 3),
        DataType.Int4 => (-8, 7),
        DataType.Uint4 => (0, 15),
        DataType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        DataType.Uint8 => (0, byte.MaxValue),
        DataType.Int16 => (short.MinValue, short.MaxValue),
        DataType.Uint16 => (0, ushort.MaxValue),
        DataType.Int32 => (int.MinValue, int.MaxValue),
        DataType.Uint32 => (0, uint.MaxValue),
        DataType.Uint64 => (0, long.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    /// <summary>What is added to an int8 code to give the ONNX integer: uint8 is stored as q − 128.</summary>
    public static int CodeOffset(this DataType type) => type == DataType.Uint8 ? 128 : 0;

    /// <summary>The name in the ONNX documentation, such as <c>uint8</c>.</summary>
    public static string Text(this DataType type) => Enum.IsDefined(type) ? type.ToString().ToLowerInvariant() : $"type {(int)type}";
}
