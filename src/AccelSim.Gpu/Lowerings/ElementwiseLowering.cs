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
        var activateKernel = ElementwiseKernels.Activate;
        var activate = context.Kernels.Load(activateKernel);
        return values => activate(grid, values.View<float>(input), values.View<float>(output), (int)activation.Kind);
    }

    public static LayerStep Add(LoweringContext context)
    {
        var add = (Add)context.Layer.Operator;
        var (a, b, output, grid) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name, context.OneThreadAnElement());
        if (add.Integer is { } integer)
        {
            var code = new AddCode
            {
                ZeroA = context.ZeroPoint(0),
                ZeroB = context.ZeroPoint(1),
                MultiplierA = integer.MultiplierA,
                MultiplierB = integer.MultiplierB,
                Shift = integer.Shift,
                OutputZero = integer.Output.ZeroPoint,
                Low = integer.Low,
                High = integer.High,
            };
            var addCodesKernel = ElementwiseKernels.AddCodes;
            var addCodes = context.Kernels.Load(addCodesKernel);
            return values => addCodes(grid, values.View<sbyte>(a), values.View<sbyte>(b), values.View<sbyte>(output), code);
        }
        var (low, high) = (add.Clamp.Low(), add.Clamp.High());
        var addFloatsKernel = ElementwiseKernels.Add;
        var addFloats = context.Kernels.Load(addFloatsKernel);
        return values => addFloats(grid, values.View<float>(a), values.View<float>(b), values.View<float>(output), low, high);
    }

    public static LayerStep Multiply(LoweringContext context)
    {
        var multiply = (Multiply)context.Layer.Operator;
        var (a, b, output, grid) = (context.Layer.Inputs[0], context.Layer.Inputs[1], context.Layer.Name, context.OneThreadAnElement());
        int spread = (int)(context.Input(0).Shape.Elements / context.Input(1).Shape.Elements);
        if (multiply.Integer is { } integer)
        {
            var code = new MultiplyCode
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
            return values => multiplyCodes(grid, values.View<sbyte>(a), values.View<sbyte>(b), values.View<sbyte>(output), spread, code);
        }
        var multiplyFloatsKernel = ElementwiseKernels.Multiply;
        var multiplyFloats = context.Kernels.Load(multiplyFloatsKernel);
        return values => multiplyFloats(grid, values.View<float>(a), values.View<float>(b), values.View<float>(output), spread);
    }

    public static LayerStep BatchNormalization(LoweringContext context)
    {
        var normalization = (BatchNormalization)context.Layer.Operator;
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
        int pixels = (int)(shape.Elements / shape[0] / shape[1]);
        var (low, high) = (normalization.Clamp.Low(), normalization.Clamp.High());
        var (input, output, grid) = (context.Layer.Inputs[0], context.Layer.Name, context.OneThreadAnElement());
        var normalizeKernel = ElementwiseKernels.Normalize;
        var normalize = context.Kernels.Load(normalizeKernel);
        return values => normalize(grid, values.View<float>(input), scale, offset, values.View<float>(output), pixels, low, high);
    }
}
