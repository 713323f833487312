using System.Diagnostics.CodeAnalysis;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>The right operand of <see cref="TileKernel"/>: what is multiplied by the weights, found on the fly.</summary>
/// <typeparam name="TWord">A float32, or the codes of four channels.</typeparam>
/// <typeparam name="TPlace">What four columns need of their own, found once.</typeparam>
internal interface ITileOperand<TWord, TPlace>
    where TWord : unmanaged
    where TPlace : unmanaged
{
    /// <summary>Of columns <paramref name="column"/> to <paramref name="column"/> + 3, multiples of four; some or all may be past the last.</summary>
    TPlace At(int group, int column);

    /// <summary>A term of the four columns; anything finite where term or column is past the last.</summary>
    Quad<TWord> Load(TPlace place, int term);
}

/// <summary>The pixels of a 1×1 convolution without stride and padding, where images are whole quads: a term of four columns is a quad of the input.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct PointwisePixels(ArrayView<float> input, int channels, int pixels, int batch, int groups) : ITileOperand<float, int>
{
    private readonly ArrayView<float> _input = input;
    private readonly int _channels = channels;
    private readonly int _pixels = pixels;
    private readonly int _batch = batch;
    private readonly int _groups = groups;

    public int At(int group, int column) => PointwisePlace.At(group * (_channels / _groups), column, _channels, _pixels, _batch);

    public Quad<float> Load(int place, int term)
    {
        if (place < 0 || term >= _channels / _groups)
            return default;
        return Quads.Of(_input)[place + term * (_pixels / Quads.Elements)];
    }
}

/// <summary>The same in codes: four quads of neighbouring channels become four words of a pixel each.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct PointwiseCodes(ArrayView<sbyte> input, int channels, int pixels, int batch, int groups) : ITileOperand<int, int>
{
    private readonly ArrayView<sbyte> _input = input;
    private readonly int _channels = channels;
    private readonly int _pixels = pixels;
    private readonly int _batch = batch;
    private readonly int _groups = groups;

    public int At(int group, int column) => PointwisePlace.At(group * (_channels / _groups), column, _channels, _pixels, _batch);

    public Quad<int> Load(int place, int term)
    {
        int channel = term * CodeWord.Codes;
        int last = _channels / _groups - 1;
        if (place < 0 || channel > last)
            return default;
        // Channels past the last have weight 0: the last one stands in for them.
        var quads = _input.AsAligned((int)MemoryPlan.Alignment).Cast<int>();
        int stride = _pixels / Quads.Elements;
        int a = quads[place + channel * stride];
        int b = quads[place + IntrinsicMath.Min(channel + 1, last) * stride];
        int c = quads[place + IntrinsicMath.Min(channel + 2, last) * stride];
        int d = quads[place + IntrinsicMath.Min(channel + 3, last) * stride];
        Quad<int> words;
        words.A = CodeWord.Of(a, b, c, d);
        words.B = CodeWord.Of(a >> 8, b >> 8, c >> 8, d >> 8);
        words.C = CodeWord.Of(a >> 16, b >> 16, c >> 16, d >> 16);
        words.D = CodeWord.Of(a >> 24, b >> 24, c >> 24, d >> 24);
        return words;
    }
}

[ExcludeFromCodeCoverage]
internal static class PointwisePlace
{
    /// <summary>In quads: where the pixels of a channel lie, or −1 past the last column.</summary>
    public static int At(int channel, int column, int channels, int pixels, int batch)
    {
        int image = column / pixels;
        if (image >= batch)
            return -1;
        return ((image * channels + channel) * pixels + column - image * pixels) / Quads.Elements;
    }
}

/// <summary>Any convolution's windows.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct GatheredPixels(ArrayView<float> input, ArrayView<Tap> taps, SlidingGeometry geometry, int groups) : ITileOperand<float, Windows>
{
    private readonly ArrayView<float> _input = input;
    private readonly ArrayView<Tap> _taps = taps;
    private readonly SlidingGeometry _geometry = geometry;
    private readonly int _groups = groups;

    public Windows At(int group, int column) => Windows.At(_geometry, column, group * (_geometry.InputChannels / _groups) * _geometry.InputPixels);

    public Quad<float> Load(Windows place, int term)
    {
        if (term >= _taps.IntLength)
            return default;
        var tap = _taps[term];
        Quad<float> quad;
        quad.A = Load(place.A, tap);
        quad.B = Load(place.B, tap);
        quad.C = Load(place.C, tap);
        quad.D = Load(place.D, tap);
        return quad;
    }

    private float Load(Window window, Tap tap)
    {
        if (window.Holds(_geometry, tap.Row, tap.Column))
            return _input[window.Offset + tap.Offset];
        return 0;
    }
}

/// <summary>The same in codes; term = (four input channels, kernel row, kernel column). Padding is the input's zero point.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct GatheredCodes(ArrayView<sbyte> input, ArrayView<Tap> taps, SlidingGeometry geometry, int groups, int outside) : ITileOperand<int, Windows>
{
    private readonly ArrayView<sbyte> _input = input;
    private readonly ArrayView<Tap> _taps = taps;
    private readonly SlidingGeometry _geometry = geometry;
    private readonly int _groups = groups;
    private readonly int _outside = outside;

    public Windows At(int group, int column) => Windows.At(_geometry, column, group * (_geometry.InputChannels / _groups) * _geometry.InputPixels);

    public Quad<int> Load(Windows place, int term)
    {
        if (term >= _taps.IntLength)
            return default;
        var tap = _taps[term];
        // Channels past the last have weight 0: the last one stands in for them.
        int last = _geometry.InputChannels / _groups - 1 - term / _geometry.KernelArea * CodeWord.Codes;
        Quad<int> quad;
        quad.A = Load(place.A, tap, last);
        quad.B = Load(place.B, tap, last);
        quad.C = Load(place.C, tap, last);
        quad.D = Load(place.D, tap, last);
        return quad;
    }

    private int Load(Window window, Tap tap, int last)
    {
        if (!window.Holds(_geometry, tap.Row, tap.Column))
            return CodeWord.Of(_outside, _outside, _outside, _outside);
        int at = window.Offset + tap.Offset;
        int stride = _geometry.InputPixels;
        return CodeWord.Of(
            _input[at], _input[at + IntrinsicMath.Min(1, last) * stride], _input[at + IntrinsicMath.Min(2, last) * stride], _input[at + IntrinsicMath.Min(3, last) * stride]);
    }
}

/// <summary>
/// What a depthwise convolution gives, computed where a pointwise convolution after it reads it and never stored: a term is a channel. For tiles that hold
/// all rows of the product, so that nothing is computed twice.
/// </summary>
[ExcludeFromCodeCoverage]
internal readonly struct DepthwisePixels(ArrayView<float> input, ArrayView<float> weights, SlidingGeometry geometry, FloatPanel arithmetic) : ITileOperand<float, Windows>
{
    private readonly ArrayView<float> _input = input;
    private readonly ArrayView<float> _weights = weights;
    private readonly SlidingGeometry _geometry = geometry;
    private readonly FloatPanel _arithmetic = arithmetic;

    public Windows At(int group, int column) => Windows.At(_geometry, column, 0);

    public Quad<float> Load(Windows place, int term)
    {
        if (term >= _geometry.InputChannels)
            return default;
        var sums = default(Quad<float>);
        int plane = term * _geometry.InputPixels;
        int weight = term * _geometry.KernelArea;
        for (int kernelRow = 0; kernelRow < _geometry.KernelHeight; kernelRow++)
        {
            int row = kernelRow * _geometry.DilationHeight;
            for (int kernelColumn = 0; kernelColumn < _geometry.KernelWidth; kernelColumn++)
            {
                int column = kernelColumn * _geometry.DilationWidth;
                float w = _weights[weight + kernelRow * _geometry.KernelWidth + kernelColumn];
                int offset = plane + row * _geometry.InputWidth + column;
                sums.A = _arithmetic.MultiplyAdd(sums.A, w, Load(place.A, offset, row, column));
                sums.B = _arithmetic.MultiplyAdd(sums.B, w, Load(place.B, offset, row, column));
                sums.C = _arithmetic.MultiplyAdd(sums.C, w, Load(place.C, offset, row, column));
                sums.D = _arithmetic.MultiplyAdd(sums.D, w, Load(place.D, offset, row, column));
            }
        }
        Quad<float> quad;
        quad.A = _arithmetic.Finish(sums.A, term, 0);
        quad.B = _arithmetic.Finish(sums.B, term, 0);
        quad.C = _arithmetic.Finish(sums.C, term, 0);
        quad.D = _arithmetic.Finish(sums.D, term, 0);
        return quad;
    }

    private float Load(Window window, int offset, int row, int column)
    {
        if (window.Holds(_geometry, row, column))
            return _input[window.Offset + offset];
        return 0;
    }
}

/// <summary>The same in codes: a term is four channels, requantized as the depthwise layer would have stored them.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct DepthwiseCodes(ArrayView<sbyte> input, ArrayView<sbyte> weights, SlidingGeometry geometry, CodePanel arithmetic, int outside) : ITileOperand<int, Windows>
{
    private readonly ArrayView<sbyte> _input = input;
    private readonly ArrayView<sbyte> _weights = weights;
    private readonly SlidingGeometry _geometry = geometry;
    private readonly CodePanel _arithmetic = arithmetic;
    private readonly int _outside = outside;

    public Windows At(int group, int column) => Windows.At(_geometry, column, 0);

    public Quad<int> Load(Windows place, int term)
    {
        var words = default(Quad<int>);
        for (int code = 0; code < CodeWord.Codes; code++)
        {
            int channel = term * CodeWord.Codes + code;
            if (channel < _geometry.InputChannels)
            {
                int shift = 8 * code;
                words.A |= (Load(place.A, channel) & 0xFF) << shift;
                words.B |= (Load(place.B, channel) & 0xFF) << shift;
                words.C |= (Load(place.C, channel) & 0xFF) << shift;
                words.D |= (Load(place.D, channel) & 0xFF) << shift;
            }
        }
        return words;
    }

    private int Load(Window window, int channel)
    {
        int sum = 0;
        int plane = window.Offset + channel * _geometry.InputPixels;
        int weight = channel * _geometry.KernelArea;
        for (int kernelRow = 0; kernelRow < _geometry.KernelHeight; kernelRow++)
        {
            int row = kernelRow * _geometry.DilationHeight;
            for (int kernelColumn = 0; kernelColumn < _geometry.KernelWidth; kernelColumn++)
            {
                int column = kernelColumn * _geometry.DilationWidth;
                sbyte x = (sbyte)_outside;
                if (window.Holds(_geometry, row, column))
                    x = _input[plane + row * _geometry.InputWidth + column];
                sum = _arithmetic.MultiplyAdd(sum, _weights[weight + kernelRow * _geometry.KernelWidth + kernelColumn], x);
            }
        }
        return _arithmetic.Finish(sum, channel, 0);
    }
}
