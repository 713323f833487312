using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Studies.Networks;
using AccelSim.Studies.Run;
using AccelSim.Tests.Gpu;

namespace AccelSim.Tests.Studies;

/// <summary><c>accelsim run</c>: what is measured belongs to the request, and the rivals compute the same.</summary>
[Collection(OnGpu.Name)]
public sealed class NetworkRunTests
{
    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void ARunHasItsLayersAndRivalsThatAgree(string device)
    {
        TestDevices.Require(device);
        var report = NetworkRun.Run(Request(device) with { Batch = 3, Iterations = 3, Profile = true, Compare = [Rivals.Torch, Rivals.OnnxRuntime] }, null, TestContext.Current.CancellationToken);
        Assert.Equal((3, ElementType.Float32, 3, Provenance.Measured), (report.Batch, report.Element, report.Iterations, report.Provenance));
        Assert.True(report.Latency.P10 <= report.Latency.Median && report.Latency.Median <= report.Latency.P90 && report.Latency.Least > 0);
        Assert.Equal(3 / report.Latency.Median, report.ImagesPerSecond);
        Assert.Equal(report.Macs, report.Layers.Sum(layer => layer.Macs));
        Assert.All(report.Layers, layer => Assert.True(layer.Seconds >= 0 && layer.Bytes > 0));
        Assert.Equal(["accelsim", "TorchSharp", "ONNX Runtime"], report.Rivals.Select(rival => rival.Name));
        Assert.All(report.Rivals, rival => Assert.True(rival.Difference <= 1e-5 && rival.OursOverTheirs > 0, $"{rival}"));
        Assert.Contains("oneDNN off", report.Rivals[1].Note, StringComparison.Ordinal);
        Assert.True(report.Memory.ArenaBytes <= 1.1 * report.Memory.LowerBoundBytes && report.Memory.ConstantBytes > 0);
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void AnInt8RunIsComparedWithOnnxRuntimeAlone(string device)
    {
        TestDevices.Require(device);
        var report = NetworkRun.Run(Request(device) with { Quantized = true, Iterations = 2, Compare = [Rivals.OnnxRuntime] }, null, TestContext.Current.CancellationToken);
        Assert.Equal(ElementType.Int8, report.Element);
        Assert.Empty(report.Layers);
        Assert.Equal(2, report.Rivals.Count);
        var error = Assert.Throws<GraphException>(() => NetworkRun.Run(Request(device) with { Quantized = true, Compare = [Rivals.Torch] }, null, TestContext.Current.CancellationToken));
        Assert.StartsWith("--compare torch takes float32 graphs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeRunSaysWhy()
    {
        Assert.Equal("--batch 0 and --iterations 20 must be at least 1.", Assert.Throws<GraphException>(() => NetworkRun.Run(Request() with { Batch = 0 }, null, TestContext.Current.CancellationToken)).Message);
        Assert.Equal("--compare tvm is unknown: choose torch, ort, or both, comma-separated.", Assert.Throws<GraphException>(() => NetworkRun.Run(Request() with { Compare = ["tvm"], Iterations = 1 }, null, TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void PercentilesAreByNearestRank()
    {
        var latency = Latency.Of([5, 1, 4, 2, 3, 10, 9, 8, 7, 6]);
        Assert.Equal((5, 1, 9, 1), (latency.Median, latency.P10, latency.P90, latency.Least));
        Assert.Equal(new Latency(7, 7, 7, 7), Latency.Of([7]));
        Assert.Throws<ArgumentException>(() => Latency.Of([]));
    }

    private static RunRequest Request(string device = GpuDevices.Auto) => new()
    {
        Network = new NetworkRequest { NetworkOrFile = "mobilenet_v3_small", Options = new NetworkOptions(Width: 0.35, Resolution: 32, Classes: 10) },
        Device = device,
    };
}
