using System.Text.Json;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Studies.Simulate;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Studies.Simulate;

/// <summary>Reports of simulated networks, against the simulator itself asked again.</summary>
public sealed class SimulationTests
{
    public static TheoryData<string, string, int, bool> Cases => new()
    {
        { "mobilenet_v2", "edge_tpu", 1, false },
        { "resnet50", "tpu_v1", 1, false },
        { "lstm", "generic_32x32", 2, false },
        { "lenet5", "gemmini_16x16", 16, true },
        { "mobilenet_v1", "zcu102", 1, false },
    };

    /// <summary>Every figure of the report is the simulator's, or a sum of them.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_report_says_what_the_simulator_says(string network, string platform, int batch, bool training)
    {
        var (simulation, machine, report) = Run(network, platform, batch, training);
        var timings = machine.Time(simulation.Graph);
        Assert.Equal(timings.Select(timing => (timing.Layer, timing.Total, timing.Macs)), report.Layers.Select(layer => (layer.Name, layer.Cycles, layer.Macs)));
        Assert.Equal(Enumerable.Range(1, timings.Count), report.Layers.Select(layer => layer.Number));
        Assert.All(report.Layers, layer => Assert.Equal(layer.Cycles, layer.Compute + layer.FillDrain + layer.Stalls.Values.Sum()));
        Assert.All(report.Layers.Where(layer => layer.Cycles > 0), layer => Assert.Equal(
            Math.Max(layer.Compute, Math.Max(layer.FillDrain, layer.Stalls.Values.DefaultIfEmpty().Max())), Math.Round(layer.LimitShare * layer.Cycles)));
        var totals = report.Totals;
        Assert.Equal((timings.Sum(timing => timing.Total), simulation.Graph.TotalCost().Macs), (totals.Cycles, totals.Macs));
        Assert.Equal(totals.Cycles, totals.Compute + totals.FillDrain + totals.Stalls.Values.Sum());
        Assert.Equal(totals.Cycles / report.ClockHz, totals.LatencySeconds, 1e-12);
        Assert.Equal(batch / totals.LatencySeconds, totals.ImagesPerSecond, 1e-6);
        Assert.Equal((double)totals.Macs / totals.Cycles / report.MacsPerCycle, totals.Utilization, 1e-12);
        if (PlatformEnergy.Of(PlatformCatalog.Open().Find(platform), ((ArrayMachine)machine).Array, simulation.Graph, timings).Energy is { } energy)
        {
            Assert.Equal(energy.Layers.Select(layer => layer.Total), report.Layers.Select(layer => layer.Joules!.Value), (a, b) => Math.Abs(a - b) <= 1e-12 * a);
            Assert.Equal(energy.JoulesPerInference, 1 / totals.ImagesPerJoule!.Value, 1e-12);
            Assert.Equal(energy.Total.Total, totals.Energy.Sum(part => part.Joules), 1e-12);
        }
        else
        {
            Assert.Null(totals.ImagesPerJoule);
            Assert.NotEmpty(report.EnergyNote);
        }
        Assert.Equal(
            timings.SelectMany(timing => timing.Traffic).Where(traffic => traffic.Level == "DRAM").Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes),
            totals.Traffic.Where(traffic => traffic.Level == "DRAM").Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes));
    }

    /// <summary>A hint is a promise: the changed machine, asked again, is as fast as it says, and nothing that could be tried gains more.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Hints_are_true_and_the_largest(string network, string platform, int batch, bool training)
    {
        var (simulation, machine, report) = Run(network, platform, batch, training);
        double before = SecondsPerImage(machine, simulation.Graph);
        Assert.InRange(report.Hints.Count, 1, 3);
        Assert.Equal(report.Hints.Select(hint => hint.Gain).OrderDescending(), report.Hints.Select(hint => hint.Gain));
        Assert.Equal(report.Hints.Count, report.Hints.Select(hint => hint.Kind).Distinct().Count());
        foreach (var hint in report.Hints)
        {
            var graph = hint.Batch == batch ? simulation.Graph : Simulated(network, hint.Batch, training).Graph;
            Assert.Equal(before, hint.SecondsPerImageBefore, 1e-12);
            Assert.Equal(SecondsPerImage(hint.Machine, graph), hint.SecondsPerImageAfter, 1e-12);
            Assert.Equal(hint.SecondsPerImageAfter * hint.Batch, hint.BatchSecondsAfter, 1e-12);
            Assert.Equal(hint.WaitShare, hint.WaitSecondsBefore / hint.LayerSecondsBefore, 1e-9);
            Assert.InRange(hint.WaitSecondsAfter, 0, hint.WaitSecondsBefore);
            Assert.True(hint.Gain >= 0.0098, $"{hint.Text}: {hint.Gain}");
            Assert.Equal(hint.Layer, report.Layers[hint.LayerNumber - 1].Name);
            // The machine is changed in what the hint names, and in nothing else.
            var (old, changed) = (((ArrayMachine)machine).Array, ((ArrayMachine)hint.Machine).Array);
            if (hint.To is { } amount && hint.Kind != "batch")
                Assert.Contains(hint.Kind switch
                {
                    "DRAM bandwidth" => old with { Memory = old.Memory with { Dram = old.Memory.Dram with { BytesPerSecond = amount } } },
                    "vector lanes" => old with { VectorLanes = (int)amount },
                    _ => old with { Memory = old.Memory.Resized(hint.Kind, (long)amount) },
                }, (ArrayConfiguration[])[changed], Same.Instance);
        }

        // Every single change, tried here by doubling: none of another kind does better than the last hint.
        double least = report.Hints.Count == 3 ? report.Hints[^1].Gain : 0.01;
        foreach (var change in machine.Changes().Where(change => report.Hints.All(hint => hint.Kind != change.Kind)))
        {
            Machine[] tried = change is Knob knob ? [knob.With(knob.Amount * 2)] : [((Swap)change).Machine];
            foreach (var other in tried)
            {
                try
                {
                    Assert.True(1 - SecondsPerImage(other, simulation.Graph) / before <= least + 1e-9, $"{change.Kind} gains more than the hints");
                }
                catch (ArrayConfigurationException)
                {
                    // Not every change can be.
                }
            }
        }
    }

    /// <summary>More memory is another plan, and may be a worse one; a batch may be more than fits any time. Neither stops the search.</summary>
    [Theory]
    [InlineData("resnet50", "ice40up5k", 1)]
    [InlineData("lenet5", "tpu_v1", 1_000_000)]
    public void A_change_that_makes_it_worse_is_no_hint_and_no_crash(string network, string platform, int batch)
    {
        var (_, _, report) = Run(network, platform, batch, training: false);
        Assert.All(report.Hints, hint => Assert.True(hint.Gain >= 0.0098, hint.Text));
    }

    /// <summary>What the report says of depthwise layers is each way simulated, and none of them is better than what auto takes layer by layer.</summary>
    [Theory]
    [InlineData("mobilenet_v2", "generic_32x32")]
    [InlineData("mobilenet_v2", "generic_128x128")]
    [InlineData("resnext50", "generic_64x64")]
    [InlineData("shufflenet_v1", "edge_tpu")]
    public void Depthwise_layers_are_mapped_the_best_way_and_compared(string network, string platform)
    {
        var (simulation, machine, report) = Run(network, platform, 1, training: false);
        var grouped = report.Grouped!;
        bool[] mine = [.. simulation.Graph.Layers.Select(layer => layer.Operator is Convolution { Groups: > 1 })];
        Assert.Equal(mine.Count(one => one), grouped.Layers);
        Assert.Equal(report.Layers.Where((_, i) => mine[i]).Sum(layer => layer.Cycles), grouped.Cycles);
        Assert.Equal(["one group a fold", "groups side by side", "pixels side by side"], grouped.Ways.Select(way => way.Mapping));
        foreach (var (way, groups) in grouped.Ways.Zip((GroupMapping[])[GroupMapping.OneGroupAFold, GroupMapping.GroupsAcrossColumns, GroupMapping.PixelsAcrossColumns]))
        {
            var timings = new SystolicSimulator(((ArrayMachine)machine).Array with { Groups = groups }).Time(simulation.Graph);
            Assert.Equal(timings.Where((_, i) => mine[i]).Sum(timing => timing.Total), way.Cycles);
            Assert.All(timings.Where((_, i) => mine[i]).Zip(report.Layers.Where((_, i) => mine[i])), pair => Assert.True(pair.Second.Cycles <= pair.First.Total, $"{pair.Second.Name}: {way.Mapping} takes {pair.First.Total}, auto {pair.Second.Cycles}"));
        }
        Assert.Null(Run("resnet18", platform, 1, training: false).Report.Grouped);
    }

    /// <summary>Engines that are no array have energies as their published chips do.</summary>
    [Theory]
    [InlineData("eyeriss_v1", "65nm figures")]
    [InlineData("nvdla_256", "16nm figures")]
    [InlineData("dpu_zcu102", "16nm figures (hw/energy), 2.63 W idle (assumption), work × 9 on an FPGA")]
    public void Engines_have_an_energy_by_component(string platform, string note)
    {
        var (simulation, machine, report) = Run("mobilenet_v1", platform, 1, training: false);
        Assert.StartsWith(note, report.EnergyNote, StringComparison.Ordinal);
        var energy = PlatformEnergy.Of((EnginePlatform)PlatformCatalog.Open().Find(platform), simulation.Graph, machine.Time(simulation.Graph)).Energy!;
        Assert.Equal(energy.JoulesPerInference, 1 / report.Totals.ImagesPerJoule!.Value, 1e-12);
        Assert.Equal(["MAC", "registers", "network", "buffer", "vector unit", "DRAM", "clock", "leakage"], report.Totals.Energy.Select(part => part.Component));
        string[] header = SimulationCsv.Text(report).Split('\n')[0].Split(',');
        Assert.Contains("joules_vector_unit", header);
        Assert.Equal(report.Layers.Count, SimulationCsv.Text(report).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Count());
    }

    /// <summary>What is asked for on the command line is what is simulated, and the report says that it was asked for.</summary>
    [Fact]
    public void Arrays_sparsity_and_sides_are_as_asked()
    {
        var (machine, note) = SimulatedPlatform.Of(PlatformCatalog.Open().Find("generic_64x64"), new ArrayChanges(Dataflow.OutputStationary, "16x32", 4, "2:4"));
        var array = ((ArrayMachine)machine).Array;
        Assert.Equal((Dataflow.OutputStationary, 16, 32, 4, "2:4"), (array.Dataflow, array.Rows, array.Columns, array.Arrays, array.Sparsity!.ToString()));
        Assert.Equal(2 * 4 * 16 * 32, machine.MacsPerCycle);
        Assert.All((string[])["output-stationary as asked", "16×32 as asked", "arrays as asked: 4", "2:4 sparse"], word => Assert.Contains(word, note, StringComparison.Ordinal));

        // A sparse array leaves out half of the products and their energy; a batch of images shares the weights.
        var graph = Simulated("resnet18", 1, false).Graph;
        Machine Of(string? sparsity) => SimulatedPlatform.Of(PlatformCatalog.Open().Find("generic_64x64"), new ArrayChanges(Sparsity: sparsity)).Machine;
        var (dense, sparse) = (Of(null), Of("2:4"));
        Assert.True(sparse.Time(graph).Sum(layer => layer.Compute) < 0.7 * dense.Time(graph).Sum(layer => layer.Compute));
        double Mac(Machine machine) => machine.EnergyOf(graph, machine.Time(graph)).Energy!.Total.Mac;
        Assert.InRange(Mac(sparse) / Mac(dense), 0.5, 0.51);

        // An FPGA's array must fit, and one that does has its own clock and memories.
        var board = PlatformCatalog.Open().Find("zcu102");
        var error = Assert.Throws<ArrayConfigurationException>(() => SimulatedPlatform.Of(board, new ArrayChanges(Sides: "128x128")));
        Assert.Equal(
            "An array of 128×128 does not fit 'zcu102': too few DSP slices and LUTs and flip-flops. It would use 8,448 of 2,520 DSP slices, 641,544 of 274,080 LUTs, 1,158,400 of 548,160 flip-flops, "
            + "171 of 912 block RAMs, and 80 % of each may be used. The largest that fits is 80×48 weight-stationary.", error.Message);
        var (small, smallNote) = SimulatedPlatform.Of(board, new ArrayChanges(Sides: "32x32"));
        Assert.True(small.ClockHz > SimulatedPlatform.Of(board).Machine.ClockHz);
        Assert.Contains("576 of 2,520 DSP slices", smallNote, StringComparison.Ordinal);
        Assert.Throws<ArrayConfigurationException>(() => SimulatedPlatform.Of(board, new ArrayChanges(Sides: "1x4000")));
    }

    /// <summary>Where a memory is what is missing, the hint names the least that helps: a quantum less gains less.</summary>
    [Fact]
    public void The_least_memory_that_helps_is_found()
    {
        var array = new ArrayConfiguration(
            "small", 16, 16, Dataflow.WeightStationary, FoldSchedule.Pipelined, 1e9, 64,
            MemoryHierarchy.Split(12 << 10, 48 << 10, new Dram(1e8)));
        var simulation = Simulation.OfInference(NetworkZoo.Find("lenet5").Build(new NetworkOptions()));
        var machine = new ArrayMachine(array);
        var hint = Assert.Single(simulation.Run(machine, cancellation: TestContext.Current.CancellationToken).Hints, hint => hint.Kind is "activations" or "weights");
        var knob = machine.Changes().OfType<Knob>().Single(knob => knob.Kind == hint.Kind);
        Assert.Equal(knob.Amount, hint.From);
        Assert.InRange(hint.To!.Value, knob.Amount + knob.Quantum, 4 * knob.Amount);
        Assert.StartsWith($"{Amounts.Bytes(hint.To.Value - knob.Amount)} more {hint.Kind} (", hint.Text, StringComparison.Ordinal);
        double Gain(double amount) => 1 - SecondsPerImage(knob.With(amount), simulation.Graph) / hint.SecondsPerImageBefore;
        Assert.Equal(Gain(hint.To.Value), hint.Gain, 1e-12);
        Assert.True(Gain(hint.To.Value - knob.Quantum) < 0.995 * hint.Gain, $"{hint.Text}: a quantum less gains as much");
        Assert.True(hint.Gain > 0.05, $"{hint.Text} gains {hint.Gain}: the case tests nothing");
    }

    /// <summary>Time depends on shapes and types alone, so a network without weights takes as long as one with.</summary>
    [Theory]
    [InlineData("lenet5", null)]
    [InlineData("mobilenet_v3_small", 64)]
    [InlineData("gru", null)]
    public void A_network_without_weights_is_timed_as_one_with(string network, int? resolution)
    {
        var graph = NetworkZoo.Find(network).Build(new NetworkOptions(Resolution: resolution));
        var machine = MachineOf("generic_32x32");
        var (without, with) = (Simulation.OfInference(graph), Simulation.OfInference(graph.WithSeededWeights(3)));
        Assert.Equal(
            machine.Time(with.Graph).Select(timing => (timing.Layer, timing.Total, timing.Note)), machine.Time(without.Graph).Select(timing => (timing.Layer, timing.Total, timing.Note)));
    }

    /// <summary>On every track one event at a time; what is nested lies inside; parts, work and stalls sum up to the run.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trace_nests_and_adds_up(string network, string platform, int batch, bool training)
    {
        var (_, machine, report) = Run(network, platform, batch, training);
        using var json = JsonDocument.Parse(ChromeTrace.Text(report, machine));
        var events = json.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        var tracks = events.Where(item => item.GetProperty("name").GetString() == "thread_name")
            .ToDictionary(item => item.GetProperty("args").GetProperty("name").GetString()!, item => item.GetProperty("tid").GetInt32());
        Assert.Equal(["layers", "array", "vector unit", "DRAM", "stalls"], tracks.Keys);
        var spans = events.Where(item => item.GetProperty("ph").GetString() == "X")
            .Select(item => (Track: item.GetProperty("tid").GetInt32(), Name: item.GetProperty("name").GetString()!, From: item.GetProperty("ts").GetDecimal(), Length: item.GetProperty("dur").GetDecimal(), Item: item))
            .ToList();
        decimal total = (decimal)Math.Round(report.Totals.LatencySeconds * 1e6, 6);
        Assert.All(spans, span => Assert.InRange(span.From + span.Length, span.From, total + 1e-6m));

        var layers = spans.Where(span => span.Track == tracks["layers"] && span.Item.TryGetProperty("args", out _)).ToList();
        Assert.Equal(report.Layers.Where(layer => layer.Cycles > 0).Select(layer => layer.Name), layers.Select(layer => layer.Name));
        Assert.All(layers.Zip(layers.Skip(1)), pair => Assert.Equal(pair.First.From + pair.First.Length, pair.Second.From));
        Assert.InRange(layers.Sum(layer => layer.Length), total - 1e-5m, total + 1e-5m);
        // Complete events nest by time: each part of a layer within it, and together all of it.
        var parts = spans.Where(span => span.Track == tracks["layers"] && !span.Item.TryGetProperty("args", out _)).ToList();
        foreach (var layer in layers)
        {
            var inside = parts.Where(part => part.From >= layer.From && part.From + part.Length <= layer.From + layer.Length).ToList();
            Assert.Equal(layer.Length, inside.Sum(part => part.Length));
        }
        Assert.Equal(layers.Sum(layer => layer.Length), parts.Sum(part => part.Length));
        Assert.Equal(layers.Sum(layer => layer.Length), spans.Where(span => span.Track == tracks["array"] || span.Track == tracks["vector unit"] || span.Track == tracks["stalls"]).Sum(span => span.Length));
        foreach (var track in tracks.Values.Where(track => track != tracks["layers"]))
        {
            var own = spans.Where(span => span.Track == track).OrderBy(span => span.From).ToList();
            Assert.All(own.Zip(own.Skip(1)), pair => Assert.True(pair.First.From + pair.First.Length <= pair.Second.From, $"{pair.First.Name} overlaps {pair.Second.Name}"));
        }
        Assert.Equal(report.Layers.Sum(layer => layer.Macs), layers.Sum(layer => layer.Item.GetProperty("args").GetProperty("MACs").GetInt64()));
    }

    [Fact]
    public void Csv_has_a_row_a_layer_with_every_figure()
    {
        var (_, _, report) = Run("lenet5", "gemmini_16x16", 1, false);
        string[] lines = SimulationCsv.Text(report).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] header = lines[0].Split(',');
        Assert.Equal(["number", "layer", "kind", "operator", "output", "macs", "cycles", "compute", "fill_drain"], header[..9]);
        Assert.Equal(report.Layers.Count + 1, lines.Length);
        string[] first = lines[1].Split(',');
        Assert.Equal(["1", "c1", "conv 5×5"], first[..3]);
        Assert.Equal(report.Layers[0].Cycles.ToString(System.Globalization.CultureInfo.InvariantCulture), first[Array.IndexOf(header, "cycles")]);
    }

    [Fact]
    public void A_layer_is_found_by_number_or_name_and_mapped_every_way()
    {
        var (simulation, machine, report) = Run("mobilenet_v1", "edge_tpu", 1, false);
        var study = LayerStudy.Of(simulation, report, machine, "4", TestContext.Current.CancellationToken);
        Assert.Equal(study.Layer.Name, LayerStudy.Of(simulation, report, machine, study.Layer.Name, TestContext.Current.CancellationToken).Layer.Name);
        Assert.Equal(["weight-stationary", "output-stationary", "input-stationary"], study.Mappings.Select(way => way.Mapping.Split(',')[0]).Distinct());
        Assert.All(study.Mappings, way => Assert.Equal(way.Cycles, way.Compute + way.FillDrain + way.Stalls));
        Assert.Contains(study.Mappings, way => way.Cycles == study.Layer.Cycles);

        string Error(string layer) => Assert.Throws<GraphException>(() => LayerStudy.Of(simulation, report, machine, layer, TestContext.Current.CancellationToken)).Message;
        Assert.Contains($"has the layers 1 to {report.Layers.Count} as it is simulated, but not 0.", Error("0"), StringComparison.Ordinal);
        Assert.Contains("has no layer 'convolution_9'", Error("convolution_9"), StringComparison.Ordinal);
        Assert.Contains("'depthwise' is in the names of 13 layers (block1/depthwise, block2/depthwise, ", Error("depthwise"), StringComparison.Ordinal);
    }

    private static double SecondsPerImage(Machine machine, LayerGraph graph) => machine.Time(graph).Sum(timing => timing.Seconds) / graph.Batch;

    private static Machine MachineOf(string platform) => SimulatedPlatform.Of(PlatformCatalog.Open().Find(platform)).Machine;

    private static Simulation Simulated(string network, int batch, bool training)
    {
        var graph = NetworkZoo.Find(network).Build(new NetworkOptions(Batch: batch));
        return training ? Simulation.OfTraining(graph) : Simulation.OfInference(graph);
    }

    private static (Simulation Simulation, Machine Machine, SimulationReport Report) Run(string network, string platform, int batch, bool training)
    {
        var (simulation, machine) = (Simulated(network, batch, training), MachineOf(platform));
        return (simulation, machine, simulation.Run(machine, cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>Records with arrays of levels inside are compared by what they say.</summary>
    private sealed class Same : IEqualityComparer<ArrayConfiguration>
    {
        public static Same Instance { get; } = new();

        public bool Equals(ArrayConfiguration? a, ArrayConfiguration? b) => Text(a!) == Text(b!);

        public int GetHashCode(ArrayConfiguration array) => Text(array).GetHashCode(StringComparison.Ordinal);

        private static string Text(ArrayConfiguration array) => $"{array with { Memory = array.Memory with { Levels = [] } }}{string.Join(",", array.Memory.Levels)}";
    }
}
