using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Rtl.Network;
using AccelSim.Studies.Networks;

namespace AccelSim.Tests.Rtl;

/// <summary>FINN's published foldings of MobileNetV1, by FINN's own unit formulas on our graph, take the cycles that FINN publishes.</summary>
public sealed class FinnCyclesTests
{
    [Theory]
    [InlineData("U250", 113_127, "ConvolutionInputGenerator_rtl_1", "block1/depthwise")]
    [InlineData("ZCU104", 401_408, "MVAU_rtl_1", "block1/pointwise")]
    [InlineData("ZCU102", 401_408, "MVAU_rtl_1", "block1/pointwise")]
    public void The_slowest_unit_is_the_published_one(string device, long cycles, string node, string layer)
    {
        string json = File.ReadAllText(SharedData.Require($"finn/{device}_folding_config.json"));
        var quantized = PreparedNetwork.Prepare(new NetworkRequest { NetworkOrFile = "mobilenet_v1", Options = new NetworkOptions(Width: 1, Resolution: 224), SampleCount = 1 }, cancellation: TestContext.Current.CancellationToken).Quantized;
        var units = FinnCycles.Units(StageGraph.Of(quantized), json);
        Assert.Equal(cycles, units.Max(unit => unit.Cycles));
        Assert.Contains(new FinnUnit(node, layer, cycles), units);
        // Every matrix-vector, vector-vector, padding and window unit of the file is there.
        Assert.Equal(15 + 13 + 13 + 15 + 1, units.Count(unit => !unit.Node.StartsWith("Thresholding", StringComparison.Ordinal)));
    }
}
