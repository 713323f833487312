using System.Runtime.InteropServices;
using AccelSim.Models.Onnx.Schema;
using Google.Protobuf.Collections;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Tensors;

/// <summary>
/// TensorProto to <see cref="HostTensor"/>: raw data, typed fields and external files of every type of at most 64 bits. Nothing is allocated
/// before the bytes that are present have been held against the bytes that the shape asks for.
/// </summary>
public static class TensorReader
{
    /// <param name="proto">The tensor.</param>
    /// <param name="folder">The model's folder for external data, or null when there is none.</param>
    /// <exception cref="OnnxException">Its shape, type and data do not agree, or its type is not supported.</exception>
    public static HostTensor Read(TensorProto proto, string? folder = null)
    {
        try
        {
            return ReadChecked(proto, folder);
        }
        catch (OnnxException error)
        {
            throw new OnnxException($"tensor '{proto.Name}': {error.Message}", error);
        }
    }

    private static HostTensor ReadChecked(TensorProto proto, string? folder)
    {
        var type = (DataType)proto.DataType;
        int bits = type.Bits();
        if (bits == 0)
            throw new OnnxException($"elements of {type.Text()} are not supported.");
        var extents = new int[proto.Dims.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            if (proto.Dims[i] is < 0 or > int.MaxValue)
                throw new OnnxException($"its dimension {i} is {proto.Dims[i]}; dimensions are 0 to 2^31 − 1.");
            extents[i] = (int)proto.Dims[i];
        }
        long elements;
        try
        {
            elements = HostTensor.Count(extents);
        }
        catch (Graph.GraphException error)
        {
            throw new OnnxException(error.Message, error);
        }
        if (elements > Array.MaxLength)
            throw new OnnxException($"its shape {HostTensor.Text(extents)} has {elements} elements, more than a tensor can hold.");
        long bytes = (elements * bits + 7) / 8;
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            return FromRaw(type, extents, (int)elements, ExternalData.Read(proto, folder, bytes));
        if (proto.HasRawData && (proto.RawData.Length > 0 || elements == 0))
        {
            if (proto.RawData.Length != bytes)
                throw new OnnxException($"its shape {HostTensor.Text(extents)} asks for {bytes} bytes of {type.Text()}, but {proto.RawData.Length} are present.");
            return FromRaw(type, extents, (int)elements, proto.RawData.Span);
        }
        return FromFields(proto, type, extents, (int)elements);
    }

    private static HostTensor FromRaw(DataType type, int[] extents, int elements, ReadOnlySpan<byte> raw)
    {
        switch (type)
        {
            case DataType.Float:
                return HostTensor.Of(extents, MemoryMarshal.Cast<byte, float>(raw).ToArray());
            case DataType.Double:
                return Floats(extents, type, MemoryMarshal.Cast<byte, double>(raw), value => (float)value);
            case DataType.Float16:
                return Floats(extents, type, MemoryMarshal.Cast<byte, Half>(raw), value => (float)value);
            case DataType.Bfloat16:
                return Floats(extents, type, MemoryMarshal.Cast<byte, ushort>(raw), Bfloat16);
            case DataType.Int8:
                return HostTensor.Of(extents, MemoryMarshal.Cast<byte, sbyte>(raw).ToArray());
            case DataType.Uint8:
            case DataType.Bool:
                return HostTensor.Of(extents, raw.ToArray(), type);
            case DataType.Int32:
                return HostTensor.Of(extents, MemoryMarshal.Cast<byte, int>(raw).ToArray());
            case DataType.Int64:
                return HostTensor.Of(extents, MemoryMarshal.Cast<byte, long>(raw).ToArray());
            case DataType.Uint64:
                return Longs(extents, type, MemoryMarshal.Cast<byte, ulong>(raw), Long);
            case DataType.Uint32:
                return Longs(extents, type, MemoryMarshal.Cast<byte, uint>(raw), value => value);
            case DataType.Int16:
                return Longs(extents, type, MemoryMarshal.Cast<byte, short>(raw), value => value);
            case DataType.Uint16:
                return Longs(extents, type, MemoryMarshal.Cast<byte, ushort>(raw), value => value);
            default:
                return Packed(type, extents, elements, raw);
        }
    }

    /// <summary>Elements of 4 or 2 bits, the first in the lowest bits.</summary>
    private static HostTensor Packed(DataType type, int[] extents, int elements, ReadOnlySpan<byte> raw)
    {
        int bits = type.Bits(), perByte = 8 / bits, mask = (1 << bits) - 1;
        bool signed = type is DataType.Int4 or DataType.Int2;
        var values = new sbyte[elements];
        for (int i = 0; i < elements; i++)
        {
            int value = raw[i / perByte] >> (i % perByte * bits) & mask;
            values[i] = (sbyte)(signed && value > mask >> 1 ? value - mask - 1 : value);
        }
        return HostTensor.Of(extents, values, type);
    }

    private static HostTensor FromFields(TensorProto proto, DataType type, int[] extents, int elements)
    {
        switch (type)
        {
            case DataType.Float:
                return HostTensor.Of(extents, Counted(proto.FloatData, elements, "float_data"));
            case DataType.Double:
                return HostTensor.Of(extents, Array.ConvertAll(Counted(proto.DoubleData, elements, "double_data"), value => (float)value), type);
            case DataType.Int64:
                return HostTensor.Of(extents, Counted(proto.Int64Data, elements, "int64_data"));
            case DataType.Uint32:
            case DataType.Uint64:
                return HostTensor.Of(extents, Array.ConvertAll(Counted(proto.Uint64Data, elements, "uint64_data"), Long), type);
            case DataType.Float16:
                return HostTensor.Of(extents, Array.ConvertAll(Counted(proto.Int32Data, elements, "int32_data"), value => (float)BitConverter.UInt16BitsToHalf((ushort)value)), type);
            case DataType.Bfloat16:
                return HostTensor.Of(extents, Array.ConvertAll(Counted(proto.Int32Data, elements, "int32_data"), value => Bfloat16((ushort)value)), type);
            case DataType.Int32:
                return HostTensor.Of(extents, Counted(proto.Int32Data, elements, "int32_data"));
            case DataType.Int4 or DataType.Uint4 or DataType.Int2 or DataType.Uint2:
                int perByte = 8 / type.Bits();
                return Packed(type, extents, elements, Array.ConvertAll(Counted(proto.Int32Data, (elements + perByte - 1) / perByte, "int32_data"), value => (byte)value));
            case DataType.Int8:
                return HostTensor.Of(extents, Array.ConvertAll(Counted(proto.Int32Data, elements, "int32_data"), value => (sbyte)value));
            case DataType.Uint8 or DataType.Bool:
                return HostTensor.Of(extents, Array.ConvertAll(Counted(proto.Int32Data, elements, "int32_data"), value => (byte)value), type);
            default:
                return HostTensor.Of(extents, Array.ConvertAll(Counted(proto.Int32Data, elements, "int32_data"), value => type == DataType.Int16 ? (short)value : (long)(ushort)value), type);
        }
    }

    private static T[] Counted<T>(RepeatedField<T> field, int elements, string name) => field.Count == elements
        ? [.. field]
        : throw new OnnxException($"its shape asks for {elements} values in {name}, but {field.Count} are present.");

    private static HostTensor Floats<T>(int[] extents, DataType type, ReadOnlySpan<T> source, Func<T, float> convert)
    {
        var values = new float[source.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = convert(source[i]);
        return HostTensor.Of(extents, values, type);
    }

    private static HostTensor Longs<T>(int[] extents, DataType type, ReadOnlySpan<T> source, Func<T, long> convert)
    {
        var values = new long[source.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = convert(source[i]);
        return HostTensor.Of(extents, values, type);
    }

    private static float Bfloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static long Long(ulong value) => value <= long.MaxValue
        ? (long)value
        : throw new OnnxException($"the value {value} is beyond int64.");
}
