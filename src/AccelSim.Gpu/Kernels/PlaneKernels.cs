using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// Lays images out for <see cref="PanelKernel"/>: padding is stored, and the pixels that a stride brings together lie together, so that the term of
/// every output pixel is found at the same distance from it. Channel c of an image becomes one plane for each phase of the stride that a tap falls on.
/// </summary>
/// <remarks>A group of threads writes a plane, one row at a time. Grid: tiles of a row, in planes.</remarks>
[ExcludeFromCodeCoverage]
internal static class PlaneKernels
{
    /// <param name="outside">What stands where a window leaves the image.</param>
    public static void Pad<TElement>(ArrayView<TElement> input, ArrayView<PlanePhase> phases, ArrayView<TElement> planes, PlaneGeometry geometry, TElement outside)
        where TElement : unmanaged
    {
        int plane = Grid.IdxX / geometry.RowTiles;
        int x = (Grid.IdxX - plane * geometry.RowTiles) * Group.DimX + Group.IdxX;
        int channel = plane / phases.IntLength;
        var phase = phases[plane - channel * phases.IntLength];
        int column = x * geometry.StrideWidth + phase.Column;
        bool inside = column >= 0 && column < geometry.InputWidth;
        int source = channel * geometry.InputHeight * geometry.InputWidth + column;
        int target = plane * geometry.Height * geometry.Width + x;
        for (int y = 0; y < geometry.Height; y++)
        {
            int row = y * geometry.StrideHeight + phase.Row;
            var value = outside;
            if (inside && row >= 0 && row < geometry.InputHeight)
                value = input[source + row * geometry.InputWidth];
            if (x < geometry.Width)
                planes[target + y * geometry.Width] = value;
            Group.Barrier();
        }
    }

    /// <summary>The same with the codes of four channels of a group in a word, the first in its lowest byte (past the group's last channel anything: its weights are 0).</summary>
    public static void Pack(ArrayView<sbyte> input, ArrayView<PlanePhase> phases, ArrayView<int> planes, PlaneGeometry geometry, int channels, int outside)
    {
        int plane = Grid.IdxX / geometry.RowTiles;
        int x = (Grid.IdxX - plane * geometry.RowTiles) * Group.DimX + Group.IdxX;
        int words = (channels + CodeWord.Codes - 1) / CodeWord.Codes;
        int four = plane / phases.IntLength;
        var phase = phases[plane - four * phases.IntLength];
        int group = four / words;
        int first = (four - group * words) * CodeWord.Codes;
        int column = x * geometry.StrideWidth + phase.Column;
        bool inside = column >= 0 && column < geometry.InputWidth;
        int pixels = geometry.InputHeight * geometry.InputWidth;
        int source = (group * channels + first) * pixels + column;
        int target = plane * geometry.Height * geometry.Width + x;
        for (int y = 0; y < geometry.Height; y++)
        {
            int row = y * geometry.StrideHeight + phase.Row;
            bool isPixel = inside && row >= 0 && row < geometry.InputHeight;
            int at = source + row * geometry.InputWidth;
            int a = outside;
            int b = outside;
            int c = outside;
            int d = outside;
            if (isPixel)
                a = input[at];
            if (isPixel && first + 1 < channels)
                b = input[at + pixels];
            if (isPixel && first + 2 < channels)
                c = input[at + 2 * pixels];
            if (isPixel && first + 3 < channels)
                d = input[at + 3 * pixels];
            if (x < geometry.Width)
                planes[target + y * geometry.Width] = CodeWord.Of(a, b, c, d);
            Group.Barrier();
        }
    }

    /// <summary>[rows, terms] as panels [rows ÷ 8, terms, 8], rows past the last 0; one thread an element.</summary>
    public static void Panel<TWord>(ArrayView<TWord> rows, ArrayView<TWord> panels, int terms)
        where TWord : unmanaged
    {
        int index = Grid.GlobalIndex.X;
        if (index >= panels.IntLength)
            return;
        int place = index / PanelKernel.Rows;
        int panel = place / terms;
        int row = panel * PanelKernel.Rows + index - place * PanelKernel.Rows;
        int source = row * terms + place - panel * terms;
        var word = default(TWord);
        if (source < rows.IntLength)
            word = rows[source];
        panels[index] = word;
    }
}

/// <summary>The input row and column of a plane's first element.</summary>
internal readonly struct PlanePhase(int row, int column)
{
    public readonly int Row = row;
    public readonly int Column = column;
}

/// <summary>Sizes of planes and of the images that they are made of.</summary>
internal struct PlaneGeometry
{
    public int InputHeight;
    public int InputWidth;
    public int Height;
    public int Width;

    /// <summary>Groups of threads that a row takes.</summary>
    public int RowTiles;

    public int StrideHeight;
    public int StrideWidth;
}
