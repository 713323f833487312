namespace AccelSim.Gpu;

/// <summary>
/// A matrix product as tiles, one a multiprocessor at a time: what does not fill a tile, and what does not fill the last wave of tiles, is computed all the
/// same. Of a list of tiles the fastest is taken, as libraries do.
/// </summary>
public static class TileWaves
{
    /// <summary>Fewest terms that a part of a split sum has.</summary>
    public const int LeastTermsOfSplit = 256;

    /// <summary>Tile sizes of the vendor's libraries: rows (output channels) by columns (pixels of the batch).</summary>
    private static readonly (int Rows, int Columns)[] GpuTiles =
        [(256, 128), (128, 256), (128, 128), (128, 64), (64, 128), (64, 64), (128, 32), (32, 128), (64, 32), (32, 64), (128, 8), (8, 128)];

    /// <summary>Register tiles of CPU libraries.</summary>
    private static readonly (int Rows, int Columns)[] CpuTiles = [(8, 8), (4, 8), (8, 4), (8, 1), (1, 8)];

    /// <summary>
    /// Multiply-accumulates of a tile take this much longer when their operands come in from outside the tile: a tile of m by n reads 1/m + 1/n values
    /// a multiply-accumulate, and 1/24 of that is what a multiprocessor's path from the cache delivers a multiply-accumulate.
    /// </summary>
    private const double OperandCost = 24;

    /// <summary>Multiply-accumulates that the device could have done in the time of the product: at least rows · columns · terms · batches.</summary>
    /// <param name="batches">Products side by side.</param>
    /// <param name="rows">Rows of a product.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="terms">Terms of a sum, padding included.</param>
    /// <param name="multiprocessors">Of the device.</param>
    /// <param name="cpu">Register tiles of a CPU.</param>
    /// <param name="splits">Whether idle multiprocessors take parts of the sums.</param>
    public static double Slots(long batches, long rows, long columns, long terms, int multiprocessors, bool cpu, bool splits = true)
    {
        double best = double.PositiveInfinity;
        foreach (var (tileRows, tileColumns) in cpu ? CpuTiles : GpuTiles)
        {
            long tiles = Parts(rows, tileRows) * Parts(columns, tileColumns) * batches;
            long parts = splits ? Math.Clamp(multiprocessors / tiles, 1, Parts(terms, LeastTermsOfSplit)) : 1;
            long waves = Parts(tiles * parts, multiprocessors);
            double slots = (double)waves * multiprocessors * tileRows * tileColumns * Parts(terms, parts) * (cpu ? 1 : Penalty(tileRows, tileColumns));
            best = Math.Min(best, slots);
        }
        return best;
    }

    internal static long Parts(long whole, long part) => (whole + part - 1) / part;

    /// <summary>1 for the largest tile.</summary>
    private static double Penalty(int rows, int columns) => (1 + OperandCost / rows + OperandCost / columns) / (1 + OperandCost / 256 + OperandCost / 128);
}
