using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// What a batch of matrix products multiplies: [rows, terms] by [terms, columns], each element fetched from wherever it lies, and what becomes
/// of each sum. A struct, as <see cref="IMacArithmetic{TElement, TSum}"/>.
/// </summary>
internal interface IProduct
{
    int Batches { get; }

    int Rows { get; }

    int Columns { get; }

    int Terms { get; }

    float Left(int batch, int row, int term);

    float Right(int batch, int term, int column);

    void Store(int batch, int row, int column, float sum);
}

/// <summary>
/// Products of two operands of which neither is a layer's weights in a convolution's layout. Sums are taken 256 terms at a time, so that long
/// ones, such as a weight's gradient over all pixels of a batch, lose no more digits than short ones.
/// </summary>
[ExcludeFromCodeCoverage]
internal static class ProductKernels
{
    private const int Side = KernelShape.TileSide;
    private const int Tile = KernelShape.Tile;
    private const int Depth = KernelShape.Depth;
    private const int TermsOfPart = 256;

    /// <summary>The tiling of <see cref="MatrixKernel"/>, on a grid of one dimension: tiles of columns, of rows, batches.</summary>
    public static void Tiled<TProduct>(TProduct product)
        where TProduct : struct, IProduct
    {
        var leftTile = SharedMemory.Allocate<float>(Depth * Tile);
        var rightTile = SharedMemory.Allocate<float>(Depth * Tile);
        int x = Group.IdxX;
        int y = Group.IdxY;
        int rows = product.Rows;
        int columns = product.Columns;
        int terms = product.Terms;
        int columnTiles = (columns + Tile - 1) / Tile;
        int rowTiles = (rows + Tile - 1) / Tile;
        int line = Grid.IdxX / columnTiles;
        int batch = line / rowTiles;
        int firstRow = (line - batch * rowTiles) * Tile;
        int firstColumn = (Grid.IdxX - line * columnTiles) * Tile + x;
        var total0 = default(Four);
        var total1 = default(Four);
        var total2 = default(Four);
        var total3 = default(Four);
        for (int start = 0; start < terms; start += TermsOfPart)
        {
            int end = IntrinsicMath.Min(start + TermsOfPart, terms);
            var sum0 = default(Four);
            var sum1 = default(Four);
            var sum2 = default(Four);
            var sum3 = default(Four);
            for (int first = start; first < end; first += Depth)
            {
                for (int part = 0; part < Tile; part += Side)
                {
                    float right = 0;
                    if (first + y < end && firstColumn + part < columns)
                        right = product.Right(batch, first + y, firstColumn + part);
                    rightTile[y * Tile + x + part] = right;
                    float left = 0;
                    if (first + x < end && firstRow + y + part < rows)
                        left = product.Left(batch, firstRow + y + part, first + x);
                    leftTile[x * Tile + y + part] = left;
                }
                Group.Barrier();
                for (int term = 0; term < Depth; term++)
                {
                    int column = term * Tile + x;
                    Four four;
                    four.A = rightTile[column];
                    four.B = rightTile[column + Side];
                    four.C = rightTile[column + 2 * Side];
                    four.D = rightTile[column + 3 * Side];
                    int row = term * Tile + y * KernelShape.Block;
                    sum0 = sum0.PlusTimes(leftTile[row], four);
                    sum1 = sum1.PlusTimes(leftTile[row + 1], four);
                    sum2 = sum2.PlusTimes(leftTile[row + 2], four);
                    sum3 = sum3.PlusTimes(leftTile[row + 3], four);
                }
                Group.Barrier();
            }
            total0 = total0.PlusTimes(1, sum0);
            total1 = total1.PlusTimes(1, sum1);
            total2 = total2.PlusTimes(1, sum2);
            total3 = total3.PlusTimes(1, sum3);
        }
        int threadRow = firstRow + y * KernelShape.Block;
        Store(product, batch, threadRow, firstColumn, total0);
        Store(product, batch, threadRow + 1, firstColumn, total1);
        Store(product, batch, threadRow + 2, firstColumn, total2);
        Store(product, batch, threadRow + 3, firstColumn, total3);
    }

    /// <summary>One thread a sum, where matrices are too narrow to fill a tile.</summary>
    public static void Direct<TProduct>(TProduct product)
        where TProduct : struct, IProduct
    {
        int index = Grid.GlobalIndex.X;
        int line = index / product.Columns;
        int batch = line / product.Rows;
        if (batch >= product.Batches)
            return;
        int row = line - batch * product.Rows;
        int column = index - line * product.Columns;
        int terms = product.Terms;
        float total = 0;
        for (int start = 0; start < terms; start += TermsOfPart)
        {
            int end = IntrinsicMath.Min(start + TermsOfPart, terms);
            float sum = 0;
            for (int term = start; term < end; term++)
                sum += product.Left(batch, row, term) * product.Right(batch, term, column);
            total += sum;
        }
        product.Store(batch, row, column, total);
    }

    private static void Store<TProduct>(TProduct product, int batch, int row, int column, Four sums)
        where TProduct : struct, IProduct
    {
        if (row >= product.Rows)
            return;
        if (column < product.Columns)
            product.Store(batch, row, column, sums.A);
        if (column + Side < product.Columns)
            product.Store(batch, row, column + Side, sums.B);
        if (column + 2 * Side < product.Columns)
            product.Store(batch, row, column + 2 * Side, sums.C);
        if (column + 3 * Side < product.Columns)
            product.Store(batch, row, column + 3 * Side, sums.D);
    }

    private struct Four
    {
        public float A;
        public float B;
        public float C;
        public float D;

        public readonly Four PlusTimes(float factor, Four other)
        {
            Four result;
            result.A = A + factor * other.A;
            result.B = B + factor * other.B;
            result.C = C + factor * other.C;
            result.D = D + factor * other.D;
            return result;
        }
    }
}
