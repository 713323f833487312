using AccelSim.Graph;
using AccelSim.Systolic.Energy;

namespace AccelSim.Studies.Simulate;

/// <summary>Simulates a network on a machine, and looks for what would help it most.</summary>
public sealed class Simulation
{
    private readonly Func<int, LayerGraph> _graphOf;
    private readonly Dictionary<int, LayerGraph> _graphs = [];

    private Simulation(Func<int, LayerGraph> graphOf, int batch, bool isTraining)
    {
        (_graphOf, Batch, IsTraining) = (graphOf, batch, isTraining);
        Graph = GraphOf(batch);
    }

    /// <summary>Images at once.</summary>
    public int Batch { get; }

    /// <summary>Whether it is a step of training.</summary>
    public bool IsTraining { get; }

    /// <summary>The graph that is timed.</summary>
    public LayerGraph Graph { get; }

    /// <summary>Inference in int8, what has no integer form in float32; a quantized network is as it is.</summary>
    /// <exception cref="GraphException">The network cannot be quantized.</exception>
    public static Simulation OfInference(LayerGraph network)
    {
        ArgumentNullException.ThrowIfNull(network);
        LayerGraph quantized = TimedNetwork.Quantized(network);
        return new Simulation(quantized.WithBatch, network.Batch, isTraining: false);
    }

    /// <summary>A step of training in float32.</summary>
    /// <exception cref="GraphException">The network cannot be trained.</exception>
    public static Simulation OfTraining(LayerGraph network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new Simulation(batch => TimedNetwork.TrainingStepOf(network.WithBatch(batch)), network.Batch, isTraining: true);
    }

    /// <summary>The report.</summary>
    /// <param name="machine">Where to.</param>
    /// <param name="note">For the report, such as that the machine is the largest that fits.</param>
    /// <param name="progress">Told of each change that is tried.</param>
    /// <param name="cancellation">Stops between simulations.</param>
    /// <exception cref="GraphException">A layer does not run on the machine.</exception>
    public SimulationReport Run(Machine machine, string note = "", IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        IReadOnlyList<LayerTiming> timings = machine.Time(Graph);
        var (energy, energyNote) = machine.EnergyOf(Graph, timings);
        return new SimulationReport(
            Graph.Name, Batch, IsTraining, PrecisionOf(Graph), machine.Name, machine.Engine, machine.Memories, machine.ClockHz, machine.MacsPerCycle, note, energyNote,
            timings.Min(timing => timing.Provenance),
            [.. timings.Select((timing, index) => ReportOf(timing, index + 1, machine, energy?.Layers[index]))],
            TotalsOf(timings, machine, energy),
            GroupedOf(timings, machine),
            HintSearch.Run(this, machine, timings, progress, cancellation));
    }

    /// <summary>The graph for another batch.</summary>
    /// <exception cref="GraphException">The network is for one batch only.</exception>
    internal LayerGraph GraphOf(int batch)
    {
        if (!_graphs.TryGetValue(batch, out LayerGraph? graph))
            _graphs[batch] = graph = _graphOf(batch);
        return graph;
    }

    private LayerReport ReportOf(LayerTiming timing, int number, Machine machine, LayerEnergy? energy)
    {
        Layer layer = Graph.LayerNamed(timing.Layer);
        (string limit, double share) = TimeShares.Largest(timing);
        string attributes = layer.Operator.Describe();
        return new LayerReport(
            number, timing.Layer, KindOf(layer), attributes.Length == 0 ? layer.Operator.Name : $"{layer.Operator.Name} {attributes}", Graph.TypeOf(timing.Layer).Shape.ToString(), timing.Macs,
            timing.Total, timing.Compute, timing.FillDrain, timing.Stalls, timing.Utilization, TimeShares.EngineUse(timing), timing.Traffic, limit, share, WithoutEngine(timing.Note, machine), ComponentsOf(energy));
    }

    private string KindOf(Layer layer) => layer.Operator switch
    {
        Convolution convolution => $"{ConvolutionKind(convolution, layer)} {convolution.Kernel}{(convolution.Stride == Size2.Square(1) ? "" : $" /{StrideOf(convolution.Stride)}")}",
        FullyConnected => "fully connected",
        Activation activation => activation.Kind.ToString().ToLowerInvariant(),
        Recurrent recurrent => recurrent.Cell.ToString().ToLowerInvariant(),
        MaxPool pool => $"max pool {pool.Kernel}",
        AveragePool pool => $"average pool {pool.Kernel}",
        var other => string.Concat(other.Name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}")),
    };

    private string ConvolutionKind(Convolution convolution, Layer layer) =>
        convolution.Groups == 1 ? "conv" : convolution.IsDepthwise(Graph.TypeOf(layer.Inputs[0])) ? "depthwise" : FormattableString.Invariant($"conv in {convolution.Groups} groups");

    private static string StrideOf(Size2 stride) => stride.Height == stride.Width ? FormattableString.Invariant($"{stride.Height}") : stride.ToString();

    // The title says once what every note begins with.
    private static string WithoutEngine(string note, Machine machine) =>
        note.StartsWith($"{machine.Engine}: ", StringComparison.Ordinal) ? note[(machine.Engine.Length + 2)..] : note;

    private SimulationTotals TotalsOf(IReadOnlyList<LayerTiming> timings, Machine machine, NetworkEnergy? energy)
    {
        long cycles = timings.Sum(timing => timing.Total), macs = timings.Sum(timing => timing.Macs);
        double seconds = timings.Sum(timing => timing.Seconds);
        return new SimulationTotals(
            macs, cycles, timings.Sum(timing => timing.Compute), timings.Sum(timing => timing.FillDrain),
            timings.SelectMany(timing => timing.Stalls).GroupBy(stall => stall.Key).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Sum(stall => stall.Value)),
            cycles == 0 ? 0 : macs / ((double)cycles * machine.MacsPerCycle),
            [.. timings.SelectMany(timing => timing.Traffic).GroupBy(traffic => traffic.Level).Select(level => new Traffic(level.Key, level.Sum(part => part.ReadBytes), level.Sum(part => part.WrittenBytes)))],
            seconds, Batch / seconds, ComponentsOf(energy?.Total), energy?.InferencesPerJoule);
    }

    private GroupedLayers? GroupedOf(IReadOnlyList<LayerTiming> timings, Machine machine)
    {
        int[] grouped = [.. Enumerable.Range(0, Graph.Layers.Length).Where(i => Graph.Layers[i].Operator is Convolution { Groups: > 1 })];
        GroupedWay[] ways = grouped.Length == 0 ? [] : [.. machine.GroupedWays().Select(way => new GroupedWay(way.Mapping, CyclesOf(way.Machine.Time(Graph))))];
        return ways.Length == 0 ? null : new GroupedLayers(grouped.Length, grouped.Sum(i => timings[i].Macs), CyclesOf(timings), ways);

        long CyclesOf(IReadOnlyList<LayerTiming> of) => grouped.Sum(i => of[i].Total);
    }

    private static ComponentEnergy[] ComponentsOf(LayerEnergy? energy) => energy is null ? [] : [.. energy.Components().Select(part => new ComponentEnergy(part.Component, part.Joules))];

    private static string PrecisionOf(LayerGraph graph)
    {
        bool codes = graph.IsQuantized, reals = graph.Layers.Any(layer => graph.TypeOf(layer.Name).Element == ElementType.Float32 && graph.CostOf(layer).Macs > 0);
        return codes ? reals ? "int8, some layers float32" : "int8" : "float32";
    }
}
