using AccelSim.Graph;
using AccelSim.Systolic.Engines;

namespace AccelSim.Tests.Systolic.Engines;

public sealed class EngineSimulatorTests
{
    private static ChannelParallelEngine Engine(double bytesPerSecond = 1e9, long keep = 0, double cyclesALayer = 0) =>
        new("small", 2, 4, 4, false, 2, 8, 1e9, new EngineMemory(1 << 16, keep, bytesPerSecond), cyclesALayer);

    [Fact]
    public void NormalizationAndRectifierAreDoneInPassingAndConcatenationCostsNothing()
    {
        var timing = EngineSimulator.Time(Network(), Engine()).ToDictionary(layer => layer.Layer);
        Assert.Equal(0, timing["a/bn"].Total);
        Assert.Equal(0, timing["a/relu"].Total);
        Assert.Equal(0, timing["both"].Total);
        Assert.True(timing["swish"].Total > 0, "a hard swish is a pass of its own");
        Assert.Equal(["a/bn", "a/relu"], EngineSimulator.DoneInPassing(Network()).Order(StringComparer.Ordinal));
    }

    // 8×8 pixels: one byte each way across the edge once, and the engine waits for what does not hide behind 8/2 × 8 × 9 taps cycles.
    [Fact]
    public void ALayerTakesTheLongerOfItsCyclesAndItsBytes()
    {
        var slow = EngineSimulator.Time(Network(), Engine(bytesPerSecond: 0.1e9, cyclesALayer: 5))[0];
        Assert.Equal(288, slow.Compute);
        Assert.Equal((3 * 64 + 3 * 4 * 9 + 4 * 64) * 10 - 288, slow.Stalls[StallCause.DramBandwidth]);
        Assert.Equal(5, slow.Stalls[StallCause.Launch]);
        Assert.Equal(3 * 64 + 3 * 4 * 9, slow.Traffic.Single(traffic => traffic.Level == EngineSimulator.DramLevel).ReadBytes);
        Assert.Empty(EngineSimulator.Time(Network(), Engine(bytesPerSecond: 1e15))[0].Stalls);
    }

    [Fact]
    public void WhatStaysOnTheChipDoesNotCrossItsEdge()
    {
        var timing = EngineSimulator.Time(Network(), Engine(keep: 1 << 20)).ToDictionary(layer => layer.Layer);
        var dram = timing["b"].Traffic.Single(traffic => traffic.Level == EngineSimulator.DramLevel);
        Assert.Equal((4 * 4, 0), (dram.ReadBytes, dram.WrittenBytes));
    }

    [Fact]
    public void RecurrentNetworksAreRefusedByName()
    {
        var network = AccelSim.Models.NetworkZoo.Find("lstm").Build(new AccelSim.Models.NetworkOptions());
        Assert.Contains("it works step by step", Assert.Throws<UnsupportedOperatorException>(() => EngineSimulator.Time(network, Engine())).Message);
    }

    private static LayerGraph Network()
    {
        var graph = new GraphBuilder("small");
        string x = graph.Input("image", Shape.Of(1, 3, 8, 8));
        string a = graph.Activation("a/relu", graph.BatchNormalization("a/bn", graph.Convolution("a", x, 4, 3), 1e-5), ActivationKind.Relu);
        string b = graph.Convolution("b", a, 4, 1);
        string swish = graph.Activation("swish", b, ActivationKind.HardSwish);
        return graph.Build([graph.Layer("both", new Concat(1), [a, swish])]);
    }
}
