using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;

namespace AccelSim.Tests.Gpu;

/// <summary>Kernels chosen by measurement, and the file that keeps the choices.</summary>
[Collection(OnGpu.Name)]
public sealed class TuningTests : IDisposable
{
    private static readonly GpuDevice Card = new("cuda:0", GpuDeviceKind.Cuda, "NVIDIA A100-SXM4 80GB", 1L << 30, 108, 32, 1e9, "CUDA 12.2, SM_80");

    private readonly string _folder = Directory.CreateTempSubdirectory("accelsim-tuning").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void EachShapeIsMeasuredOnceAndKept(string device)
    {
        TestDevices.Require(device);
        string file = Path.Combine(_folder, "new", "device.json");
        var graph = FloatPasses.Run(NetworkZoo.Find("mobilenet_v3_small").Build(new NetworkOptions(Width: 0.35, Resolution: 32, Classes: 10)).WithSeededWeights(7));
        using var backend = GpuBackend.Open(device, new GpuOptions(Tuning: TuningTable.Empty));
        var measured = GpuTuner.Tune(backend, graph, file, repetitions: 1, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(measured.Count, 10, graph.Layers.Count(layer => layer.Operator is Convolution or FullyConnected));
        Assert.All(measured.Values, kernel => Assert.True(kernel.Seconds > 0 && kernel.Seconds <= kernel.DefaultSeconds, $"{kernel}"));
        Assert.Equal(measured, TuningTable.Read(file).Kernels);
        Assert.Equal([file], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        Assert.Empty(GpuTuner.Tune(backend, graph, file, cancellation: TestContext.Current.CancellationToken));
        // What was measured is taken, and computes the same.
        using var executor = backend.Compile(graph);
        using var untuned = GpuBackend.Open(device, new GpuOptions(Tuning: TuningTable.Empty));
        using var other = untuned.Compile(graph);
        var images = TestNetwork.Images(graph);
        string output = graph.Outputs[0];
        float[] expected = Output(other), actual = Output(executor);
        Assert.True(Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum()) <= 1e-5 * Math.Sqrt(expected.Sum(e => e * e)));

        float[] Output(GpuExecutor of) => of.Run(images, false, TestContext.Current.CancellationToken)[output].Float32.ToArray();
    }

    [Fact]
    public void TwoProcessesThatTuneKeepWhatBothMeasured()
    {
        string file = Path.Combine(_folder, "device.json");
        TuningTable.Empty.With([new("a", new TunedKernel("Rows", 1, 2)), new("b", new TunedKernel("Rows", 1, 2))]).Save(Card, file);
        TuningTable.Empty.With([new("b", new TunedKernel("Panels/64", 3, 4)), new("c", new TunedKernel("Tile64x64", 5, 6))]).Save(Card, file);
        var kernels = TuningTable.Read(file).Kernels;
        Assert.Equal(["a: Rows", "b: Panels/64", "c: Tile64x64"], kernels.Select(pair => $"{pair.Key}: {pair.Value.Kernel}"));
        string text = File.ReadAllText(file);
        Assert.Contains("\"device\": \"NVIDIA A100-SXM4 80GB\"", text, StringComparison.Ordinal);
        Assert.Contains("\"driver\": \"CUDA 12.2, SM_80\"", text, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{ \"format\": 99, \"device\": \"x\", \"driver\": \"y\", \"kernels\": { \"a\": { \"kernel\": \"Rows\", \"seconds\": 1, \"defaultSeconds\": 2 } } }")]
    public void AFileThatIsNoneOfOursIsAsIfThereWereNone(string text)
    {
        string file = Path.Combine(_folder, "device.json");
        File.WriteAllText(file, text);
        Assert.Empty(TuningTable.Read(file).Kernels);
        Assert.Empty(TuningTable.Read(Path.Combine(_folder, "none.json")).Kernels);
    }

    [Theory]
    [InlineData("Panels/64", true)]
    [InlineData("Rows", true)]
    [InlineData("Tile128x128", true)]
    [InlineData("Tile96x96", false)]
    [InlineData("17", false)]
    [InlineData("Panels/many", false)]
    [InlineData("Panels/64/2", false)]
    public void AKernelIsReadAsItIsWritten(string text, bool isKernel)
    {
        Assert.Equal(isKernel, ProductChoice.TryParse(text, out var choice));
        Assert.Equal(isKernel ? text : null, choice?.ToString());
    }

    [Fact]
    public void ADeviceAndItsDriverHaveAFile()
    {
        Assert.Equal("/c/tuning/cuda-nvidia-a100-sxm4-80gb-cuda-12.2-sm-80.json", TuningTable.FileOf(Card, name => name == "ACCELSIM_CACHE" ? "/c" : null));
        Assert.NotEqual(TuningTable.FileOf(Card), TuningTable.FileOf(Card with { Driver = "CUDA 12.3, SM_80" }));
    }
}
