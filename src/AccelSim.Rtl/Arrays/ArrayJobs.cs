using System.Globalization;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Arrays;

/// <summary>A product for the testbench.</summary>
/// <param name="Product">The matrices.</param>
/// <param name="Cycles">Cycles from the first vector's entry to the last sum's leaving that the testbench must count.</param>
public sealed record ArrayJob(ArrayProduct Product, long Cycles);

/// <summary>Words that the memories must have for the jobs.</summary>
/// <param name="Left">Words of <see cref="ArrayDesign.Rows"/> operands.</param>
/// <param name="Top">Words of <see cref="ArrayDesign.Columns"/> operands.</param>
/// <param name="Golden">Sums of the testbench.</param>
public sealed record ArrayMemories(int Left, int Top, int Golden);

/// <summary>Writes what systolic_bench reads: the jobs, the words of both memories in the layouts that the cells state, and the golden sums.</summary>
public static class ArrayJobs
{
    /// <param name="folder">Where to, an existing folder.</param>
    /// <param name="design">The array.</param>
    /// <param name="jobs">The products, run one after another.</param>
    /// <exception cref="RtlException">A product or the array is too large.</exception>
    public static ArrayMemories Write(string folder, ArrayDesign design, IReadOnlyList<ArrayJob> jobs)
    {
        design.Check();
        var memories = new ArrayMemories(1, 1, 1);
        using var list = new StreamWriter(Path.Combine(folder, "jobs.txt")) { NewLine = "\n" };
        using var left = new HexWriter(Path.Combine(folder, "left.hex"), 8 * design.Rows);
        using var top = new HexWriter(Path.Combine(folder, "top.hex"), 8 * design.Columns);
        using var golden = new HexWriter(Path.Combine(folder, "golden.hex"), 32);
        foreach (var (product, cycles) in jobs)
        {
            ArrayDesign.Check(product);
            int leftWords = WriteLeft(left, design, product), topWords = WriteTop(top, design, product);
            foreach (int sum in product.Sums())
                golden.Append(sum, 32);
            list.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{product.Pixels} {product.Depth} {product.Filters} {leftWords} {topWords} {cycles}"));
            memories = new ArrayMemories(
                Math.Max(memories.Left, leftWords), Math.Max(memories.Top, topWords), Math.Max(memories.Golden, product.Pixels * product.Filters));
        }
        return memories;
    }

    /// <summary>A tile lies across the rows, the other axis is time: depth tiles of pixels, or pixel tiles of depth.</summary>
    private static int WriteLeft(HexWriter writer, ArrayDesign design, ArrayProduct product)
    {
        bool weights = design.Stationary == StationaryOperand.Weights;
        var (across, along) = weights ? (product.Depth, product.Pixels) : (product.Pixels, product.Depth);
        int words = 0;
        for (int tile = 0; tile < across; tile += design.Rows)
        {
            for (int step = 0; step < along; step++, words++)
            {
                for (int row = 0; row < design.Rows; row++)
                    writer.Append(weights ? product.Input(step, tile + row) : product.Input(tile + row, step), 8);
            }
        }
        return words;
    }

    /// <summary>Filter tiles; the depths in their order, or, where weights are held, those of each row tile from the last, which is loaded first.</summary>
    private static int WriteTop(HexWriter writer, ArrayDesign design, ArrayProduct product)
    {
        int words = 0;
        int tileDepth = design.Stationary == StationaryOperand.Weights ? design.Rows : 1;
        for (int filter = 0; filter < product.Filters; filter += design.Columns)
        {
            for (int tile = 0; tile < product.Depth; tile += tileDepth)
            {
                for (int depth = Math.Min(tile + tileDepth, product.Depth) - 1; depth >= tile; depth--, words++)
                {
                    for (int column = 0; column < design.Columns; column++)
                        writer.Append(product.Weight(depth, filter + column), 8);
                }
            }
        }
        return words;
    }
}
