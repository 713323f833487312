namespace AccelSim.Gpu;

/// <summary>
/// One dimension of a walk over a tensor: its coordinate i lies i·<see cref="Stride"/> elements from the start, or where
/// <see cref="Table"/> is not negative, at entry <see cref="Table"/> + i of a table, which holds −1 for "not in the tensor".
/// </summary>
internal readonly struct Axis(int extent, int stride, int table)
{
    public readonly int Extent = extent;
    public readonly int Stride = stride;
    public readonly int Table = table;
}

/// <summary>One dimension of a walk over two operands at once.</summary>
internal readonly struct PairAxis(int extent, int strideA, int strideB)
{
    public readonly int Extent = extent;
    public readonly int StrideA = strideA;
    public readonly int StrideB = strideB;
}
