using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>Operators in which an output element depends on one element of each operand.</summary>
internal static class ElementwiseLowering
{
    public static LayerStep Activation(LoweringContext context)
    {
        var activation = (Activation)context.Layer.Operator;
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        if (activation.Integer is { } lookup)
        {
            var table = context.Upload(lookup.Entries.AsSpan());
            var lookKernel = ElementwiseKernels.Look;
            var look = context.Kernels.Load(lookKernel);
            return values => look(grid, values.View<sbyte>(input), table, values.View<sbyte>(output));
        }
        var (alpha, beta) = ((float)activation.Alpha, (float)activation.Beta);
        var activateKernel = ElementwiseKernels.Activate;
        var activate = context.Kernels.Load(activateKernel);
        return values => activate(grid, values.View<float>(input), values.View<float>(output), (int)activation.Kind, alpha, beta);
    }

    public static LayerStep Add(LoweringContext context)
    {
        var add = (Add)context.Layer.Operator;
        var (a, b, output, grid) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name, context.OneThreadAnElement());
        var pairing = Pair(context);
        if (add.Integer is { } integer)
        {
            var code = AddCode.Of(integer, context.ZeroPoint(0), context.ZeroPoint(1));
            var addCodesKernel = ElementwiseKernels.AddCodes;
            var addCodes = context.Kernels.Load(addCodesKernel);
            return values => addCodes(grid, values.View<sbyte>(a), values.View<sbyte>(b), values.View<sbyte>(output), pairing, code);
        }
        var (low, high) = (add.Clamp.Low(), add.Clamp.High());
        var addFloatsKernel = ElementwiseKernels.Add;
        var addFloats = context.Kernels.Load(addFloatsKernel);
        return values => addFloats(grid, values.View<float>(a), values.View<float>(b), values.View<float>(output), pairing, low, high);
    }

    public static LayerStep Multiply(LoweringContext context)
    {
        var multiply = (Multiply)context.Layer.Operator;
        var (a, b, output, grid) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name, context.OneThreadAnElement());
        var pairing = Pair(context);
        if (multiply.Integer is { } integer)
        {
            var code = new ProductCode
            {
                ZeroA = context.ZeroPoint(0),
                ZeroB = context.ZeroPoint(1),
                Multiplier = integer.Multiplier[0],
                Shift = integer.Shift[0],
                OutputZero = integer.Output.ZeroPoint,
                Low = integer.Low,
                High = integer.High,
            };
            var multiplyCodesKernel = ElementwiseKernels.MultiplyCodes;
            var multiplyCodes = context.Kernels.Load(multiplyCodesKernel);
            return values => multiplyCodes(grid, values.View<sbyte>(a), values.View<sbyte>(b), values.View<sbyte>(output), pairing, code);
        }
        var multiplyFloatsKernel = ElementwiseKernels.Multiply;
        var multiplyFloats = context.Kernels.Load(multiplyFloatsKernel);
        return values => multiplyFloats(grid, values.View<float>(a), values.View<float>(b), values.View<float>(output), pairing);
    }

    public static LayerStep Arithmetic(LoweringContext context)
    {
        int kind = (int)((Arithmetic)context.Layer.Operator).Kind;
        var (a, b, output, grid) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name, context.OneThreadAnElement());
        var pairing = Pair(context);
        var combineKernel = ElementwiseKernels.Combine;
        var combine = context.Kernels.Load(combineKernel);
        return values => combine(grid, values.View<float>(a), values.View<float>(b), values.View<float>(output), pairing, kind);
    }

    public static LayerStep Quantize(LoweringContext context)
    {
        context.RequireFloat64();
        var quantization = ((Quantize)context.Layer.Operator).Output;
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var quantizeKernel = ElementwiseKernels.Quantize;
        var quantize = context.Kernels.Load(quantizeKernel);
        return values => quantize(grid, values.View<float>(input), values.View<sbyte>(output), quantization.Scale, quantization.ZeroPoint);
    }

    public static LayerStep Dequantize(LoweringContext context)
    {
        var quantization = context.Input(0).Quantization!.Value;
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var dequantizeKernel = ElementwiseKernels.Dequantize;
        var dequantize = context.Kernels.Load(dequantizeKernel);
        return values => dequantize(grid, values.View<sbyte>(input), values.View<float>(output), (float)quantization.Scale, quantization.ZeroPoint);
    }

    public static LayerStep LocalResponseNormalization(LoweringContext context)
    {
        var normalization = (LocalResponseNormalization)context.Layer.Operator;
        var shape = context.Input(0).Shape;
        int channels = shape[1], pixels = AxisList.Product(shape.Skip(2));
        var curve = new ResponseCurve((float)(normalization.Alpha / normalization.Size), (float)normalization.Bias, (float)-normalization.Beta);
        int before = (normalization.Size - 1) / 2, after = normalization.Size / 2;
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var normalizeKernel = ElementwiseKernels.NormalizeResponse;
        var normalize = context.Kernels.Load(normalizeKernel);
        return values => normalize(grid, values.View<float>(input), values.View<float>(output), channels, pixels, before, after, curve);
    }

    public static LayerStep Interpolate(LoweringContext context)
    {
        var interpolate = (Interpolate)context.Layer.Operator;
        var shape = context.Input(0).Shape;
        int extent = shape[interpolate.Axis], inner = AxisList.Product(shape.Skip(interpolate.Axis + 1));
        Blend[] positions = [.. interpolate.Fraction.Select((fraction, i) => new Blend(interpolate.Low[i], interpolate.High[i], (float)(1 - fraction), (float)fraction))];
        var blends = context.Upload<Blend>(positions);
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var blendKernel = ElementwiseKernels.Interpolate;
        var blend = context.Kernels.Load(blendKernel);
        return values => blend(grid, values.View<float>(input), values.View<float>(output), blends, extent, inner);
    }

    public static LayerStep ActivationGradient(LoweringContext context)
    {
        var gradient = (ActivationGradient)context.Layer.Operator;
        if (!FloatDerivatives.Exists(gradient.Kind))
            throw context.Unsupported($"{gradient.Kind} has no useful derivative.");
        var (x, dy, dx, grid) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name, context.OneThreadAnElement());
        var (alpha, beta) = ((float)gradient.Alpha, (float)gradient.Beta);
        var gradientKernel = ElementwiseKernels.ActivationGradient;
        var apply = context.Kernels.Load(gradientKernel);
        return values => apply(grid, values.View<float>(x), values.View<float>(dy), values.View<float>(dx), (int)gradient.Kind, alpha, beta);
    }

    public static LayerStep BatchNormalization(LoweringContext context)
    {
        var normalization = (BatchNormalization)context.Layer.Operator;
        if (!context.HasFixedConstants)
            return BatchNormalizationBy(context, normalization);
        var gamma = context.Constant(0)!.Float32;
        var beta = context.Constant(1)!.Float32;
        var mean = context.Constant(2)!.Float32;
        var variance = context.Constant(3)!.Float32;
        float[] scales = new float[gamma.Length];
        float[] offsets = new float[gamma.Length];
        for (int c = 0; c < scales.Length; c++)
        {
            double factor = gamma[c] / Math.Sqrt(variance[c] + normalization.Epsilon);
            scales[c] = (float)factor;
            offsets[c] = (float)(beta[c] - mean[c] * factor);
        }
        var scale = context.Upload<float>(scales);
        var offset = context.Upload<float>(offsets);
        var shape = context.Input(0).Shape;
        int pixels = AxisList.Product(shape.Skip(2));
        var (low, high) = (normalization.Clamp.Low(), normalization.Clamp.High());
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var normalizeKernel = ElementwiseKernels.Normalize;
        var normalize = context.Kernels.Load(normalizeKernel);
        return values => normalize(grid, values.View<float>(input), scale, offset, values.View<float>(output), pixels, low, high);
    }

    private static LayerStep BatchNormalizationBy(LoweringContext context, BatchNormalization normalization)
    {
        Operand<float>[] operands = [.. Enumerable.Range(0, 4).Select(role => context.FloatOperand(role))];
        float epsilon = (float)normalization.Epsilon;
        int pixels = AxisList.Product(context.Input(0).Shape.Skip(2));
        var (low, high) = (normalization.Clamp.Low(), normalization.Clamp.High());
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var normalizeKernel = ElementwiseKernels.NormalizeBy;
        var normalize = context.Kernels.Load(normalizeKernel);
        return values =>
        {
            var statistics = new ChannelStatistics(operands[0](values), operands[1](values), operands[2](values), operands[3](values), epsilon);
            normalize(grid, values.View<float>(input), values.View<float>(output), statistics, pixels, low, high);
        };
    }

    /// <summary>The axes along which two broadcast operands are walked; none where both are of the output's shape.</summary>
    private static Pairing Pair(LoweringContext context)
    {
        var shape = context.Output.Shape;
        var (a, b) = (Broadcasting.Strides(context.Input(0).Shape, shape), Broadcasting.Strides(context.Input(1).Shape, shape));
        var axes = new List<PairAxis>();
        for (int dimension = 0; dimension < shape.Rank; dimension++)
        {
            int extent = shape[dimension];
            var (strideA, strideB) = ((int)a[dimension], (int)b[dimension]);
            if (extent == 1)
                continue;
            if (axes is [.., var outer] && outer.StrideA == (long)strideA * extent && outer.StrideB == (long)strideB * extent)
                axes[^1] = new PairAxis(outer.Extent * extent, strideA, strideB);
            else
                axes.Add(new PairAxis(extent, strideA, strideB));
        }
        bool isPlain = axes is [] or [{ StrideA: 1, StrideB: 1 }];
        return new Pairing(context.Upload<PairAxis>(isPlain ? [] : axes.ToArray()));
    }
}
