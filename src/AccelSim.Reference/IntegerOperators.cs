using AccelSim.Graph;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>
/// The integer operators of numerics.md. Sums of products are taken in float64, where they are exact (every partial sum is an integer
/// below 2³¹, float64 holds those below 2⁵³) and fast; requantization in int64. libtorch's own int8 convolution wraps silently.
/// </summary>
internal static class IntegerOperators
{
    /// <summary>Inputs are int8 codes with their quantization, constants int8 and int32; the result is int8 codes.</summary>
    public delegate TorchTensor Implementation(Operator @operator, (TorchTensor Codes, Quantization Quantization)[] inputs, TorchTensor[] constants);

    public static IReadOnlyDictionary<Type, Implementation> Table { get; } = new Dictionary<Type, Implementation>
    {
        [typeof(Convolution)] = (op, x, c) => Convolve((Convolution)op, Centred(x[0]), c),
        [typeof(FullyConnected)] = (op, x, c) => Connect((FullyConnected)op, Centred(x[0]), c),
        [typeof(Activation)] = (op, x, _) => LookUp(((Activation)op).Integer!, x[0].Codes),
        [typeof(Add)] = (op, x, _) => Sum(((Add)op).Integer!, CentredLong(x[0]), CentredLong(x[1])),
        [typeof(Multiply)] = (op, x, _) => Requantize(CentredLong(x[0]) * CentredLong(x[1]), ((Multiply)op).Integer!),
        [typeof(AveragePool)] = (op, x, _) => Pool((AveragePool)op, Centred(x[0])),
        [typeof(GlobalAveragePool)] = (op, x, _) => Requantize(CentredLong(x[0]).sum([2, 3], keepdim: true), ((GlobalAveragePool)op).Integer!),
        [typeof(Concat)] = (op, x, _) => Joined((Concat)op, x),
        [typeof(Literal)] = (_, _, c) => c[0].alias(),
    };

    /// <summary>x − z_x in float64. Padding with 0 afterwards is padding with z_x.</summary>
    private static TorchTensor Centred((TorchTensor Codes, Quantization Quantization) x) => x.Codes.to(torch.float64) - x.Quantization.ZeroPoint;

    private static TorchTensor CentredLong((TorchTensor Codes, Quantization Quantization) x) => x.Codes.to(torch.int64) - x.Quantization.ZeroPoint;

    private static TorchTensor Convolve(Convolution convolution, TorchTensor input, TorchTensor[] constants)
    {
        var sums = conv2d(input.Pad(convolution.Padding), Weights(constants[0], convolution.Integer!), null,
            convolution.Stride.Extents(), null, convolution.Spacing.Extents(), convolution.Groups);
        return Requantize(Biased(sums, constants[1]), convolution.Integer!.Requantization);
    }

    private static TorchTensor Connect(FullyConnected connected, TorchTensor input, TorchTensor[] constants) =>
        Requantize(Biased(linear(input, Weights(constants[0], connected.Integer!)), constants[1]), connected.Integer!.Requantization);

    /// <summary>w − z_w in float64.</summary>
    private static TorchTensor Weights(TorchTensor codes, MacArithmetic arithmetic)
    {
        var weights = codes.to(torch.float64);
        if (arithmetic.WeightZeroPoint.IsEmpty)
            return weights;
        long[] shape = [.. codes.shape.Select((extent, dimension) => dimension == 0 ? extent : 1)];
        return weights - torch.tensor(arithmetic.WeightZeroPoint.ToArray(), shape).to(torch.float64);
    }

    private static TorchTensor Biased(TorchTensor sums, TorchTensor bias) => sums.to(torch.int64) + bias.to(torch.int64).PerChannel(sums.dim());

    private static TorchTensor LookUp(LookupTable table, TorchTensor codes)
    {
        var entries = torch.tensor(table.Entries.ToArray(), [256], torch.int8);
        return entries.index_select(0, (codes.to(torch.int64) + 128).flatten()).reshape(codes.shape);
    }

    private static TorchTensor Sum(AddArithmetic add, TorchTensor a, TorchTensor b) =>
        Saturate(RoundShift(a * add.MultiplierA + b * add.MultiplierB, torch.tensor((long)add.Shift)), add.Output.ZeroPoint, add.Low, add.High);

    private static TorchTensor Joined(Concat concat, (TorchTensor Codes, Quantization Quantization)[] operands)
    {
        var requantization = concat.Integer!;
        return torch.cat([.. operands.Select((operand, i) => operand.Quantization == requantization.Output
            ? operand.Codes
            : Saturate(
                RoundShift(CentredLong(operand) * requantization.Multiplier[i], torch.tensor((long)requantization.Shift[i])),
                requantization.Output.ZeroPoint, requantization.Low, requantization.High))], concat.Axis);
    }

    private static TorchTensor Pool(AveragePool pool, TorchTensor input)
    {
        var sums = FloatOperators.WindowSums(pool, input).to(torch.int64);
        var counts = FloatOperators.WindowCounts(pool, input);
        var image = new Size2((int)input.shape[2], (int)input.shape[3]);
        var order = pool.Counts(image);
        var requantization = pool.Integer!;
        var (multipliers, shifts) = ((long[,,,])counts.Clone(), (long[,,,])counts.Clone());
        for (int row = 0; row < counts.GetLength(2); row++)
        {
            for (int column = 0; column < counts.GetLength(3); column++)
            {
                int pair = order.IndexOf((int)counts[0, 0, row, column]);
                multipliers[0, 0, row, column] = requantization.Multiplier[pair];
                shifts[0, 0, row, column] = requantization.Shift[pair];
            }
        }
        return Saturate(RoundShift(sums * torch.tensor(multipliers), torch.tensor(shifts)), requantization.Output.ZeroPoint, requantization.Low, requantization.High);
    }

    private static TorchTensor Requantize(TorchTensor accumulators, Requantization requantization)
    {
        var multiplier = torch.tensor(requantization.Multiplier.Select(value => (long)value).ToArray()).PerChannel(accumulators.dim());
        var shift = torch.tensor(requantization.Shift.Select(value => (long)value).ToArray()).PerChannel(accumulators.dim());
        return Saturate(RoundShift(accumulators * multiplier, shift), requantization.Output.ZeroPoint, requantization.Low, requantization.High);
    }

    private static TorchTensor RoundShift(TorchTensor value, TorchTensor shift) =>
        torch.bitwise_right_shift(value + torch.bitwise_left_shift(torch.ones_like(shift), shift - 1), shift);

    private static TorchTensor Saturate(TorchTensor value, int zeroPoint, int low, int high) => (value + zeroPoint).clamp(low, high).to(torch.int8);
}
