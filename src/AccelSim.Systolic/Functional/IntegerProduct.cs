using AccelSim.Graph;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.RegisterLevel;

namespace AccelSim.Systolic.Functional;

/// <summary>
/// A convolution or fully connected layer of codes: a fold multiplies plain int8 inputs by centred weights (w − z_w, nine bits) and adds to int32
/// partial sums; below the array the bias, less z_x·Σ(w − z_w), is added and the sum requantized.
/// </summary>
internal sealed class IntegerProduct
{
    private readonly FoldedProduct<int> _product;
    private readonly Requantization _requantization;
    private readonly Shape _outputShape;

    // [groups × filters × depth], and one a channel.
    private readonly int[] _weights;
    private readonly int[] _offsets;

    /// <exception cref="SparsityException">The mapping is one of sparse weights, and these are not.</exception>
    public IntegerProduct(
        string layer, LayerMapping mapping, ArrayInputs<int> inputs, MacArithmetic arithmetic, int inputZeroPoint, Tensor weight, Tensor bias, Shape outputShape)
    {
        _requantization = arithmetic.Requantization;
        _outputShape = outputShape;
        int depth = mapping.Work.Depth;
        int channels = outputShape[1];
        _weights = new int[channels * depth];
        _offsets = new int[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            int zero = arithmetic.WeightZeroPointOf(channel);
            int sum = 0;
            for (int k = channel * depth; k < (channel + 1) * depth; k++)
            {
                _weights[k] = weight.Int8[k] - zero;
                sum += _weights[k];
            }
            _offsets[channel] = bias.Int32[channel] - inputZeroPoint * sum;
        }
        CompressedWeights? compressed = mapping.Sparsity is { } sparsity ? CompressedWeights.Of(_weights, depth, sparsity, layer) : null;
        _weights = compressed?.Values ?? _weights;
        _product = new FoldedProduct<int>(mapping, inputs) { Gathered = compressed?.Inputs };
    }

    public Tensor Run(Tensor input, CancellationToken cancellation)
    {
        int[] codes = Widened(input);
        sbyte[] output = new sbyte[_outputShape.Elements];
        _product.Run(() => codes, () => _weights, (channel, first, sums) => Requantize(sums, channel, first, output), cancellation);
        return Tensor.Of(_outputShape, output);
    }

    /// <summary>The same layer with every fold on the register-level array. Slow: a step for each processing element and cycle.</summary>
    public (Tensor Output, ArrayRun Run) RunOnRegisters(Tensor input, ArrayMapping mapping, FoldSchedule schedule, CancellationToken cancellation)
    {
        var work = mapping.Work;
        int[] codes = Widened(input);
        int[] columns = new int[work.Depth * work.Pixels];
        int[] rows = new int[checked(work.Groups * work.Pixels * work.Depth)];
        for (int group = 0; group < work.Groups; group++)
        {
            _product.Inputs.Fill(codes, group, 0, work.Pixels, columns, work.Pixels);
            for (int pixel = 0; pixel < work.Pixels; pixel++)
            {
                for (int depth = 0; depth < work.Depth; depth++)
                    rows[(group * work.Pixels + pixel) * work.Depth + depth] = columns[depth * work.Pixels + pixel];
            }
        }
        LayerRun run = mapping.Tile is { } tile
            ? RegisterLevelLayer.Run(mapping.Grid, schedule, tile.Inputs(rows), tile.Weights(_weights), cancellation)
            : RegisterLevelLayer.Run(mapping.Grid, schedule, rows, _weights, cancellation);
        int[] sums = mapping.Tile?.Sums(run.Sums) ?? run.Sums;
        sbyte[] output = new sbyte[_outputShape.Elements];
        for (int channel = 0; channel < work.Groups * work.Filters; channel++)
            Requantize(sums.AsSpan(channel * work.Pixels, work.Pixels), channel, 0, output);
        return (Tensor.Of(_outputShape, output), run.Array);
    }

    private static int[] Widened(Tensor input)
    {
        ReadOnlySpan<sbyte> codes = input.Int8;
        int[] wide = new int[codes.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = codes[i];
        return wide;
    }

    private void Requantize(ReadOnlySpan<int> sums, int channel, int first, sbyte[] output)
    {
        int offset = _offsets[channel];
        int multiplier = _requantization.Multiplier[channel];
        int shift = _requantization.Shift[channel];
        (int zero, int low, int high) = (_requantization.Output.ZeroPoint, _requantization.Low, _requantization.High);
        foreach ((int at, int destination, int length) in ImageLayout.Of(_outputShape).Runs(channel, first, sums.Length))
        {
            Span<sbyte> codes = output.AsSpan(destination, length);
            for (int i = 0; i < length; i++)
                codes[i] = FixedPoint.Requantize(sums[at + i] + offset, multiplier, shift, zero, low, high);
        }
    }
}
