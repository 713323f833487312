using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>
/// Neighbouring output pixels side by side: their windows overlap, so one vector of inputs that covers all of the windows feeds as many columns as there
/// are pixels, each with the kernel shifted to its place and zeros elsewhere. The product of a group is then
/// [tiles × patch] times [patch × (filters × pixels of a tile)], and a group with few filters fills more columns than it has filters.
/// </summary>
/// <param name="Layer">The convolution.</param>
/// <param name="Rows">Rows of output pixels in a tile.</param>
/// <param name="Columns">Columns of output pixels in a tile.</param>
internal sealed record PixelTile(LayerGeometry Layer, int Rows, int Columns)
{
    private int PatchRows => Reach(Rows, Layer.Stride.Height, Layer.Kernel.Height, Layer.Dilation.Height);

    private int PatchColumns => Reach(Columns, Layer.Stride.Width, Layer.Kernel.Width, Layer.Dilation.Width);

    private int TileRows => (Layer.Output.Height + Rows - 1) / Rows;

    private int TileColumns => (Layer.Output.Width + Columns - 1) / Columns;

    private int Patch => PatchRows * PatchColumns;

    private int Channels => Layer.InputChannels / Layer.Groups;

    /// <summary>Inputs of a tile, all channels of a group.</summary>
    public long Depth => (long)Channels * PatchRows * PatchColumns;

    /// <summary>Columns that a group takes.</summary>
    public long Filters => (long)(Layer.OutputChannels / Layer.Groups) * Rows * Columns;

    /// <summary>The matrix products, one a group; tiles at the lower and right edge of an image may reach over it.</summary>
    public MatrixWork Work => new(Layer.Groups, checked(Layer.Batch * TileRows * TileColumns), checked((int)Depth), checked((int)Filters));

    /// <summary>Nearly square tiles of more than one pixel, whose patches are smallest: 1×2, 2×2, 2×3 and so on, as far as the image goes.</summary>
    public static IEnumerable<PixelTile> Of(LayerGeometry layer)
    {
        for (int rows = 1; rows <= Math.Min(layer.Output.Height, layer.Output.Width); rows++)
        {
            for (int columns = Math.Max(2, rows); columns <= Math.Min(rows + 1, layer.Output.Width); columns++)
                yield return new PixelTile(layer, rows, columns);
        }
    }

    /// <summary>[groups × pixels × depth] inputs, each window by itself, as [groups × tiles × patch]. What no window of the image covers stays 0.</summary>
    public int[] Inputs(int[] windows)
    {
        MatrixWork plain = Layer.Work, work = Work;
        int[] patches = new int[(long)work.Groups * work.Pixels * work.Depth];
        for (int group = 0; group < plain.Groups; group++)
        {
            for (int pixel = 0; pixel < plain.Pixels; pixel++)
            {
                (int tile, int place) = PlaceOf(pixel);
                for (int k = 0; k < plain.Depth; k++)
                    patches[((long)group * work.Pixels + tile) * work.Depth + PatchIndex(place, k)] = windows[((long)group * plain.Pixels + pixel) * plain.Depth + k];
            }
        }
        return patches;
    }

    /// <summary>[groups × filters × depth] weights as [groups × (pixels of a tile × filters) × patch].</summary>
    public int[] Weights(int[] weights)
    {
        MatrixWork plain = Layer.Work, work = Work;
        int[] shifted = new int[(long)work.Groups * work.Filters * work.Depth];
        for (int row = 0; row < plain.Groups * plain.Filters; row++)
        {
            (int group, int filter) = Math.DivRem(row, plain.Filters);
            for (int place = 0; place < Rows * Columns; place++)
            {
                for (int k = 0; k < plain.Depth; k++)
                    shifted[((long)group * work.Filters + place * plain.Filters + filter) * work.Depth + PatchIndex(place, k)] = weights[(long)row * plain.Depth + k];
            }
        }
        return shifted;
    }

    /// <summary>Sums [groups × (pixels of a tile × filters) × tiles] as [groups × filters × pixels].</summary>
    public int[] Sums(int[] tiled)
    {
        MatrixWork plain = Layer.Work, work = Work;
        int[] sums = new int[(long)plain.Groups * plain.Filters * plain.Pixels];
        for (int row = 0; row < plain.Groups * plain.Filters; row++)
        {
            (int group, int filter) = Math.DivRem(row, plain.Filters);
            for (int pixel = 0; pixel < plain.Pixels; pixel++)
            {
                (int tile, int place) = PlaceOf(pixel);
                sums[(long)row * plain.Pixels + pixel] = tiled[((long)group * work.Filters + place * plain.Filters + filter) * work.Pixels + tile];
            }
        }
        return sums;
    }

    private static int Reach(int pixels, int stride, int kernel, int dilation) => checked((pixels - 1) * stride + (kernel - 1) * dilation + 1);

    // The tile of an output pixel, and its place in it.
    private (int Tile, int Place) PlaceOf(int pixel)
    {
        (int line, int x) = Math.DivRem(pixel, Layer.Output.Width);
        (int image, int y) = Math.DivRem(line, Layer.Output.Height);
        return ((image * TileRows + y / Rows) * TileColumns + x / Columns, y % Rows * Columns + x % Columns);
    }

    // Where a pixel of a tile finds the input of a product (channel, kernel row, kernel column).
    private int PatchIndex(int place, int k)
    {
        (int channel, int tap) = Math.DivRem(k, Layer.Kernel.Area);
        int row = place / Columns * Layer.Stride.Height + tap / Layer.Kernel.Width * Layer.Dilation.Height;
        int column = place % Columns * Layer.Stride.Width + tap % Layer.Kernel.Width * Layer.Dilation.Width;
        return channel * Patch + row * PatchColumns + column;
    }
}
