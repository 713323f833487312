using System.Diagnostics.CodeAnalysis;

namespace AccelSim.Gpu;

/// <summary>
/// The sizes of a tile of <see cref="TileKernel"/>. A struct without fields: its properties are constants of the compiled kernel, so that loops unroll, shared
/// memory has its size, and what a shape does not need is not compiled.
/// </summary>
internal interface ITileShape
{
    /// <summary>Threads along the rows of a tile.</summary>
    int ThreadRows { get; }

    /// <summary>Threads along the columns.</summary>
    int ThreadColumns { get; }

    /// <summary>Quads of rows that a thread computes, 1 or 2: half a tile apart, so that neighbouring threads read neighbouring quads.</summary>
    int RowQuads { get; }

    /// <summary>Quads of columns, likewise.</summary>
    int ColumnQuads { get; }

    /// <summary>Terms that lie in shared memory at a time.</summary>
    int Depth { get; }
}

/// <summary>128×128 sums, 8×8 a thread, of 256: what large layers want, 64 multiply-adds for four vector loads of shared memory.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct Tile128x128 : ITileShape
{
    public int ThreadRows => 16;

    public int ThreadColumns => 16;

    public int RowQuads => 2;

    public int ColumnQuads => 2;

    public int Depth => 8;
}

/// <summary>64×128 sums, 8×8 a thread, of 128: few channels.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct Tile64x128 : ITileShape
{
    public int ThreadRows => 8;

    public int ThreadColumns => 16;

    public int RowQuads => 2;

    public int ColumnQuads => 2;

    public int Depth => 8;
}

/// <summary>64×64 sums, 4×4 a thread, of 256.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct Tile64x64 : ITileShape
{
    public int ThreadRows => 16;

    public int ThreadColumns => 16;

    public int RowQuads => 1;

    public int ColumnQuads => 1;

    public int Depth => 16;
}

/// <summary>32×32 sums, 4×4 a thread, of 64: the most groups, for layers that would leave multiprocessors idle.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct Tile32x32 : ITileShape
{
    public int ThreadRows => 8;

    public int ThreadColumns => 8;

    public int RowQuads => 1;

    public int ColumnQuads => 1;

    public int Depth => 8;
}
