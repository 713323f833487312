using System.Globalization;
using AccelSim.Rtl;
using AccelSim.Rtl.Resources;

namespace AccelSim.Tests.Rtl.Resources;

public sealed class SweepFolders
{
    [Fact]
    public void Write()
    {
        if (Environment.GetEnvironmentVariable("SWEEP_OUT") is not { Length: > 0 } target)
            return;
        for (int i = 0; i < SweepBlocks.Count; i++)
        {
            var (shape, folding) = SweepBlocks.Draw(i);
            var sample = new RandomBlock(shape, i);
            BlockFolder.Write(sample.Block, folding, SweepBlocks.EmptyVectors(sample), Path.Combine(target, $"b{i:00}"));
        }
    }

    [Fact]
    public void Features()
    {
        if (Environment.GetEnvironmentVariable("FEATURES_OUT") is not { Length: > 0 } target)
            return;
        using var writer = new StreamWriter(target);
        for (int i = 0; i < SweepBlocks.Count; i++)
        {
            var (shape, folding) = SweepBlocks.Draw(i);
            var block = new RandomBlock(shape, i).Block;
            var design = new BlockDesign(shape, folding);
            var dw = RequantColumns.Of(design.DwResultLanes, block.DepthwiseConstants.Bias, block.DepthwiseConstants.Requantization);
            var pw = RequantColumns.Of(design.PwResultLanes, block.PointwiseConstants.Bias, block.PointwiseConstants.Requantization);
            foreach (var family in Enum.GetValues<FabricFamily>())
            {
                var u = FabricEstimate.UseOf(design, family, dw, pw);
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i} {family} {u.Dsps} {u.BlockRams} {u.Registers} {u.Memory} {u.Adders} {u.Shifter} {u.Limits} {u.Rotation} {u.Choices} {u.Rom} {u.Control} | {dw} {pw} | {shape} {folding} res {design.DwResultLanes} {design.PwResultLanes} slots {design.PixelSlots} q {design.QueueDepth}"));
            }
        }
    }
}
