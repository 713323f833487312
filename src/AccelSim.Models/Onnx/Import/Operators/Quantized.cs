using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>
/// QuantizeLinear, DequantizeLinear and what the integer operators share. One scale a tensor and 8 bits become Quantize and Dequantize layers; everything
/// else (a scale an axis, 16 bits, dynamic scales) is computed on integers held in float32.
/// </summary>
internal static class Quantized
{
    public const string HeldNote = "integers are held in float32: exact below 2^24";

    [OnnxOperator("DequantizeLinear")]
    public static void DequantizeLinear(OnnxNode node)
    {
        int axis = Axis(node);
        if (node.ConstantIfAny(1) is { } scale && (!node.Has(2) || node.ConstantIfAny(2) is not null))
        {
            node.Set(0, Real(node, 0, scale, node.ConstantIfAny(2), axis), scale.Type);
            return;
        }
        string value = node.Number(0);
        if (node.Has(2))
            value = node.Layer(new Arithmetic(ArithmeticKind.Subtract), [value, Aligned(node, node.Number(2), node.ShapeOf(0), axis)]);
        node.Set(0, node.Layer(new Multiply(), [value, Aligned(node, node.Float(1), node.ShapeOf(0), axis)]), node.TypeOf(1));
    }

    [OnnxOperator("QuantizeLinear")]
    public static void QuantizeLinear(OnnxNode node) => SetQuantized(node, 0, node.Number(0), 1, 2);

    /// <summary>uint8 codes of the range from min(x, 0) to max(x, 0), with the scale and zero point found.</summary>
    [OnnxOperator("DynamicQuantizeLinear")]
    public static void DynamicQuantizeLinear(OnnxNode node)
    {
        string x = node.Float(0);
        ImmutableArray<int> axes = [.. Enumerable.Range(0, node.ShapeOf(x).Rank)];
        string high = node.Layer(new Activation(ActivationKind.Relu), node.Layer(new Reduce(ReduceKind.Maximum, axes, KeepDimensions: false), x));
        string low = node.Layer(new Activation(ActivationKind.Clip, Alpha: float.MinValue, Beta: 0), node.Layer(new Reduce(ReduceKind.Minimum, axes, KeepDimensions: false), x));
        string range = node.Layer(new Arithmetic(ArithmeticKind.Subtract), [high, low]);
        string scale = node.Layer(new Arithmetic(ArithmeticKind.Divide), [range, node.Literal(255)]);
        string negative = node.Layer(new Activation(ActivationKind.Negate), node.Layer(new Arithmetic(ArithmeticKind.Divide), [low, scale]));
        string zero = node.Layer(new Activation(ActivationKind.Round), node.Layer(new Activation(ActivationKind.Clip, Alpha: 0, Beta: 255), negative));
        node.Set(0, Codes(node, x, scale, zero, DataType.Uint8), DataType.Uint8);
        node.Set(1, scale, DataType.Float);
        node.Set(2, zero, DataType.Uint8);
        node.Note(HeldNote);
    }

    [OnnxOperator("QLinearConcat", Domain = "com.microsoft")]
    public static void QLinearConcat(OnnxNode node)
    {
        if (node.InputCount < 5 || (node.InputCount - 2) % 3 != 0)
            throw new OnnxException($"it has {node.InputCount} inputs; the output's scale and zero point and then three an operand are needed.");
        string[] parts = [.. Enumerable.Range(0, (node.InputCount - 2) / 3).Select(i => Real(node, 2 + 3 * i, 3 + 3 * i, 4 + 3 * i))];
        int axis = OnnxNode.Axis(node.Attributes.Int("axis", 1), node.ShapeOf(parts[0]).Rank);
        SetQuantized(node, 0, node.Layer(new Concat(axis), parts), 0, 1, node.TypeOf(2));
    }

    /// <summary>The reals of a quantized operand with one scale, as a value.</summary>
    public static string Real(OnnxNode node, int input, int scale, int zeroPoint) =>
        Real(node, input, node.Constant(scale, "scale"), node.Has(zeroPoint) ? node.Constant(zeroPoint, "zero point") : null, 0);

    /// <summary>Integers minus their zero point, held in float32.</summary>
    public static string Centred(OnnxNode node, int input, HostTensor? zeroPoint, bool zeroPointARow = false)
    {
        string value = node.Number(input);
        if (zeroPoint is null)
            return value;
        if (zeroPoint.Elements == 1)
            return node.Affine(value, 1, -zeroPoint.Real(0));
        var shape = zeroPointARow && zeroPoint.Rank == 1 ? zeroPoint.Reshape([zeroPoint.Extents[0], 1]) : zeroPoint;
        return node.Layer(new Arithmetic(ArithmeticKind.Subtract), [value, node.Literal(shape)]);
    }

    /// <summary>Constant codes minus their zero point.</summary>
    public static HostTensor CentredConstant(HostTensor codes, HostTensor? zeroPoint, int axis) =>
        RealConstant(codes, HostTensor.Uniform([], 1, DataType.Float), zeroPoint, axis);

    /// <summary>The reals of constant codes, kept as codes.</summary>
    /// <exception cref="OnnxException">Scales and zero points do not fit each other or the axis.</exception>
    public static HostTensor RealConstant(HostTensor codes, HostTensor scale, HostTensor? zeroPoint, int axis)
    {
        long count = Math.Max(scale.Elements, zeroPoint?.Elements ?? 1);
        if (scale.Elements != 1 && zeroPoint is { Elements: not 1 } && zeroPoint.Elements != scale.Elements)
            throw new OnnxException($"it has {scale.Elements} scales and {zeroPoint.Elements} zero points.");
        if (count == 0 || (count > 1 && (axis >= codes.Rank || codes.Extents[axis] != count)))
            throw new OnnxException($"{count} scales do not fit axis {axis} of shape {HostTensor.Text(codes.Extents)}.");
        return HostTensor.Of(new QuantizedOrigin(
            codes,
            [.. Enumerable.Range(0, (int)count).Select(i => scale.Real(i))],
            [.. Enumerable.Range(0, (int)count).Select(i => checked((int)(zeroPoint?.Integer(i) ?? 0)))],
            count == 1 ? 0 : axis));
    }

    /// <summary>Quantizes a value of reals to the type of the zero point and declares it as an output.</summary>
    /// <param name="node">The node.</param>
    /// <param name="output">Which output.</param>
    /// <param name="real">The value.</param>
    /// <param name="scale">The input that is the scale.</param>
    /// <param name="zeroPoint">The input that is the zero point.</param>
    /// <param name="otherwise">The type where there is no zero point.</param>
    public static void SetQuantized(OnnxNode node, int output, string real, int scale, int zeroPoint, DataType? otherwise = null)
    {
        var type = node.Has(zeroPoint) ? node.TypeOf(zeroPoint) : otherwise ?? (DataType)node.Attributes.Int("output_dtype", (long)DataType.Uint8);
        if (type == DataType.Undefined)
            type = DataType.Uint8;
        if (!type.IsInteger() || type == DataType.Bool)
            throw new OnnxException($"quantization to {type.Text()} is not supported; integer types are.");
        var scales = node.ConstantIfAny(scale);
        var zeros = node.Has(zeroPoint) ? node.ConstantIfAny(zeroPoint) : null;
        if (scales is { Elements: 1 } && (zeros is { Elements: 1 } || !node.Has(zeroPoint)) && type is DataType.Uint8 or DataType.Int8)
        {
            node.Set(output, node.Layer(new Quantize(AttachedQuantization.Of(scales, zeros, type)), real), type);
            return;
        }
        int axis = Axis(node);
        var shape = node.ShapeOf(real);
        string divisor = scales is not null ? node.Literal(Expanded(node, scales, shape, axis)) : Aligned(node, node.Float(scale), shape, axis);
        string? zero = !node.Has(zeroPoint) ? null : zeros is not null ? node.Literal(Expanded(node, zeros, shape, axis)) : Aligned(node, node.Number(zeroPoint), shape, axis);
        node.Note(HeldNote);
        node.Set(output, Codes(node, real, divisor, zero, type), type);
    }

    /// <summary>The axis that scales follow.</summary>
    private static int Axis(OnnxNode node)
    {
        int rank = node.ShapeOf(0).Rank;
        long axis = node.Attributes.Int("axis", 1);
        return axis >= -rank && axis < rank ? OnnxNode.Axis(axis, rank) : 0;
    }

    /// <summary>clamp(round(x ÷ scale) + zero) in the range of a type, held in float32.</summary>
    private static string Codes(OnnxNode node, string real, string scale, string? zero, DataType type)
    {
        string rounded = node.Layer(new Activation(ActivationKind.Round), node.Layer(new Arithmetic(ArithmeticKind.Divide), [real, scale]));
        string shifted = zero is null ? rounded : node.Layer(new Add(), [rounded, zero]);
        var (low, high) = type.Range();
        return node.Layer(new Activation(ActivationKind.Clip, Alpha: low, Beta: high), shifted);
    }

    private static string Real(OnnxNode node, int input, HostTensor scale, HostTensor? zeroPoint, int axis)
    {
        var type = node.TypeOf(input);
        if (!type.IsInteger() || type == DataType.Bool)
            throw new OnnxException($"its input {input} must be quantized integers, but is {type.Text()}.");
        if (scale.Elements == 1 && zeroPoint is null or { Elements: 1 })
        {
            if (type is DataType.Uint8 or DataType.Int8 && node.Codes(input) is { } codes && node.Draft.TypeOf(codes).Quantization == AttachedQuantization.Of(scale, zeroPoint, type))
                return node.Layer(new Dequantize(), codes);
            string centred = node.Affine(node.Number(input), 1, -(zeroPoint?.Real(0) ?? 0));
            return node.Layer(new Activation(ActivationKind.Affine, Alpha: scale.Real(0)), centred);
        }
        var shape = node.ShapeOf(input);
        string value = node.Number(input);
        if (zeroPoint is not null)
            value = node.Layer(new Arithmetic(ArithmeticKind.Subtract), [value, node.Literal(Expanded(node, zeroPoint, shape, axis))]);
        return node.Layer(new Multiply(), [value, node.Literal(Expanded(node, scale, shape, axis))]);
    }

    /// <summary>Scales of shape [C] along an axis, broadcastable to the shape; blocks are repeated.</summary>
    private static HostTensor Expanded(OnnxNode node, HostTensor values, Shape shape, int axis)
    {
        long block = node.Attributes.Int("block_size", 0);
        if (block > 0)
        {
            node.RequireModest(shape.Elements, "its scales");
            return Folding.BlockScales.Expand(values, shape, axis, block);
        }
        if (values.Elements == 1)
            return values.Reshape([]);
        if (axis >= shape.Rank || values.Rank != 1 || values.Extents[0] != shape[axis])
            throw new OnnxException($"{values.Elements} scales do not fit axis {axis} of shape {shape}.");
        return values.Reshape([values.Extents[0], .. Enumerable.Repeat(1, shape.Rank - axis - 1)]);
    }

    private static string Aligned(OnnxNode node, string values, Shape shape, int axis)
    {
        if (node.ShapeOf(values) is not { Rank: 1 } own || own[0] == 1)
            return values;
        if (axis >= shape.Rank || own[0] != shape[axis])
            throw new OnnxException($"{own[0]} scales do not fit axis {axis} of shape {shape}.");
        return node.Reshaped(values, [own[0], .. Enumerable.Repeat(1, shape.Rank - axis - 1)]);
    }
}
