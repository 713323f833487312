namespace AccelSim.Systolic.ScaleSim;

/// <summary>
/// The words of an operand of the matrix product by their two indices: an output pixel (or a filter), and a position in its window.
/// The image is stored row by row with its channels innermost, the filters one after another; so the address is a sum of one term an index.
/// </summary>
internal sealed class OperandAddresses
{
    private readonly int[] _outer;
    private readonly int[] _depth;
    private readonly Func<int, int, bool>? _isOutside;

    private OperandAddresses(int[] outer, int[] depth, long words, Func<int, int, bool>? isOutside) =>
        (_outer, _depth, Words, _isOutside) = (outer, depth, words, isOutside);

    /// <summary>Words of the operand: addresses are less.</summary>
    public long Words { get; }

    /// <summary>The address of a word, or −1 where a window reaches beyond the image.</summary>
    public int this[int outer, int depth] => _isOutside is not null && _isOutside(outer, depth) ? -1 : _outer[outer] + _depth[depth];

    public static OperandAddresses OfImage(ScaleSimConvolution layer)
    {
        int rowWords = layer.Width * layer.Channels;
        int[] windows = new int[layer.Pixels];
        for (int i = 0; i < windows.Length; i++)
            windows[i] = RowOf(i) * rowWords + ColumnOf(i) * layer.Channels;
        int[] inWindow = new int[layer.Depth];
        for (int j = 0; j < inWindow.Length; j++)
            inWindow[j] = j / (layer.FilterWidth * layer.Channels) * rowWords + j % (layer.FilterWidth * layer.Channels);
        bool fits = (layer.OutputHeight - 1) * layer.StrideHeight + layer.FilterHeight <= layer.Height
            && (layer.OutputWidth - 1) * layer.StrideWidth + layer.FilterWidth <= layer.Width;
        return new OperandAddresses(windows, inWindow, layer.ImageWords, fits ? null : (pixel, position) =>
            RowOf(pixel) + position / (layer.FilterWidth * layer.Channels) >= layer.Height
            || ColumnOf(pixel) + position % (layer.FilterWidth * layer.Channels) / layer.Channels >= layer.Width);

        int RowOf(int pixel) => pixel / layer.OutputWidth * layer.StrideHeight;

        int ColumnOf(int pixel) => pixel % layer.OutputWidth * layer.StrideWidth;
    }

    public static OperandAddresses OfFilters(ScaleSimConvolution layer)
    {
        int[] filters = new int[layer.Filters];
        for (int i = 0; i < filters.Length; i++)
            filters[i] = checked(i * (int)layer.Depth);
        return new OperandAddresses(filters, [.. Enumerable.Range(0, (int)layer.Depth)], layer.Filters * layer.Depth, null);
    }
}
