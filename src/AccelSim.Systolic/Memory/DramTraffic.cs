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
    /// weight-stationary, inputs for each column fold; input-stationary, weights for each column fold; output-stationary, weights for each
    /// row fold, and inputs for each column fold where not even the rows of one fold fit.
    /// </summary>
    public static DramTraffic OfMatrix(LayerGraph graph, Layer layer, FoldGrid grid, bool doubleBuffered, OnChipPlan plan)
    {
        int share = doubleBuffered ? 2 : 1;
        (long activationRoom, long weightRoom) = (plan.ActivationBytes / share, plan.WeightBytes / share);
        long inputBytes = graph.TypeOf(layer.Inputs[0]).Shape.Elements;
        long weightBytes = layer.Constants.Sum(name => OnChipPlan.Bytes(graph.Constants[name]));
        // The passes over a pack's share of an operand; all packs have about the same.
        (int rowFolds, int columnFolds) = grid.FoldsOf(0);
        long inputPasses = 1;
        long weightPasses = 1;
        switch (grid.Dataflow)
        {
            case Dataflow.WeightStationary:
                inputPasses = inputBytes <= activationRoom ? 1 : columnFolds;
                break;
            case Dataflow.InputStationary:
                weightPasses = weightBytes <= weightRoom ? 1 : columnFolds;
                break;
            default:
                weightPasses = weightBytes <= weightRoom ? 1 : rowFolds;
                bool rowsFit = (long)Math.Min(grid.ArrayRows, grid.Work.Pixels) * grid.Axes(grid.GroupsIn(0)).Steps <= activationRoom;
                inputPasses = inputBytes <= activationRoom || rowsFit ? 1 : columnFolds;
                break;
        }
        bool inputsStay = plan.Keeps(layer.Inputs[0]);
        return new DramTraffic(
            inputsStay ? 0 : inputBytes * inputPasses,
            plan.WeightsStay ? 0 : weightBytes * weightPasses,
            WrittenBy(graph, layer, plan),
            FirstTileOf(grid, inputsStay, plan.WeightsStay));
    }

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
