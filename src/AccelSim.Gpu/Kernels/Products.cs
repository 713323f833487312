using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>How far apart neighbouring rows and columns of a matrix are, so that a transposed one is the same matrix read otherwise.</summary>
internal readonly struct MatrixStrides(int row, int column)
{
    public readonly int Row = row;
    public readonly int Column = column;
}

/// <summary>[batch][rows, terms] by [batch][terms, columns], the operands of each batch at offsets of their own (broadcasting repeats one).</summary>
[ExcludeFromCodeCoverage]
internal readonly struct BatchedProduct(
    ArrayView<float> a, ArrayView<float> b, ArrayView<float> output, ArrayView<Pair> offsets, MatrixStrides stridesA, MatrixStrides stridesB, int rows, int columns, int terms)
    : IProduct
{
    private readonly ArrayView<float> _a = a;
    private readonly ArrayView<float> _b = b;
    private readonly ArrayView<float> _output = output;
    private readonly ArrayView<Pair> _offsets = offsets;
    private readonly MatrixStrides _stridesA = stridesA;
    private readonly MatrixStrides _stridesB = stridesB;
    private readonly int _rows = rows;
    private readonly int _columns = columns;
    private readonly int _terms = terms;

    public int Batches => _offsets.IntLength;

    public int Rows => _rows;

    public int Columns => _columns;

    public int Terms => _terms;

    public float Left(int batch, int row, int term) => _a[_offsets[batch].A + row * _stridesA.Row + term * _stridesA.Column];

    public float Right(int batch, int term, int column) => _b[_offsets[batch].B + term * _stridesB.Row + column * _stridesB.Column];

    public void Store(int batch, int row, int column, float sum) => _output[(batch * _rows + row) * _columns + column] = sum;
}

/// <summary>σ(states · weights + bias): the units of a Boltzmann machine's layer given those of the other.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct UnitProbabilities(
    ArrayView<float> states, ArrayView<float> weights, ArrayView<float> bias, ArrayView<float> output, MatrixStrides strides, int rows, int terms) : IProduct
{
    private readonly ArrayView<float> _states = states;
    private readonly ArrayView<float> _weights = weights;
    private readonly ArrayView<float> _bias = bias;
    private readonly ArrayView<float> _output = output;
    private readonly MatrixStrides _strides = strides;
    private readonly int _rows = rows;
    private readonly int _terms = terms;

    public int Batches => 1;

    public int Rows => _rows;

    public int Columns => _bias.IntLength;

    public int Terms => _terms;

    public float Left(int batch, int row, int term) => _states[row * _terms + term];

    public float Right(int batch, int term, int column) => _weights[term * _strides.Row + column * _strides.Column];

    public void Store(int batch, int row, int column, float sum) => _output[row * Columns + column] = FloatFunctions.Sigmoid(sum + _bias[column]);
}

/// <summary>
/// A transposed convolution as a gather: row = output channel of the group, column = (image, output pixel), term = (input channel of the group,
/// kernel row, kernel column), 0 where no input element puts that tap of its kernel on the pixel. The geometry is that of the forward convolution, whose
/// input is this layer's output.
/// </summary>
[ExcludeFromCodeCoverage]
internal readonly struct TransposedProduct(
    ArrayView<float> input, ArrayView<float> weights, ArrayView<float> bias, ArrayView<float> output, SlidingGeometry forward, int groups) : IProduct
{
    private readonly ArrayView<float> _input = input;
    private readonly ArrayView<float> _weights = weights;
    private readonly ArrayView<float> _bias = bias;
    private readonly ArrayView<float> _output = output;
    private readonly SlidingGeometry _forward = forward;
    private readonly int _groups = groups;

    public int Batches => _groups;

    public int Rows => _forward.InputChannels / _groups;

    public int Columns => _forward.Batch * _forward.InputPixels;

    public int Terms => _forward.OutputChannels / _groups * _forward.KernelArea;

    public float Left(int batch, int row, int term)
    {
        int channel = term / _forward.KernelArea;
        int place = term - channel * _forward.KernelArea;
        return _weights[((batch * (_forward.OutputChannels / _groups) + channel) * Rows + row) * _forward.KernelArea + place];
    }

    public float Right(int batch, int term, int column)
    {
        int channel = term / _forward.KernelArea;
        int place = term - channel * _forward.KernelArea;
        int tapRow = place / _forward.KernelWidth;
        int image = column / _forward.InputPixels;
        int pixel = column - image * _forward.InputPixels;
        int pixelRow = pixel / _forward.InputWidth;
        int row = _forward.OutputRow(pixelRow, tapRow);
        int inputColumn = _forward.OutputColumn(pixel - pixelRow * _forward.InputWidth, place - tapRow * _forward.KernelWidth);
        if (row < 0 || inputColumn < 0)
            return 0;
        int plane = image * _forward.OutputChannels + batch * (_forward.OutputChannels / _groups) + channel;
        return _input[plane * _forward.OutputPixels + row * _forward.OutputWidth + inputColumn];
    }

    public void Store(int batch, int row, int column, float sum)
    {
        int image = column / _forward.InputPixels;
        int channel = batch * Rows + row;
        _output[(image * _forward.InputChannels + channel) * _forward.InputPixels + column - image * _forward.InputPixels] = sum + _bias[channel];
    }
}

/// <summary>
/// A convolution's gradient with respect to its weights: row = output channel of the group, column = (input channel of the group, kernel row,
/// kernel column), term = (image, output pixel), dy by x.
/// </summary>
[ExcludeFromCodeCoverage]
internal readonly struct WeightGradientProduct(ArrayView<float> x, ArrayView<float> dy, ArrayView<float> output, SlidingGeometry geometry, int groups) : IProduct
{
    private readonly ArrayView<float> _x = x;
    private readonly ArrayView<float> _dy = dy;
    private readonly ArrayView<float> _output = output;
    private readonly SlidingGeometry _geometry = geometry;
    private readonly int _groups = groups;

    public int Batches => _groups;

    public int Rows => _geometry.OutputChannels / _groups;

    public int Columns => _geometry.InputChannels / _groups * _geometry.KernelArea;

    public int Terms => _geometry.Batch * _geometry.OutputPixels;

    public float Left(int batch, int row, int term)
    {
        int image = term / _geometry.OutputPixels;
        int pixel = term - image * _geometry.OutputPixels;
        return _dy[(image * _geometry.OutputChannels + batch * Rows + row) * _geometry.OutputPixels + pixel];
    }

    public float Right(int batch, int term, int column)
    {
        int image = term / _geometry.OutputPixels;
        int pixel = term - image * _geometry.OutputPixels;
        int outputRow = pixel / _geometry.OutputWidth;
        int channel = column / _geometry.KernelArea;
        int place = column - channel * _geometry.KernelArea;
        int tapRow = place / _geometry.KernelWidth;
        int row = outputRow * _geometry.StrideHeight - _geometry.Top + tapRow * _geometry.DilationHeight;
        int inputColumn = (pixel - outputRow * _geometry.OutputWidth) * _geometry.StrideWidth - _geometry.Left + (place - tapRow * _geometry.KernelWidth) * _geometry.DilationWidth;
        // As unsigned numbers, a negative row or column is beyond the last one.
        if ((uint)row >= (uint)_geometry.InputHeight || (uint)inputColumn >= (uint)_geometry.InputWidth)
            return 0;
        int plane = image * _geometry.InputChannels + batch * (_geometry.InputChannels / _groups) + channel;
        return _x[plane * _geometry.InputPixels + row * _geometry.InputWidth + inputColumn];
    }

    public void Store(int batch, int row, int column, float sum) => _output[(batch * Rows + row) * Columns + column] = sum;
}
