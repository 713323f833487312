namespace AccelSim.Rtl.Arrays;

/// <summary>What the elements of a systolic array hold while operands move past them.</summary>
public enum StationaryOperand
{
    /// <summary>A weight each; partial sums move down.</summary>
    Weights,

    /// <summary>An output each; both operands move.</summary>
    Outputs,
}

/// <summary>A systolic array as hardware: int8 operands, 32-bit sums.</summary>
/// <param name="Stationary">What the elements hold.</param>
/// <param name="Rows">Rows of elements, 1 to 1024.</param>
/// <param name="Columns">Columns of elements, 1 to 1024.</param>
public sealed record ArrayDesign(StationaryOperand Stationary, int Rows, int Columns)
{
    /// <summary>Bits of a size of a product.</summary>
    private const int SizeBits = 16;

    /// <summary>Two registers for what is held: weights load, or sums drain, while the array computes.</summary>
    public bool Pipelined { get; init; } = true;

    /// <summary>A register between multiplier and adder, so that no path is longer than one of them; every sum is a cycle later.</summary>
    public bool ProductRegister { get; init; } = true;

    /// <summary>Partial sums that are kept for a column of a weight-stationary array.</summary>
    public int SumDepth { get; init; } = 1024;

    /// <summary>The cell: systolic_ws or systolic_os.</summary>
    public string Cell => Stationary == StationaryOperand.Weights ? "systolic_ws" : "systolic_os";

    /// <summary>Cycles from an operand's meeting to its sum beyond the one of an element without a register for the product.</summary>
    public int ProductRegisters => ProductRegister ? 1 : 0;

    /// <exception cref="RtlException">A size is out of range.</exception>
    public void Check()
    {
        const int most = 1024;
        if (Rows is < 1 or > most || Columns is < 1 or > most)
            throw new RtlException($"An array of {Rows}×{Columns} cannot be generated: rows and columns are 1 to {most}.");
        if (SumDepth is < 1 or >= 1 << SizeBits)
            throw new RtlException($"{SumDepth} partial sums a column cannot be kept: ask for 1 to {(1 << SizeBits) - 1}.");
    }

    /// <exception cref="RtlException">The product has a size that the sequencer's counters do not hold.</exception>
    public static void Check(ArrayProduct product)
    {
        if (Math.Max(product.Pixels, Math.Max(product.Depth, product.Filters)) >= 1 << SizeBits)
            throw new RtlException($"A product of {product.Pixels}×{product.Depth} by {product.Depth}×{product.Filters} is too large: each size is at most {(1 << SizeBits) - 1}.");
    }
}
