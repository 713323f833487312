using AccelSim.Graph;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Memory;

/// <summary>Bytes that a layer moves over the chip's edge.</summary>
/// <param name="InputsRead">Bytes of activations read.</param>
/// <param name="WeightsRead">Bytes of weights and biases read.</param>
/// <param name="Written">Bytes written.</param>
/// <param name="FirstTile">Of those read, the bytes without which the first fold cannot begin.</param>
internal readonly record struct DramTraffic(long InputsRead, long WeightsRead, long Written, long FirstTile)
{
    public long Read => InputsRead + WeightsRead;

    public long Total => Read + Written;

    /// <summary>The traffic of a layer on the vector unit: every operand once, and of a single input that it reads in part only that part.</summary>
    public static DramTraffic OfVector(LayerGraph graph, Layer layer, long? elementsRead, OnChipPlan plan)
    {
        long inputs = 0;
        foreach (string value in layer.Operands.Distinct().Where(value => !graph.Constants.ContainsKey(value) && !plan.Keeps(value)))
        {
            TensorType type = graph.TypeOf(value);
            inputs += Math.Min(type.Bytes, (elementsRead ?? type.Shape.Elements) * type.Element.Bytes());
        }
        StoredOperands weights = StoredOperands.Of(graph, plan, [.. layer.Constants.Where(graph.Constants.ContainsKey)]);
        return new DramTraffic(inputs, weights.OffChipBytes, WrittenBy(graph, layer, plan), 0);
    }

    /// <summary>
    /// The traffic of a product on the array. An operand comes once where it fits its memory (half of it when double-buffered); where it does not,
    /// it comes again each time that the folds start over on it:
    /// what streams, for each column fold; what is stationary, for each piece of the stream where not even one column tile of it fits;
    /// output-stationary, weights for each row fold, and inputs for each column fold where not even the rows of one fold fit.
    /// </summary>
    public static DramTraffic OfMatrix(FoldGrid grid, StoredOperands inputs, StoredOperands weights, long written, OnChipPlan plan)
    {
        // The passes over a pack's share of an operand; all packs have about the same.
        (int rowFolds, int columnFolds) = grid.FoldsOf(0);
        (int rows, int columns, int steps) = grid.Axes(grid.GroupsIn(0));
        long columnTile = (long)rows * Math.Min(columns, grid.ArrayColumns);
        long rowTile = (long)Math.Min(rows, grid.ArrayRows) * steps;
        int pieces = grid.PiecesOf(0);
        (long inputPasses, long weightPasses) = grid.Dataflow switch
        {
            Dataflow.WeightStationary =>
                (Passes(inputs.Bytes, plan.ActivationRoom, columnFolds), Passes(Math.Min(weights.Bytes, columnTile * weights.ElementBytes), plan.WeightRoom, pieces)),
            Dataflow.InputStationary =>
                (Passes(Math.Min(inputs.Bytes, columnTile * inputs.ElementBytes), plan.ActivationRoom, pieces), Passes(weights.Bytes, plan.WeightRoom, columnFolds)),
            _ =>
                (Passes(Math.Min(inputs.Bytes, rowTile * inputs.ElementBytes), plan.ActivationRoom, columnFolds), Passes(weights.Bytes, plan.WeightRoom, rowFolds)),
        };
        return new DramTraffic(inputs.OffChipBytes * inputPasses, weights.OffChipBytes * weightPasses, written, FirstTileOf(grid, inputs, weights));
    }

    /// <summary>Bytes of a layer's value that go to DRAM.</summary>
    public static long WrittenBy(LayerGraph graph, Layer layer, OnChipPlan plan) =>
        plan.Keeps(layer.Name) && !graph.Outputs.Contains(layer.Name) ? 0 : graph.TypeOf(layer.Name).Bytes;

    private static long Passes(long bytes, long room, int passes) => bytes <= room ? 1 : passes;

    private static long FirstTileOf(FoldGrid grid, StoredOperands inputs, StoredOperands weights)
    {
        (int rows, int columns, _) = grid.Axes(grid.GroupsIn(0));
        (int usedRows, int usedColumns) = (Math.Min(rows, grid.ArrayRows), Math.Min(columns, grid.ArrayColumns));
        return grid.Dataflow switch
        {
            Dataflow.WeightStationary => Tile(weights, (long)usedRows * usedColumns),
            Dataflow.InputStationary => Tile(inputs, (long)usedRows * usedColumns),
            // Nothing is stationary: the first vector of each operand.
            _ => Tile(inputs, usedRows) + Tile(weights, usedColumns),
        };
    }

    private static long Tile(StoredOperands operands, long elements) => operands.OffChipBytes == 0 ? 0 : elements * operands.ElementBytes;
}
