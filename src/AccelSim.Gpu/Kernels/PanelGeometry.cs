using System.Diagnostics.CodeAnalysis;

namespace AccelSim.Gpu;

/// <summary>The sizes of a panel product, in elements of the operand that each stride belongs to.</summary>
internal struct PanelGeometry
{
    /// <summary>Groups of threads that the columns take.</summary>
    public int ColumnTiles;

    /// <summary>Panels that the rows of a group take; of one row each in <see cref="VectorKernel"/>.</summary>
    public int RowPanels;

    /// <summary>Groups of the convolution.</summary>
    public int Groups;

    /// <summary>Rows of a group.</summary>
    public int Rows;

    /// <summary>Terms of a sum.</summary>
    public int Terms;

    /// <summary>From one image of the right operand to the next.</summary>
    public int ImageStride;

    /// <summary>From one group of the right operand to the next.</summary>
    public int GroupStride;

    public int OutputImageStride;

    public int OutputRowStride;
}

/// <summary>What the columns of a panel product are.</summary>
internal interface IPanelColumns
{
    /// <summary>Whether a column is an element of the output.</summary>
    bool Holds(int column);

    /// <summary>How far it lies from the first column of its row in the output.</summary>
    int Place(int column);

    /// <summary>The output channel of an element.</summary>
    int Channel(int row, int column);
}

/// <summary>Output pixels, in the order in which they lie in the output.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct DensePixels(int count) : IPanelColumns
{
    private readonly int _count = count;

    public bool Holds(int column) => column < _count;

    public int Place(int column) => column;

    public int Channel(int row, int column) => row;
}

/// <summary>Output pixels in rows that are <paramref name="pitch"/> apart, of which the first <paramref name="width"/> are pixels.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct PitchedPixels(int height, int width, int pitch) : IPanelColumns
{
    private readonly int _height = height;
    private readonly int _width = width;
    private readonly int _pitch = pitch;

    public bool Holds(int column)
    {
        int row = column / _pitch;
        return row < _height && column - row * _pitch < _width;
    }

    public int Place(int column)
    {
        int row = column / _pitch;
        return row * _width + column - row * _pitch;
    }

    public int Channel(int row, int column) => row;
}

/// <summary>Outputs of a fully connected layer, whose rows are images.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct OutputChannels(int count) : IPanelColumns
{
    private readonly int _count = count;

    public bool Holds(int column) => column < _count;

    public int Place(int column) => column;

    public int Channel(int row, int column) => column;
}
