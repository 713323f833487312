using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Area;
using AccelSim.Systolic.Energy;

namespace AccelSim.Tests.Systolic;

/// <summary>What must hold of energy whatever the figures are.</summary>
public sealed class EnergyModelTests
{
    private static readonly TechnologyCatalog Technologies = TechnologyCatalog.Open();

    public static TheoryData<string> Nodes => ["65nm", "45nm", "28nm", "22nm", "16nm", "7nm"];

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Energy_is_additive_and_grows_with_every_count(string node)
    {
        var random = new Random(4);
        for (int round = 0; round < 50; round++)
        {
            AcceleratorCosts costs = Random(random, node);
            var model = new EnergyModel(costs);
            (LayerTiming a, LayerTiming b) = (Random(random, costs), Random(random, costs));
            LayerEnergy one = model.Of(a, 1000), other = model.Of(b, 500), both = model.Of(Together(a, b), 1500);
            Assert.Equal(one.Total + other.Total, both.Total, 1e-9 * both.Total);
            Assert.Equal(both.Total, both.Components().Sum(component => component.Joules), 1e-9 * both.Total);
            Assert.Equal(both.Total, LayerEnergy.Sum("both", [one, other]).Total, 1e-9 * both.Total);
            Assert.Equal(both.Total - both.Dram, both.Chip, 1e-9 * both.Total);
            Assert.True(model.Of(a with { Macs = a.Macs + 1_000_000 }, 1000).Total > one.Total);
            Assert.True(model.Of(a with { Compute = a.Compute + 1_000_000 }, 1000).Total > one.Total);
            Assert.True(model.Of(a, 2000).Total > one.Total);
            foreach (int level in Enumerable.Range(0, a.Traffic.Count))
            {
                Traffic[] more = [.. a.Traffic];
                more[level] = more[level] with { ReadBytes = more[level].ReadBytes + 1_000_000 };
                Assert.True(model.Of(a with { Traffic = more }, 1000).Total > one.Total, a.Traffic[level].Level);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_larger_memory_costs_more_a_bit_and_its_energy_has_no_steps(string node)
    {
        SramEnergy sram = PlatformEnergy.Costs(Technologies.Find(node)).Sram;
        double before = sram.ReadBit(64);
        for (double bytes = 64; bytes < 64e6; bytes *= 1.01)
        {
            double energy = sram.ReadBit(bytes);
            Assert.InRange(energy / before, 1, 1.0101);
            before = energy;
        }
        Assert.Equal(2, sram.ReadBit(4 << 20) / sram.ReadBit(1 << 20), 1e-9);
        Assert.Equal(2, sram.ReadBit(4096) / sram.ReadBit(1024), 1e-9);
        Assert.True(sram.WriteBit(4096) > sram.ReadBit(4096));
    }

    [Fact]
    public void A_memory_that_is_not_there_is_named()
    {
        AcceleratorCosts costs = Random(new Random(1), "28nm");
        LayerTiming timing = Random(new Random(2), costs) with { Traffic = [new Traffic("attic", 1, 1)] };
        Assert.Equal(
            "The layer 'layer' has traffic at 'attic', but chip has no such memory: it has buffer, accumulators.",
            Assert.Throws<GraphException>(() => new EnergyModel(costs).Of(timing, 1)).Message);
    }

    [Fact]
    public void A_makers_figure_of_a_memory_goes_before_the_technologys()
    {
        AcceleratorCosts costs = Random(new Random(1), "28nm") with { DynamicScale = 3 };
        StoredLevel buffer = costs.Memories[0] with { ReadJoulesPerBit = 1e-12, WriteJoulesPerBit = 2e-12 };
        LayerTiming timing = Random(new Random(2), costs) with { Traffic = [new Traffic("buffer", 1000, 100)] };
        LayerEnergy energy = new EnergyModel(costs with { Memories = costs.Memories.SetItem(0, buffer) }).Of(timing, 0);
        Assert.Equal(8 * ((1000 * 1e-12) + (100 * 2e-12)), energy.Memories[0].Joules, 1e-18);
    }

    [Fact]
    public void Idle_watts_take_the_place_of_clock_and_leakage()
    {
        AcceleratorCosts costs = Random(new Random(1), "28nm");
        LayerTiming timing = Random(new Random(2), costs);
        Assert.Equal(0.5, new EnergyModel(costs with { IdleWatts = 0.5 }).IdleWatts, 1e-12);
        LayerEnergy energy = new EnergyModel(costs with { IdleWatts = 0.5 }).Of(timing, 0);
        Assert.Equal(0.5 * timing.Seconds, energy.Clock + energy.Leakage, 1e-12);
    }

    [Fact]
    public void Area_is_the_sum_of_its_parts_and_grows_with_each()
    {
        var random = new Random(9);
        for (int round = 0; round < 50; round++)
        {
            AcceleratorCosts costs = Random(random, "16nm");
            AreaEstimate area = AreaEstimate.Of(costs);
            Assert.Equal(area.TotalSquareMillimetres, area.LogicSquareMillimetres + area.Memories.Sum(memory => memory.SquareMillimetres), 1e-9);
            Assert.Equal(2 * area.ArraySquareMillimetres, AreaEstimate.Of(costs with { Elements = 2 * costs.Elements }).ArraySquareMillimetres, 1e-9);
            Assert.True(AreaEstimate.Of(costs with { VectorLanes = costs.VectorLanes + 1 }).TotalSquareMillimetres > area.TotalSquareMillimetres);
            StoredLevel larger = costs.Memories[0] with { Bytes = costs.Memories[0].Bytes + 1 };
            Assert.True(AreaEstimate.Of(costs with { Memories = costs.Memories.SetItem(0, larger) }).TotalSquareMillimetres > area.TotalSquareMillimetres);
        }
    }

    private static AcceleratorCosts Random(Random random, string node) => new(
        "chip",
        PlatformEnergy.Costs(Technologies.Find(node)),
        random.Next(1, 65536),
        40,
        56,
        random.Next(2) == 0 ? null : new RegisterFileCosts(random.Next(16, 1024), random.Next(1, 5)),
        random.Next(1, 256),
        [new StoredLevel("buffer", random.Next(1024, 1 << 26), random.Next(1, 16), ["activations", "weights"]), new StoredLevel("accumulators", random.Next(1024, 1 << 20), 1, ["partial sums"])],
        5e-12,
        1e9,
        random.Next(2) == 0 ? MacPrecision.Int8 : MacPrecision.Int16,
        0.1 + random.NextDouble());

    private static LayerTiming Random(Random random, AcceleratorCosts costs) => new()
    {
        Layer = "layer",
        Compute = random.Next(1, 1 << 30),
        ClockHz = costs.ClockHz,
        Macs = random.NextInt64(1, 1L << 40),
        MacsPerCycle = costs.Elements,
        Traffic =
        [
            new Traffic("activations", random.NextInt64(1L << 30), random.NextInt64(1L << 30)), new Traffic("weights", random.NextInt64(1L << 30), 0),
            new Traffic("partial sums", random.NextInt64(1L << 30), random.NextInt64(1L << 30)), new Traffic("DRAM", random.NextInt64(1L << 30), random.NextInt64(1L << 30)),
        ],
        Provenance = Provenance.Modelled,
    };

    private static LayerTiming Together(LayerTiming a, LayerTiming b) => a with
    {
        Compute = a.Compute + b.Compute,
        Macs = a.Macs + b.Macs,
        Traffic = [.. a.Traffic.Zip(b.Traffic, (x, y) => new Traffic(x.Level, x.ReadBytes + y.ReadBytes, x.WrittenBytes + y.WrittenBytes))],
    };
}
