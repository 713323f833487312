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

    /// <summary>The traffic of a layer on the vector unit: every operand once.</summary>
    public static DramTraffic OfVector(LayerGraph graph, Layer layer, OnChipPlan plan) =>
        new(layer.Inputs.Where(value => !plan.Keeps(value)).Sum(value => graph.TypeOf(value).Shape.Elements), 0, WrittenBy(graph, layer, plan), 0);

    /// <summary>
    /// The traffic of a layer on the array. An operand comes once where it fits its memory (half of it when double-buffered); where it does not,
    /// it comes again each time that the folds start over on it:
    /// what streams, for each column fold; what is stationary, for each piece of the stream where not even one column tile of it fits;
    /// output-stationary, weights for each row fold, and inputs for each column fold where not even the rows of one fold fit.
    /// </summary>
    public static DramTraffic OfMatrix(LayerGraph graph, Layer layer, FoldGrid grid, bool doubleBuffered, OnChipPlan plan)
    {
        int share = doubleBuffered ? 2 : 1;
        (long activationRoom, long weightRoom) = (plan.ActivationBytes / share, plan.WeightBytes / share);
        long inputBytes = graph.TypeOf(layer.Inputs[0]).Shape.Elements;
        long weightBytes = layer.Constants.Sum(name => OnChipPlan.Bytes(graph.Constants[name]));
        // The passes over a pack's share of an operand; all packs have about the same.
        (int rowFolds, int columnFolds) = grid.FoldsOf(0);
        (int rows, int columns, int steps) = grid.Axes(grid.GroupsIn(0));
        long columnTile = (long)rows * Math.Min(columns, grid.ArrayColumns);
        long rowTile = (long)Math.Min(rows, grid.ArrayRows) * steps;
        int pieces = grid.PiecesOf(0);
        (long inputPasses, long weightPasses) = grid.Dataflow switch
        {
            Dataflow.WeightStationary => (Passes(inputBytes, activationRoom, columnFolds), Passes(Math.Min(weightBytes, columnTile), weightRoom, pieces)),
            Dataflow.InputStationary => (Passes(Math.Min(inputBytes, columnTile), activationRoom, pieces), Passes(weightBytes, weightRoom, columnFolds)),
            _ => (Passes(Math.Min(inputBytes, rowTile), activationRoom, columnFolds), Passes(weightBytes, weightRoom, rowFolds)),
        };
        bool inputsStay = plan.Keeps(layer.Inputs[0]);
        return new DramTraffic(
            inputsStay ? 0 : inputBytes * inputPasses,
            plan.WeightsStay ? 0 : weightBytes * weightPasses,
            WrittenBy(graph, layer, plan),
            FirstTileOf(grid, inputsStay, plan.WeightsStay));
    }

    private static long Passes(long bytes, long room, int passes) => bytes <= room ? 1 : passes;

    private static long FirstTileOf(FoldGrid grid, bool inputsStay, bool weightsStay)
    {
        (int rows, int columns, _) = grid.Axes(grid.GroupsIn(0));
        (int usedRows, int usedColumns) = (Math.Min(rows, grid.ArrayRows), Math.Min(columns, grid.ArrayColumns));
        return grid.Dataflow switch
        {
            Dataflow.WeightStationary => weightsStay ? 0 : (long)usedRows * usedColumns,
            Dataflow.InputStationary => inputsStay ? 0 : (long)usedRows * usedColumns,
            // Nothing is stationary: the first vector of each operand.
            _ => (inputsStay ? 0 : usedRows) + (weightsStay ? 0 : usedColumns),
        };
    }

    private static long WrittenBy(LayerGraph graph, Layer layer, OnChipPlan plan) =>
        plan.Keeps(layer.Name) && !graph.Outputs.Contains(layer.Name) ? 0 : graph.TypeOf(layer.Name).Shape.Elements;
}
