using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>The sizes of a product of tiles.</summary>
internal struct TileGeometry
{
    /// <summary>Rows of a group: its output channels.</summary>
    public int Rows;

    /// <summary>Columns: output pixels of all images.</summary>
    public int Columns;

    /// <summary>Terms of a sum, rounded up to the depth of a tile; what is past the last has weight 0.</summary>
    public int Terms;

    /// <summary>Output pixels of an image.</summary>
    public int Pixels;

    public int OutputChannels;
}

/// <summary>
/// Convolution with any number of groups as an implicit matrix product: row = output channel of the group, column = (image, output pixel),
/// term = (input channel, kernel row, kernel column). Tiles of both operands lie in shared memory, two of each, so that the next is fetched while one
/// is multiplied (one barrier a tile); a thread keeps its sums in registers and reads shared memory by quads.
/// </summary>
/// <remarks>
/// Weights: [groups, tiles of rows, terms, rows of a tile]. The right operand is gathered by an <see cref="ITileOperand{TWord, TPlace}"/>.
/// Grid: tiles of columns, in tiles of rows, in groups of the convolution.
/// </remarks>
[ExcludeFromCodeCoverage]
internal static class TileKernel
{
    public static void Run<TWord, TSum, TElement, TArithmetic, TOperand, TPlace, TShape>(
        ArrayView<TWord> weights,
        TOperand operand,
        ArrayView<TElement> output,
        TileGeometry geometry,
        TArithmetic arithmetic)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
        where TOperand : struct, ITileOperand<TWord, TPlace>
        where TPlace : unmanaged
        where TShape : struct, ITileShape
    {
        var shape = default(TShape);
        int rowQuads = shape.ThreadRows * shape.RowQuads;
        int columnQuads = shape.ThreadColumns * shape.ColumnQuads;
        int rowsApart = shape.ThreadRows * shape.ThreadColumns / rowQuads;
        int columnsApart = shape.ThreadRows * shape.ThreadColumns / columnQuads;
        var rowTiles = SharedMemory.Allocate<Quad<TWord>>(2 * shape.Depth * rowQuads);
        var columnTiles = SharedMemory.Allocate<Quad<TWord>>(2 * shape.Depth * columnQuads);
        int x = Group.IdxX % shape.ThreadColumns;
        int y = Group.IdxX / shape.ThreadColumns;

        // Each thread fetches one or two quads of either tile: always of the same row, and of the same columns.
        int fetchedRow = Group.IdxX % rowQuads;
        int rowTerm = Group.IdxX / rowQuads;
        int fetchedColumn = Group.IdxX % columnQuads;
        int columnTerm = Group.IdxX / columnQuads;
        var packed = Quads.Of(weights);
        var fetched = TilePlace.Of(geometry, rowQuads, columnQuads);
        int weight = (fetched.Line * geometry.Terms + rowTerm) * rowQuads + fetchedRow;
        var place = operand.At(fetched.Group, (fetched.ColumnTile * columnQuads + fetchedColumn) * Quads.Elements);

        var row0 = packed[weight];
        var row1 = default(Quad<TWord>);
        if (rowsApart < shape.Depth)
            row1 = packed[weight + rowsApart * rowQuads];
        var column0 = operand.Load(place, columnTerm);
        var column1 = default(Quad<TWord>);
        if (columnsApart < shape.Depth)
            column1 = operand.Load(place, columnTerm + columnsApart);
        rowTiles[rowTerm * rowQuads + fetchedRow] = row0;
        if (rowsApart < shape.Depth)
            rowTiles[(rowTerm + rowsApart) * rowQuads + fetchedRow] = row1;
        columnTiles[columnTerm * columnQuads + fetchedColumn] = column0;
        if (columnsApart < shape.Depth)
            columnTiles[(columnTerm + columnsApart) * columnQuads + fetchedColumn] = column1;
        Group.Barrier();

        var upperLeft = default(Block<TSum>);
        var upperRight = default(Block<TSum>);
        var lowerLeft = default(Block<TSum>);
        var lowerRight = default(Block<TSum>);
        int buffer = 0;
        for (int next = shape.Depth; next <= geometry.Terms; next += shape.Depth)
        {
            bool isLast = next == geometry.Terms;
            if (!isLast)
            {
                row0 = packed[weight + next * rowQuads];
                if (rowsApart < shape.Depth)
                    row1 = packed[weight + (next + rowsApart) * rowQuads];
                column0 = operand.Load(place, next + columnTerm);
                if (columnsApart < shape.Depth)
                    column1 = operand.Load(place, next + columnTerm + columnsApart);
            }
            int rows = buffer * shape.Depth * rowQuads + y;
            int columns = buffer * shape.Depth * columnQuads + x;
            for (int term = 0; term < shape.Depth; term++)
            {
                var upper = rowTiles[rows + term * rowQuads];
                var left = columnTiles[columns + term * columnQuads];
                upperLeft = Add<TWord, TSum, TElement, TArithmetic>(upperLeft, upper, left, arithmetic);
                var right = default(Quad<TWord>);
                if (shape.ColumnQuads > 1)
                {
                    right = columnTiles[columns + term * columnQuads + shape.ThreadColumns];
                    upperRight = Add<TWord, TSum, TElement, TArithmetic>(upperRight, upper, right, arithmetic);
                }
                if (shape.RowQuads > 1)
                {
                    var lower = rowTiles[rows + term * rowQuads + shape.ThreadRows];
                    lowerLeft = Add<TWord, TSum, TElement, TArithmetic>(lowerLeft, lower, left, arithmetic);
                    if (shape.ColumnQuads > 1)
                        lowerRight = Add<TWord, TSum, TElement, TArithmetic>(lowerRight, lower, right, arithmetic);
                }
            }
            buffer = 1 - buffer;
            if (!isLast)
            {
                int rowSlot = (buffer * shape.Depth + rowTerm) * rowQuads + fetchedRow;
                int columnSlot = (buffer * shape.Depth + columnTerm) * columnQuads + fetchedColumn;
                rowTiles[rowSlot] = row0;
                if (rowsApart < shape.Depth)
                    rowTiles[rowSlot + rowsApart * rowQuads] = row1;
                columnTiles[columnSlot] = column0;
                if (columnsApart < shape.Depth)
                    columnTiles[columnSlot + columnsApart * columnQuads] = column1;
            }
            Group.Barrier();
        }

        // Once more, so that nothing of it takes registers while sums are made.
        var stored = TilePlace.Of(geometry, rowQuads, columnQuads);
        int row = (stored.RowTile * rowQuads + y) * Quads.Elements;
        int column = (stored.ColumnTile * columnQuads + x) * Quads.Elements;
        int firstChannel = stored.Group * geometry.Rows;
        var leftTargets = Targets.At(geometry, column);
        Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row, leftTargets, upperLeft, arithmetic);
        if (shape.RowQuads > 1)
            Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row + shape.ThreadRows * Quads.Elements, leftTargets, lowerLeft, arithmetic);
        if (shape.ColumnQuads > 1)
        {
            var rightTargets = Targets.At(geometry, column + shape.ThreadColumns * Quads.Elements);
            Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row, rightTargets, upperRight, arithmetic);
            if (shape.RowQuads > 1)
                Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row + shape.ThreadRows * Quads.Elements, rightTargets, lowerRight, arithmetic);
        }
    }

    private static Block<TSum> Add<TWord, TSum, TElement, TArithmetic>(Block<TSum> sums, Quad<TWord> rows, Quad<TWord> columns, TArithmetic arithmetic)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
    {
        Block<TSum> result;
        result.A = Add<TWord, TSum, TElement, TArithmetic>(sums.A, rows.A, columns, arithmetic);
        result.B = Add<TWord, TSum, TElement, TArithmetic>(sums.B, rows.B, columns, arithmetic);
        result.C = Add<TWord, TSum, TElement, TArithmetic>(sums.C, rows.C, columns, arithmetic);
        result.D = Add<TWord, TSum, TElement, TArithmetic>(sums.D, rows.D, columns, arithmetic);
        return result;
    }

    private static Quad<TSum> Add<TWord, TSum, TElement, TArithmetic>(Quad<TSum> sums, TWord row, Quad<TWord> columns, TArithmetic arithmetic)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
    {
        Quad<TSum> result;
        result.A = arithmetic.MultiplyAdd(sums.A, row, columns.A);
        result.B = arithmetic.MultiplyAdd(sums.B, row, columns.B);
        result.C = arithmetic.MultiplyAdd(sums.C, row, columns.C);
        result.D = arithmetic.MultiplyAdd(sums.D, row, columns.D);
        return result;
    }

    private static void Store<TWord, TSum, TElement, TArithmetic>(
        ArrayView<TElement> output, TileGeometry geometry, int firstChannel, int row, Targets targets, Block<TSum> sums, TArithmetic arithmetic)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
    {
        Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row, targets, sums.A, arithmetic);
        Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row + 1, targets, sums.B, arithmetic);
        Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row + 2, targets, sums.C, arithmetic);
        Store<TWord, TSum, TElement, TArithmetic>(output, geometry, firstChannel, row + 3, targets, sums.D, arithmetic);
    }

    /// <summary>Four pixels of a channel: a quad of the output where images are whole quads.</summary>
    private static void Store<TWord, TSum, TElement, TArithmetic>(
        ArrayView<TElement> output, TileGeometry geometry, int firstChannel, int row, Targets targets, Quad<TSum> sums, TArithmetic arithmetic)
        where TWord : unmanaged
        where TSum : unmanaged
        where TElement : unmanaged
        where TArithmetic : struct, IPanelArithmetic<TWord, TSum, TElement>
    {
        if (row >= geometry.Rows || targets.Count == 0)
            return;
        int channel = firstChannel + row;
        int plane = channel * geometry.Pixels;
        Quad<TElement> quad;
        quad.A = arithmetic.Finish(sums.A, channel, plane + targets.A);
        quad.B = arithmetic.Finish(sums.B, channel, plane + targets.B);
        quad.C = arithmetic.Finish(sums.C, channel, plane + targets.C);
        quad.D = arithmetic.Finish(sums.D, channel, plane + targets.D);
        if (geometry.Pixels % Quads.Elements == 0)
        {
            Quads.Of(output)[(plane + targets.A) / Quads.Elements] = quad;
            return;
        }
        output[plane + targets.A] = quad.A;
        if (targets.Count > 1)
            output[plane + targets.B] = quad.B;
        if (targets.Count > 2)
            output[plane + targets.C] = quad.C;
        if (targets.Count > 3)
            output[plane + targets.D] = quad.D;
    }

    /// <summary>Which tile a group of threads computes.</summary>
    private struct TilePlace
    {
        public int ColumnTile;
        public int RowTile;
        public int Group;

        /// <summary>Tiles of rows before it, those of the groups before it included.</summary>
        public int Line;

        public static TilePlace Of(TileGeometry geometry, int rowQuads, int columnQuads)
        {
            int columnTiles = (geometry.Columns + columnQuads * Quads.Elements - 1) / (columnQuads * Quads.Elements);
            int rowTiles = (geometry.Rows + rowQuads * Quads.Elements - 1) / (rowQuads * Quads.Elements);
            TilePlace place;
            place.Line = Grid.IdxX / columnTiles;
            place.ColumnTile = Grid.IdxX - place.Line * columnTiles;
            place.Group = place.Line / rowTiles;
            place.RowTile = place.Line - place.Group * rowTiles;
            return place;
        }
    }

    /// <summary>Where four neighbouring columns lie in channel 0 of the output; those past the last stand where the first does.</summary>
    private struct Targets
    {
        /// <summary>Columns that there are.</summary>
        public int Count;
        public int A;
        public int B;
        public int C;
        public int D;

        public static Targets At(TileGeometry geometry, int column)
        {
            Targets targets;
            targets.Count = IntrinsicMath.Clamp(geometry.Columns - column, 0, Quads.Elements);
            targets.A = Of(geometry, column);
            targets.B = targets.Count > 1 ? Of(geometry, column + 1) : targets.A;
            targets.C = targets.Count > 2 ? Of(geometry, column + 2) : targets.A;
            targets.D = targets.Count > 3 ? Of(geometry, column + 3) : targets.A;
            return targets;
        }

        private static int Of(TileGeometry geometry, int column)
        {
            int image = column / geometry.Pixels;
            return image * geometry.OutputChannels * geometry.Pixels + column - image * geometry.Pixels;
        }
    }

    /// <summary>4×4 sums by rows.</summary>
    private struct Block<T>
        where T : unmanaged
    {
        public Quad<T> A;
        public Quad<T> B;
        public Quad<T> C;
        public Quad<T> D;
    }
}
