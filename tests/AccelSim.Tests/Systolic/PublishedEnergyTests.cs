using System.Globalization;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Area;
using AccelSim.Systolic.Energy;

namespace AccelSim.Tests.Systolic;

/// <summary>
/// Energy and area against what was published of real chips, with the published latencies and traffic in place of simulated ones, so that what is tested is the
/// energy model and its shipped constants alone. The errors allowed here are those that docs/energy-and-area.md states.
/// </summary>
public sealed class PublishedEnergyTests
{
    private static readonly TechnologyCatalog Technologies = TechnologyCatalog.Open();

    [Fact]
    public void Eyeriss_draws_what_was_measured_layer_by_layer()
    {
        var platform = Chip("eyeriss-v1", "65 nm", 12, 14, "200 MHz", ("global buffer", "108 KiB", 1));
        var model = new EnergyModel(Costs(platform));
        var errors = new List<double>();
        foreach (var rows in Published("eyeriss-v1").Where(row => row[1].Contains('/', StringComparison.Ordinal)).GroupBy(row => row[1]))
        {
            double seconds = Value(rows, "latency_total") / 1e3, watts = Value(rows, "chip_power") / 1e3;
            long half = (long)(Value(rows, "glb_access") * 1e6 / 2);
            LayerEnergy energy = model.Of(Timing(seconds, 200e6, Value(rows, "macs") * 1e9, 168, new Traffic("global buffer", half, half)), 0);
            double error = (energy.Chip / (watts * seconds)) - 1;
            errors.Add(Math.Abs(error));
            Assert.True(Math.Abs(error) < (rows.Key.EndsWith("total", StringComparison.Ordinal) ? 0.10 : 0.30), $"{rows.Key}: {100 * error:f1} %");
        }
        Assert.Equal(16, errors.Count);
        Assert.InRange(errors.Order().ElementAt(8), 0, 0.10);
    }

    // The vendor's estimates; 3.86 GMAC a ResNet-50, inputs read once for all kernels at once.
    [Theory]
    [InlineData(2048, 512, 32)]
    [InlineData(1024, 256, 32)]
    [InlineData(256, 256, 8)]
    [InlineData(128, 256, 8)]
    [InlineData(32, 128, 4)]
    public void NVDLA_draws_what_its_vendor_estimates(int macs, int kibibytes, int kernels)
    {
        var rows = Published($"nvdla-{macs}mac").Where(row => row[2].StartsWith("conv buffer", StringComparison.Ordinal)).ToList();
        var platform = Chip($"nvdla-{macs}mac", "16 nm", macs / kernels, kernels, "1 GHz", ("convolution buffer", $"{kibibytes} KiB", 16));
        double seconds = 1 / Value(rows, "est_throughput"), watts = Value(rows, "est_power_avg_16nm") / 1e3;
        LayerEnergy energy = new EnergyModel(Costs(platform)).Of(Timing(seconds, 1e9, 3.86e9, macs, new Traffic("convolution buffer", (long)(3.86e9 / kernels), 0)), 10_000_000);
        Assert.InRange(energy.Chip / (watts * seconds), 0.70, 1.30);

        Assert.InRange(AreaEstimate.Of(Costs(platform)).TotalSquareMillimetres / Value(rows, "est_area_16nm"), 0.93, 1.07);
        // The same constants at the other node.
        EnergyProfile profile = Technologies.ProfileOf(platform)!;
        AcceleratorCosts at28 = Costs(platform) with { Technology = PlatformEnergy.Costs(Technologies.Find("28nm")) };
        Assert.NotNull(profile.FixedSquareMillimetres);
        Assert.InRange(AreaEstimate.Of(at28).TotalSquareMillimetres / Value(rows, "est_area_28nm"), 0.80, 1.12);
    }

    // 86 TOPS, 78.2 % of cycles active: 256 inputs and 256 sums in each. Both powers went into the two constants, so this holds the code to them and proves no more.
    [Fact]
    public void TPU_v1_draws_40_W_busy_and_28_W_idle()
    {
        var platform = (AsicPlatform)PlatformCatalog.Open().Find("tpu_v1");
        var model = new EnergyModel(Costs(platform));
        Assert.Equal(28, model.IdleWatts, 6);
        long inputs = (long)(700e6 * 0.782 * 256);
        LayerEnergy energy = model.Of(
            Timing(1, 700e6, 43e12, 65536, new Traffic("activations", inputs, inputs / 4), new Traffic("weights", (long)10e9, 0), new Traffic("partial sums", 4 * inputs, 4 * inputs)), inputs / 4);
        Assert.InRange(energy.Chip, 37, 43);
        // Measured chips spend 5 to 50 times their MAC energy.
        Assert.InRange(energy.Chip / energy.Mac, 5, 50);
        AreaEstimate area = AreaEstimate.Of(Costs(platform));
        Assert.InRange(area.ArraySquareMillimetres / area.MemorySquareMillimetres("unified buffer"), 0.9 * 24 / 29, 1.1 * 24 / 29);
        Assert.InRange(area.TotalSquareMillimetres, 0.3 * 331, 331);
    }

    [Fact]
    public void Gemmini_and_Eyeriss_are_as_large_as_published()
    {
        double gemmini = AreaEstimate.Of(Costs((AsicPlatform)PlatformCatalog.Open().Find("gemmini_16x16"))).TotalSquareMillimetres;
        Assert.InRange(gemmini / 1.03, 0.85, 1.05);
        double eyeriss = AreaEstimate.Of(Costs(Chip("eyeriss-v1", "65 nm", 12, 14, "200 MHz", ("global buffer", "108 KiB", 1)))).TotalSquareMillimetres;
        Assert.InRange(eyeriss / 12.25, 0.80, 1.0);
    }

    [Fact]
    public void A_network_has_an_energy_by_layer_and_component()
    {
        var platform = (AsicPlatform)PlatformCatalog.Open().Find("generic_16x16");
        ArrayConfiguration array = PlatformModels.Array(platform);
        LayerGraph graph = TimedGraphs.Quantized(AccelSim.Models.NetworkZoo.Find("lenet5").Build(new AccelSim.Models.NetworkOptions()));
        PlatformEnergyEstimate estimate = PlatformEnergy.Of(platform, array, graph, new SystolicSimulator(array).Time(graph));
        NetworkEnergy energy = estimate.Energy!;
        Assert.Equal(graph.Layers.Length, energy.Layers.Length);
        Assert.Equal(energy.Total.Total, energy.Layers.Sum(layer => layer.Total), 1e-9 * energy.Total.Total);
        Assert.True(energy.Total.Dram > 0 && energy.Total.Sram > 0 && energy.Total.Vector > 0 && energy.Total.Leakage > 0);
        Assert.Equal(energy.JoulesPerInference, 1 / energy.InferencesPerJoule, 1e-15);
        Assert.Equal(energy.AverageWatts * energy.Seconds, energy.Total.Total, 1e-12);
        Assert.Contains("28nm", estimate.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_platform_without_a_node_says_why_it_has_no_energy()
    {
        var platform = (AsicPlatform)PlatformCatalog.Open().Find("edge_tpu") with { ProcessNanometres = null, Energy = null };
        (AcceleratorCosts? costs, string note) = PlatformEnergy.CostsOf(platform, PlatformModels.Array(platform), Technologies);
        Assert.Null(costs);
        Assert.Equal("edge_tpu has no energy: its file names no process node (key 'process' or 'energy.technology')", note);
    }

    private static AcceleratorCosts Costs(AsicPlatform platform) => PlatformEnergy.CostsOf(platform, PlatformModels.Array(platform), Technologies).Costs!;

    private static LayerTiming Timing(double seconds, double clock, double macs, long macsPerCycle, params Traffic[] traffic) => new()
    {
        Layer = "published",
        Compute = (long)(seconds * clock),
        ClockHz = clock,
        Macs = (long)macs,
        MacsPerCycle = macsPerCycle,
        Traffic = traffic,
        Provenance = Provenance.Measured,
    };

    private static IEnumerable<string[]> Published(string platform) =>
        File.ReadLines(SharedData.Require("published/asic.csv")).Select(line => line.Split(',')).Where(row => row[0] == platform);

    private static double Value(IEnumerable<string[]> rows, string metric) => double.Parse(rows.First(row => row[5] == metric)[6], CultureInfo.InvariantCulture);

    private static AsicPlatform Chip(string name, string node, int rows, int columns, string clock, (string Name, string Size, int Banks) memory) => (AsicPlatform)PlatformFile.Parse(
        $$"""
        name: {{name}}
        kind: asic
        title: {{name}}
        description: For a test of energy.
        sources:
          us: { text: the published rows, confidence: memory }
        clock: { value: {{clock}}, source: us }
        process: { value: {{node}}, source: us }
        array:
          rows: { value: {{rows}}, source: us }
          columns: { value: {{columns}}, source: us }
          stationary: { value: weight, source: us }
          folds: { value: pipelined, source: us }
        vector_unit:
          lanes: { value: 1, source: us }
        memories:
          - name: {{memory.Name}}
            holds: [activations, weights, accumulators]
            size: { value: {{memory.Size}}, source: us }
            double_buffered: { value: true, source: us }
            banks: { value: {{memory.Banks}}, source: us }
        dram:
          bandwidth: { value: 8 GB/s, source: us }
        """,
        $"{name}.yaml");
}
