using AccelSim.Graph;
using AccelSim.Systolic.Engines;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Tests.Systolic.Engines;

public sealed class ChannelParallelTests
{
    // What the engine does, cycle by cycle: every loop stands for an axis, and the innermost body is one cycle.
    [Fact]
    public void CyclesAndEdgeTrafficAreThoseOfTheLoops()
    {
        const int seed = 20261124;
        var random = new Random(seed);
        for (int round = 0; round < 400; round++)
        {
            var engine = new ChannelParallelEngine(
                "random", random.Next(1, 9), random.Next(1, 17), random.Next(1, 17), random.Next(2) == 0, random.Next(0, 5), 16, 1e9, new EngineMemory(1 << 20, 0, 1e9));
            int groups = random.Next(3) switch { 0 => random.Next(1, 4), _ => 1 };
            bool depthwise = random.Next(4) == 0;
            int channels = depthwise ? random.Next(2, 40) : groups * random.Next(1, 40);
            var geometry = new LayerGeometry(
                random.Next(1, 3), depthwise ? channels : groups, channels, depthwise ? channels : groups * random.Next(1, 40),
                new Size2(random.Next(1, 20), random.Next(1, 12)), new Size2(random.Next(1, 6), random.Next(1, 6)), Size2.Square(random.Next(1, 3)), Size2.Square(1));
            var mapping = engine.Map(geometry);
            (long cycles, long inputs, long weights, long macs) = Loops(engine, geometry);
            string which = $"seed {seed}, round {round}: {engine}, {geometry}";
            Assert.True(cycles == mapping.Cycles.Total, $"{which}: {cycles} cycles, not {mapping.Cycles.Total}");
            Assert.True(macs == mapping.Work.Macs, which);
            Assert.True(inputs == mapping.Edge.Inputs, $"{which}: {inputs} inputs, not {mapping.Edge.Inputs}");
            Assert.True(weights == mapping.Edge.Weights, $"{which}: {weights} weights, not {mapping.Edge.Weights}");
            Assert.True(macs <= mapping.Cycles.Total * mapping.MacsPerCycle, $"{which}: more than the peak");
        }
    }

    [Theory]
    [InlineData(64, 64, 56, 3, 56L / 8 * 56 * 4 * 9 * 4)]
    [InlineData(3, 64, 112, 7, 112L / 8 * 112 * 2 * 7 * 4)]
    public void ADpuB4096DoesAConvolutionOfResNetInTheCyclesOfItsGuide(int inputs, int outputs, int side, int kernel, long cycles)
    {
        var dpu = new ChannelParallelEngine("B4096", 8, 16, 16, true, 4, 64, 300e6, new EngineMemory(1 << 20, 0, 9.6e9));
        Assert.Equal(cycles, dpu.Map(new LayerGeometry(1, 1, inputs, outputs, Size2.Square(side), Size2.Square(kernel), Size2.Square(1), Size2.Square(1))).Cycles.Total);
    }

    private static (long Cycles, long Inputs, long Weights, long Macs) Loops(ChannelParallelEngine engine, LayerGeometry geometry)
    {
        (long cycles, long inputs, long weights, long macs) = (0, 0, 0, 0);
        int rows = geometry.Output.Height, columns = geometry.Output.Width, taps = geometry.Kernel.Height * geometry.Kernel.Width;
        if (geometry.Groups > 1 && geometry.Groups == geometry.InputChannels && engine.DepthwisePixels > 0)
        {
            for (int image = 0; image < geometry.Batch; image++)
                for (int row = 0; row < rows; row += engine.DepthwisePixels)
                    for (int column = 0; column < columns; column++)
                        for (int channel = 0; channel < geometry.OutputChannels; channel += engine.InputChannels)
                            for (int tap = 0; tap < taps; tap++)
                            {
                                int pixels = Math.Min(engine.DepthwisePixels, rows - row), channels = Math.Min(engine.InputChannels, geometry.OutputChannels - channel);
                                cycles++;
                                inputs += pixels * channels;
                                weights += channels;
                                macs += pixels * channels;
                            }
            return (cycles, inputs, weights, macs);
        }
        int from = geometry.InputChannels / geometry.Groups, to = geometry.OutputChannels / geometry.Groups;
        // Packed, a row of the kernel with all its columns is one vector of input places.
        long plain = taps * ((from + engine.InputChannels - 1) / engine.InputChannels);
        long packed = geometry.Kernel.Height * ((from * geometry.Kernel.Width + engine.InputChannels - 1) / engine.InputChannels);
        bool packs = engine.PacksKernelColumns && from < engine.InputChannels && packed < plain;
        (int steps, int places) = packs ? (geometry.Kernel.Height, from * geometry.Kernel.Width) : (taps, from);
        for (int group = 0; group < geometry.Groups; group++)
            for (int image = 0; image < geometry.Batch; image++)
                for (int row = 0; row < rows; row += engine.Pixels)
                    for (int column = 0; column < columns; column++)
                        for (int output = 0; output < to; output += engine.OutputChannels)
                            for (int step = 0; step < steps; step++)
                                for (int place = 0; place < places; place += engine.InputChannels)
                                {
                                    int pixels = Math.Min(engine.Pixels, rows - row), fed = Math.Min(engine.InputChannels, places - place), made = Math.Min(engine.OutputChannels, to - output);
                                    cycles++;
                                    inputs += pixels * fed;
                                    weights += fed * made;
                                    macs += pixels * fed * made;
                                }
        return (cycles, inputs, weights, macs);
    }
}
