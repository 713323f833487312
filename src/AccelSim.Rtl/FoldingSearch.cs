namespace AccelSim.Rtl;

/// <summary>
/// Finds the folding with the shortest frame interval under a budget of multipliers, and of those the cheapest: the balanced
/// one, since an engine that is faster than the other only costs.
/// </summary>
public static class FoldingSearch
{
    /// <param name="shape">The block's shape.</param>
    /// <param name="multipliers">Budget for the multipliers of both engines and the requantizers.</param>
    /// <param name="name">The block's name, for messages.</param>
    /// <param name="packed">Whether a pointwise multiplier may serve two output channels.</param>
    /// <exception cref="FoldingException">The budget is below what the serial folding takes.</exception>
    /// <exception cref="RtlException">No hardware is generated for the shape.</exception>
    public static BlockFolding Best(BlockShape shape, long multipliers, string name = "the block", bool packed = false)
    {
        var serial = BlockResources.Of(new BlockDesign(shape, BlockFolding.Serial, name)).Multipliers;
        if (multipliers < serial)
            throw new FoldingException($"A budget of {multipliers} multipliers is too small for {name}: the serial folding takes {serial}.");
        return Candidates(shape, multipliers, packed)
            .Select(folding => new BlockDesign(shape, folding, name))
            .Select(design => (design.Folding, Interval: CycleModel.IntervalBound(design), Resources: BlockResources.Of(design)))
            .Where(candidate => candidate.Resources.Multipliers <= multipliers)
            // Among equals: the squarest pointwise array, whose adder trees and fan-out are both short.
            .OrderBy(candidate => candidate.Interval)
            .ThenBy(candidate => candidate.Resources.Multipliers)
            .ThenBy(candidate => Math.Abs(Math.Log2((double)candidate.Folding.PwIn / candidate.Folding.PwOut)))
            .ThenBy(candidate => candidate.Folding.DwTaps)
            .ThenBy(candidate => candidate.Folding.PwIn)
            .First().Folding;
    }

    private static IEnumerable<BlockFolding> Candidates(BlockShape shape, long multipliers, bool packed)
    {
        int[] channels = [.. BlockFolding.Divisors(shape.Channels)];
        int[] outputs = [.. BlockFolding.Divisors(shape.OutChannels)];
        return
            from dwChannels in channels
            from dwTaps in new[] { 1, shape.Kernel, shape.Kernel * shape.Kernel }
            from pwIn in channels
            from pwOut in outputs
            let folding = new BlockFolding(dwChannels, dwTaps, pwIn, pwOut) { Packed = packed && pwOut % 2 == 0 }
            where folding.MacMultipliers < multipliers && folding.DepthwiseResultLanes(shape) != 0
            select folding;
    }
}
