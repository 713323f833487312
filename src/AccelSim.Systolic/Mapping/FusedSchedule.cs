using AccelSim.Graph;
using AccelSim.Systolic.Folding;

namespace AccelSim.Systolic.Mapping;

/// <summary>
/// A depthwise layer and the pointwise layer behind it, tile by tile of whole output rows, so that what is between them is never larger than two tiles and
/// never leaves the chip. With a depthwise engine the engine makes one tile while the array works on the one before; without, the array does both in turn.
/// </summary>
/// <param name="Rows">Output rows of a tile; the last of an image may have fewer.</param>
/// <param name="Tiles">Tiles of the whole batch.</param>
/// <param name="BufferBytes">Two tiles of the values between the layers.</param>
/// <param name="Depthwise">The depthwise layer, all tiles together.</param>
/// <param name="Pointwise">The pointwise layer, all tiles together: its weights enter the array again for each.</param>
/// <param name="Cycles">Stall-free cycles of both.</param>
public sealed record FusedSchedule(int Rows, int Tiles, long BufferBytes, LayerMapping Depthwise, LayerMapping Pointwise, long Cycles)
{
    /// <summary>Cycles in which both engines are at work.</summary>
    public long Hidden => Depthwise.Cycles.Total + Pointwise.Cycles.Total - Cycles;

    /// <summary>The tile height of fewest cycles whose two tiles fit; null where not even one row does.</summary>
    /// <param name="depthwise">A depthwise layer.</param>
    /// <param name="pointwise">The 1×1 layer that alone reads it.</param>
    /// <param name="array">The accelerator.</param>
    /// <param name="elementBytes">Bytes of an element between the layers.</param>
    /// <param name="roomBytes">Room for the values between the layers.</param>
    public static FusedSchedule? Best(LayerGeometry depthwise, LayerGeometry pointwise, ArrayConfiguration array, int elementBytes, long roomBytes)
    {
        ArgumentNullException.ThrowIfNull(depthwise);
        ArgumentNullException.ThrowIfNull(pointwise);
        ArgumentNullException.ThrowIfNull(array);
        FusedSchedule? best = null;
        for (int rows = depthwise.Output.Height; rows >= 1; rows = rows == 1 ? 0 : (rows + 1) / 2)
        {
            long buffer = 2L * rows * depthwise.Output.Width * depthwise.OutputChannels * elementBytes;
            if (buffer > roomBytes)
                continue;
            FusedSchedule schedule = Of(depthwise, pointwise, array, rows, buffer);
            if (best is null || schedule.Cycles < best.Cycles)
                best = schedule;
        }
        return best;
    }

    private static FusedSchedule Of(LayerGeometry depthwise, LayerGeometry pointwise, ArrayConfiguration array, int rows, long buffer)
    {
        (int whole, int rest) = Math.DivRem(depthwise.Output.Height, rows);
        int tiles = depthwise.Batch * (whole + (rest > 0 ? 1 : 0));
        (LayerMapping Depthwise, LayerMapping Pointwise) full = Tile(rows), last = rest > 0 ? Tile(rest) : full;
        bool overlap = full.Depthwise is DepthwiseEngineMapping && last.Depthwise is DepthwiseEngineMapping;
        // By tile: when the engine is done with it, and when the array is. A tile's place is free when the array is done with the last but one.
        (long made, long used, long usedBefore) = (0, 0, 0);
        for (int tile = 0; tile < tiles; tile++)
        {
            (LayerMapping make, LayerMapping use) = rest > 0 && (tile + 1) % (whole + 1) == 0 ? last : full;
            long begin = overlap ? Math.Max(made, usedBefore) : used;
            made = begin + make.Cycles.Total;
            (usedBefore, used) = (used, Math.Max(used, made) + use.Cycles.Total);
        }
        int lasts = rest > 0 ? depthwise.Batch : 0;
        return new FusedSchedule(
            rows, tiles, buffer,
            Together(full.Depthwise, tiles - lasts, last.Depthwise, lasts, depthwise),
            Together(full.Pointwise, tiles - lasts, last.Pointwise, lasts, pointwise),
            used);

        (LayerMapping, LayerMapping) Tile(int height)
        {
            var output = new Size2(height, depthwise.Output.Width);
            return (MappingChoice.Choose(depthwise with { Batch = 1, Output = output }, array), MappingChoice.Choose(pointwise with { Batch = 1, Output = output }, array));
        }
    }

    private static LayerMapping Together(LayerMapping full, int fulls, LayerMapping last, int lasts, LayerGeometry layer) => full with
    {
        Work = layer.Work,
        Cycles = new ArrayCycles(
            full.Cycles.Compute * fulls + last.Cycles.Compute * lasts, full.Cycles.FillDrain * fulls + last.Cycles.FillDrain * lasts),
        Edge = full.Edge * fulls + last.Edge * lasts,
    };
}
