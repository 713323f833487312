using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Studies.Simulate;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Studies.Simulate;

/// <summary>
/// Every network of the zoo on every platform with something to simulate: what must hold whatever the figures are. A random sample by default;
/// ACCELSIM_SWEEP=all runs all of it, ACCELSIM_SWEEP=NUMBER the sample of that seed.
/// </summary>
public sealed class ZooSweepTests
{
    private const int Sampled = 40;

    private const int Batch = 8;

    private static readonly PlatformCatalog Catalog = PlatformCatalog.Open();

    private static readonly string[] Platforms = [.. Catalog.All().Where(platform => platform is not (GpuPlatform or CpuPlatform)).Select(platform => platform.Name).Order(StringComparer.Ordinal)];

    [Fact]
    public void No_network_on_any_platform_breaks_what_must_hold()
    {
        string asked = Environment.GetEnvironmentVariable("ACCELSIM_SWEEP") ?? "";
        bool isWhole = asked == "all";
        int seed = int.TryParse(asked, CultureInfo.InvariantCulture, out int given) ? given : Environment.TickCount;
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine(isWhole ? "all pairs" : $"ACCELSIM_SWEEP={seed} runs this sample again");
        (string Network, string Platform)[] pairs = [.. NetworkZoo.Families.SelectMany(network => Platforms, (network, platform) => (network.Name, platform))];
        if (!isWhole)
        {
            random.Shuffle(pairs);
            pairs = pairs[..Sampled];
        }

        var wrong = new List<string>();
        int simulated = 0, refused = 0;
        foreach (var network in pairs.GroupBy(pair => pair.Network))
        {
            var simulations = new Dictionary<int, Simulation> { [1] = SimulationOf(network.Key, 1) };
            foreach ((_, string platform) in network)
            {
                // A few of them with a batch, and a few with the search for hints.
                int batch = random.Next(8) == 0 ? Batch : 1;
                if (!simulations.TryGetValue(batch, out var simulation))
                    simulations[batch] = simulation = SimulationOf(network.Key, batch);
                string where = $"{network.Key} on {platform}, batch {batch}";
                try
                {
                    Machine machine = SimulatedPlatform.Of(Catalog.Find(platform)).Machine;
                    var timings = machine.Time(simulation.Graph);
                    wrong.AddRange(WrongWith(simulation.Graph, machine, timings).Select(what => $"{where}: {what}"));
                    if (random.Next(10) == 0)
                        wrong.AddRange(WrongWith(simulation.Run(machine, cancellation: TestContext.Current.CancellationToken)).Select(what => $"{where}: {what}"));
                    simulated++;
                }
                catch (Exception error) when (error is UnsupportedOperatorException or ArrayConfigurationException)
                {
                    // Engines without an array refuse recurrent layers, and Eyeriss kernels larger than itself: in words.
                    refused++;
                    if (!error.Message.Contains(platform, StringComparison.Ordinal))
                        wrong.Add($"{where}: refused without the platform's name: {error.Message}");
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    wrong.Add($"{where}: {error.GetType().Name} {error.Message} {error.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}");
                }
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{simulated} simulated, {refused} refused");
        Assert.True(wrong.Count == 0, $"seed {seed}, {wrong.Count} findings:\n{string.Join('\n', wrong.Take(200))}");
        Assert.True(simulated > 10 * refused, $"{refused} of {pairs.Length} refused");
    }

    private static Simulation SimulationOf(string network, int batch) => Simulation.OfInference(NetworkZoo.Find(network).Build(new NetworkOptions(Batch: batch)));

    private static IEnumerable<string> WrongWith(LayerGraph graph, Machine machine, IReadOnlyList<LayerTiming> timings)
    {
        double dramBytesPerCycle = machine.DramBytesPerSecond / machine.ClockHz;
        if (timings.Count != graph.Layers.Length)
            yield return $"{timings.Count} timings of {graph.Layers.Length} layers";
        foreach (var timing in timings)
        {
            if (timing.Compute < 0 || timing.FillDrain < 0 || timing.Hidden < 0 || timing.Stalls.Values.Any(cycles => cycles <= 0))
                yield return $"{timing.Layer} has a part of {timing.Compute}, {timing.FillDrain}, {timing.Hidden} or {string.Join(", ", timing.Stalls)} cycles";
            if (timing.Total != timing.Compute + timing.FillDrain + timing.Stalls.Values.Sum() - timing.Hidden)
                yield return $"{timing.Layer}: the parts are not the total";
            if (timing.Note.Length == 0)
                yield return $"{timing.Layer} is charged without a word";
            bool isFree = timing.Note.Contains("a view", StringComparison.Ordinal) || timing.Note.Contains("written in place", StringComparison.Ordinal) || timing.Note.Contains("part of the layer before", StringComparison.Ordinal);
            if (timing.Total == 0 && timing.Hidden == 0 && !isFree)
                yield return $"{timing.Layer} is free: {timing.Note}";
            if (timing.Macs > 0 && (timing.Compute == 0 || timing.Macs > timing.Compute * timing.MacsPerCycle))
                yield return $"{timing.Layer} does {timing.Macs} MACs in {timing.Compute} cycles of {timing.MacsPerCycle}";
            if (!double.IsFinite(timing.Utilization) || timing.Utilization is < 0 or > 1)
                yield return $"{timing.Layer} has a utilization of {timing.Utilization}";
            if (!double.IsFinite(timing.Seconds) || timing.Traffic.Any(traffic => traffic.ReadBytes < 0 || traffic.WrittenBytes < 0))
                yield return $"{timing.Layer} has {timing.Seconds} s and {string.Join(", ", timing.Traffic)}";
            // No byte passes DRAM but at its rate.
            long bytes = timing.Traffic.Where(traffic => traffic.Level == "DRAM").Sum(traffic => traffic.ReadBytes + traffic.WrittenBytes);
            if (timing.Hidden == 0 && bytes > (timing.Total + 3) * dramBytesPerCycle)
                yield return $"{timing.Layer} moves {bytes} bytes of DRAM in {timing.Total} cycles of {dramBytesPerCycle:g4} bytes";
        }
        long macs = timings.Sum(timing => timing.Macs);
        if (macs != graph.TotalCost().Macs)
            yield return $"{macs} MACs of {graph.TotalCost().Macs}";
        if (timings.Sum(timing => timing.Total) <= 0 || macs > timings.Sum(timing => timing.Total) * machine.MacsPerCycle)
            yield return $"{macs} MACs in {timings.Sum(timing => timing.Total)} cycles of {machine.MacsPerCycle}";
        if (machine.EnergyOf(graph, timings).Energy is { } energy)
        {
            foreach (var layer in energy.Layers)
            {
                double parts = layer.Components().Sum(part => part.Joules);
                if (!double.IsFinite(layer.Total) || layer.Components().Any(part => part.Joules < 0) || Math.Abs(parts - layer.Total) > 1e-9 * layer.Total)
                    yield return $"{layer.Layer} has an energy of {string.Join(", ", layer.Components())}";
            }
            if (!(energy.TimesMacEnergy > 1))
                yield return $"energy is {energy.TimesMacEnergy} times the MACs'";
        }
        else if (machine.EnergyOf(graph, timings).Note.Length == 0)
        {
            yield return "no energy and no reason";
        }
    }

    private static IEnumerable<string> WrongWith(SimulationReport report)
    {
        foreach (var hint in report.Hints)
        {
            if (!(hint.Gain >= 0.0098) || hint.WaitShare is not (>= 0 and <= 1) || !double.IsFinite(hint.LayerSecondsAfter))
                yield return $"hint '{hint.Text}' gains {hint.Gain}, a wait of {hint.WaitShare}";
        }
        if (report.Layers.Any(layer => layer.LimitShare is < 0 or > 1))
            yield return $"{report.Layers.First(layer => layer.LimitShare is < 0 or > 1).Name}: a limit's share is {report.Layers.First(layer => layer.LimitShare is < 0 or > 1).LimitShare}";
    }
}
