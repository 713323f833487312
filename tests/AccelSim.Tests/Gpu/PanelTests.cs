using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Gpu;

/// <summary>Panel kernels and the layout of planes beneath them, on shapes that leave tiles, panels and words of four channels unfilled.</summary>
[Collection(OnGpu.Name)]
public sealed class PanelTests(GpuDevicesFixture devices)
{
    [Fact]
    public void EveryTapOfEveryPixelIsWhereTheLayoutSays()
    {
        var random = new Random(5);
        for (int seed = 0; seed < 300; seed++)
        {
            var (kernel, stride, dilation) = (Draw(1, 5), Draw(1, 4), Draw(1, 3));
            var padding = new Padding(random.Next(3), random.Next(3), random.Next(3), random.Next(3));
            var image = new Size2(random.Next(1, 9) + (kernel.Height - 1) * dilation.Height, random.Next(1, 9) + (kernel.Width - 1) * dilation.Width);
            var output = Sliding.Output(image, kernel, stride, padding, dilation);
            var layout = new PlaneLayout(new SlidingGeometry(Shape.Of(1, 1, image.Height, image.Width), Shape.Of(1, 1, output.Height, output.Width), kernel, stride, padding, dilation));
            for (int i = 0; i < output.Area * kernel.Area; i++)
            {
                var (pixel, tap) = Math.DivRem(i, kernel.Area);
                int column = pixel / output.Width * layout.Width + pixel % output.Width;
                int place = layout.TapOffsets[tap] + column;
                Assert.InRange(column, 0, layout.Columns - 1);
                Assert.InRange(place, 0, layout.ChannelStride - 1);
                var (phase, element) = Math.DivRem(place, layout.Height * layout.Width);
                // What the kernel stores there, in the image's coordinates, against the definition of the convolution.
                int row = element / layout.Width * stride.Height + layout.Phases[phase].Row;
                int imageColumn = element % layout.Width * stride.Width + layout.Phases[phase].Column;
                Assert.Equal(pixel / output.Width * stride.Height - padding.Top + tap / kernel.Width * dilation.Height, row);
                Assert.Equal(pixel % output.Width * stride.Width - padding.Left + tap % kernel.Width * dilation.Width, imageColumn);
            }
        }

        Size2 Draw(int least, int most) => new(random.Next(least, most), random.Next(least, most));
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void LatenciesAndLayerTimesAreThoseOfEveryIterationAndLayer(string device)
    {
        using var backend = GpuBackend.Open(TestDevices.Require(device), new GpuOptions(Profiling: true));
        var graph = TestNetwork.Folded();
        var images = TestNetwork.Images(graph);
        using var executor = backend.Compile(graph);
        var latencies = executor.Latencies(images, 4, TestContext.Current.CancellationToken);
        Assert.Equal(4, latencies.Count);
        Assert.All(latencies, seconds => Assert.True(seconds > 0));
        var layers = executor.ProfileLayers(images, 3, TestContext.Current.CancellationToken);
        Assert.Equal(executor.Steps.Count, layers.Count);
        Assert.Equal(graph.Layers.Select(layer => layer.Name).Order(), executor.Steps.SelectMany(step => step).Select(layer => layer.Name).Order());
        Assert.All(layers, times => Assert.True(times.Count == 3 && times.All(seconds => seconds >= 0)));
        Assert.True(layers.Sum(times => times.Min()) > 0);
        using var plain = devices.Open(device).Compile(graph);
        Assert.Throws<InvalidOperationException>(() => plain.ProfileLayers(images, 1, TestContext.Current.CancellationToken));
        var ceilings = GpuCeilings.Measure(backend);
        Assert.True(ceilings is { FloatingPointPerSecond: > 1e8, BytesPerSecond: > 1e7 }, $"{ceilings}");
    }
}
