using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Systolic.Engines;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Tests.Systolic.Engines;

public sealed class RowStationaryTests
{
    private static readonly RowStationaryEngine Eyeriss = new(
        "eyeriss", 12, 14, 224, 12, 24, 4, 2, 0.95, 200e6, new EngineMemory(100 * 1024, 0, 480e6, 2, new RunLengthCoding(16, 64 / 3.0)));

    [Fact]
    public void CyclesTrafficAndCapacityAreThoseOfThePasses()
    {
        const int seed = 20261124;
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            int kernel = random.Next(1, 8), stride = random.Next(1, 4), groups = random.Next(1, 3);
            var geometry = new LayerGeometry(
                random.Next(1, 5), groups, groups * random.Next(1, 50), groups * random.Next(1, 70), Size2.Square(random.Next(1, 60)), Size2.Square(kernel), Size2.Square(stride), Size2.Square(1));
            var mapping = (RowStationaryMapping)Eyeriss.Map(geometry);
            string which = $"seed {seed}, round {round}: {geometry}, {mapping.Reason}";
            (double busy, long sums) = Passes(mapping, geometry);
            long bus = (long)Math.Ceiling(sums / (double)geometry.Groups / (Eyeriss.SumsPerCycle * Eyeriss.SumBusEfficiency)) * geometry.Groups;
            Assert.True(Math.Abs(Math.Max(Math.Ceiling(busy), bus) - mapping.Cycles.Total) <= geometry.Groups, $"{which}: {busy} busy, {bus} bus, not {mapping.Cycles.Total}");
            Assert.True(sums == mapping.Edge.SumsWritten, $"{which}: {sums} sums, not {mapping.Edge.SumsWritten}");
            Assert.True(mapping.ActiveElements <= Eyeriss.MacsPerCycle, which);
            Assert.True(mapping.Work.Macs <= mapping.Cycles.Total * Eyeriss.MacsPerCycle, which);
            Assert.True(mapping.FiltersAnElement * mapping.ChannelsAnElement * kernel <= Eyeriss.FilterWords, which);
            Assert.True(mapping.ChannelsAnElement * kernel <= Math.Max(kernel, Eyeriss.InputWords), which);
            Assert.True(mapping.FiltersAnElement <= Eyeriss.SumWords, which);
            long held = 2L * mapping.ImagesAPass * mapping.BufferedFilters * mapping.StripRows * geometry.Output.Width
                + 2L * mapping.ImagesAPass * mapping.ChannelsAnElement * mapping.ChannelSets * ((mapping.StripRows - 1) * stride + kernel) * ((geometry.Output.Width - 1) * stride + kernel);
            Assert.True(held <= Eyeriss.Memory.BufferBytes, $"{which}: {held} bytes in the buffer");
        }
    }

    // Active elements of Tables V and VI: what the mapping must find out by itself.
    [Theory]
    [InlineData(4, 1, 3, 96, 55, 11, 4, 154)]
    [InlineData(4, 2, 96, 256, 27, 5, 1, 135)]
    [InlineData(4, 1, 256, 384, 13, 3, 1, 156)]
    [InlineData(3, 1, 64, 64, 224, 3, 1, 156)]
    [InlineData(3, 1, 256, 256, 56, 3, 1, 156)]
    [InlineData(3, 1, 512, 512, 28, 3, 1, 168)]
    [InlineData(3, 1, 512, 512, 14, 3, 1, 168)]
    public void ElementsAtWorkAreThoseOfThePaper(int batch, int groups, int channels, int filters, int side, int kernel, int stride, int active) => Assert.Equal(
        active,
        ((RowStationaryMapping)Eyeriss.Map(new LayerGeometry(batch, groups, channels, filters, Size2.Square(side), Size2.Square(kernel), Size2.Square(stride), Size2.Square(1)))).ActiveElements);

    [Fact]
    public void AKernelTallerThanTheArraySaysSo() => Assert.Equal(
        "A kernel of 13×13 does not fit 'eyeriss': 12 rows of elements, each with 12 inputs.",
        Assert.Throws<ArrayConfigurationException>(() => Eyeriss.Map(new LayerGeometry(1, 1, 3, 8, Size2.Square(8), Size2.Square(13), Size2.Square(1), Size2.Square(1)))).Message);

    // Blocks of filters, then of channels, then strips and images; in a pass an element makes each output column of each of its filters, tap by tap.
    private static (double Busy, long Sums) Passes(RowStationaryMapping mapping, LayerGeometry geometry)
    {
        int filters = geometry.OutputChannels / geometry.Groups, channels = geometry.InputChannels / geometry.Groups;
        double busy = 0;
        long sums = 0;
        for (int group = 0; group < geometry.Groups; group++)
            for (int filter = 0; filter < filters; filter += mapping.FiltersAnElement * mapping.FilterSets)
                for (int channel = 0; channel < channels; channel += mapping.ChannelsAnElement * mapping.ChannelSets)
                    for (int row = 0; row < geometry.Output.Height; row += mapping.StripRows)
                        for (int image = 0; image < geometry.Batch; image++)
                        {
                            sums += (long)Math.Min(mapping.FiltersAnElement * mapping.FilterSets, filters - filter) * Math.Min(mapping.StripRows, geometry.Output.Height - row) * geometry.Output.Width;
                            busy += (double)mapping.FiltersAnElement * geometry.Output.Width * (mapping.ChannelsAnElement * geometry.Kernel.Width + Eyeriss.CyclesASum);
                        }
        return (busy, sums);
    }
}
