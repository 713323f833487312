using System.Text.Json.Serialization;
using AccelSim.Graph;

namespace AccelSim.Studies.Simulate;

/// <summary>One network on one machine, layer by layer.</summary>
/// <param name="Network">The graph's name.</param>
/// <param name="Batch">Images at once.</param>
/// <param name="IsTraining">Whether it is a step of training.</param>
/// <param name="Precision">int8, float32 or both.</param>
/// <param name="Platform">The platform's name.</param>
/// <param name="Engine">Its compute engine, such as <c>64×64 weight-stationary</c>.</param>
/// <param name="Memories">Its memories and DRAM in a line.</param>
/// <param name="ClockHz">Clock of the engine.</param>
/// <param name="MacsPerCycle">The engine's peak.</param>
/// <param name="Note">What else a reader must know, such as that the array is the largest that fits.</param>
/// <param name="EnergyNote">The technology of the energy and what it leaves out, or why there is none.</param>
/// <param name="Provenance">Where the figures come from; energy is always modelled.</param>
/// <param name="Layers">In the order in which they run.</param>
/// <param name="Totals">Of all layers.</param>
/// <param name="Grouped">Depthwise and other grouped layers together, or null where there are none or only one way to map them.</param>
/// <param name="Hints">What would help most, each re-simulated; the best first.</param>
public sealed record SimulationReport(
    string Network,
    int Batch,
    bool IsTraining,
    string Precision,
    string Platform,
    string Engine,
    string Memories,
    double ClockHz,
    long MacsPerCycle,
    string Note,
    string EnergyNote,
    Provenance Provenance,
    IReadOnlyList<LayerReport> Layers,
    SimulationTotals Totals,
    GroupedLayers? Grouped,
    IReadOnlyList<Hint> Hints);

/// <summary>The convolutions in groups, depthwise ones among them: few MACs, and on a plain array most of the time.</summary>
/// <param name="Layers">How many.</param>
/// <param name="Macs">Theirs.</param>
/// <param name="Cycles">Theirs, stalls included.</param>
/// <param name="Ways">Their cycles, stalls included, if all of them were mapped in one way, each simulated with the whole network.</param>
public sealed record GroupedLayers(int Layers, long Macs, long Cycles, IReadOnlyList<GroupedWay> Ways);

/// <summary>A way to lay grouped layers on an array, with their cycles.</summary>
public readonly record struct GroupedWay(string Mapping, long Cycles);

/// <summary>One layer.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">As in the graph.</param>
/// <param name="Kind">What it is in short, such as <c>depthwise 3×3 /2</c>.</param>
/// <param name="Operator">With its attributes, such as <c>Convolution 3×3 stride 2 pad 1 groups 32</c>.</param>
/// <param name="Output">Shape of its value.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Cycles">Of the engine's clock, stalls included.</param>
/// <param name="Compute">Cycles in which the datapath works.</param>
/// <param name="FillDrain">Cycles of filling and draining it.</param>
/// <param name="Stalls">Cycles in which it waits, by cause.</param>
/// <param name="Utilization">MACs ÷ (cycles × MACs a cycle).</param>
/// <param name="EngineUse">The part of the array that works while it computes, 0 to 1; null for what is no product.</param>
/// <param name="Traffic">Bytes at each level of memory.</param>
/// <param name="Limit">What takes most of its cycles.</param>
/// <param name="LimitShare">The part of its cycles that this takes, 0 to 1.</param>
/// <param name="Mapping">How it lies on the machine, and why.</param>
/// <param name="Energy">Joules by component for the batch; empty where the energy is not known.</param>
public sealed record LayerReport(
    int Number,
    string Name,
    string Kind,
    string Operator,
    string Output,
    long Macs,
    long Cycles,
    long Compute,
    long FillDrain,
    IReadOnlyDictionary<StallCause, long> Stalls,
    double Utilization,
    double? EngineUse,
    IReadOnlyList<Traffic> Traffic,
    string Limit,
    double LimitShare,
    string Mapping,
    IReadOnlyList<ComponentEnergy> Energy)
{
    /// <summary>Joules of all components, or null where the energy is not known.</summary>
    public double? Joules => Energy.Count == 0 ? null : Energy.Sum(component => component.Joules);
}

/// <summary>The energy of one component, such as <c>MAC</c> or <c>DRAM</c>.</summary>
public readonly record struct ComponentEnergy(string Component, double Joules);

/// <summary>Sums over the layers, and what follows from them.</summary>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Cycles">Stalls included.</param>
/// <param name="Compute">Cycles in which the datapath works.</param>
/// <param name="FillDrain">Cycles of filling and draining it.</param>
/// <param name="Stalls">Cycles in which it waits, by cause.</param>
/// <param name="Utilization">MACs ÷ (cycles × MACs a cycle).</param>
/// <param name="Traffic">Bytes at each level of memory.</param>
/// <param name="LatencySeconds">Of one batch.</param>
/// <param name="ImagesPerSecond">Batches one after another.</param>
/// <param name="Energy">Joules by component for the batch; empty where the energy is not known.</param>
/// <param name="ImagesPerJoule">Or null where the energy is not known.</param>
public sealed record SimulationTotals(
    long Macs,
    long Cycles,
    long Compute,
    long FillDrain,
    IReadOnlyDictionary<StallCause, long> Stalls,
    double Utilization,
    IReadOnlyList<Traffic> Traffic,
    double LatencySeconds,
    double ImagesPerSecond,
    IReadOnlyList<ComponentEnergy> Energy,
    double? ImagesPerJoule);

/// <summary>A change that was simulated, and what it gained.</summary>
/// <param name="Kind">What is changed, such as <c>weight memory</c>.</param>
/// <param name="Text">The change in words, with the least amount that gives the gain.</param>
/// <param name="From">The amount that there is, or null where it is none.</param>
/// <param name="To">The amount that gives the gain.</param>
/// <param name="Layer">The layer that gains most.</param>
/// <param name="LayerNumber">Its number.</param>
/// <param name="Wait">What that layer spends most of the gained time on.</param>
/// <param name="WaitShare">The part of the layer's time that this takes, 0 to 1.</param>
/// <param name="WaitSecondsBefore">Time that this takes, for an image.</param>
/// <param name="WaitSecondsAfter">After the change.</param>
/// <param name="LayerSecondsBefore">The layer's time for an image.</param>
/// <param name="LayerSecondsAfter">After the change.</param>
/// <param name="SecondsPerImageBefore">Of the network.</param>
/// <param name="SecondsPerImageAfter">After the change.</param>
/// <param name="BatchSecondsBefore">The latency of one batch.</param>
/// <param name="BatchSecondsAfter">After the change, which may be of the batch.</param>
/// <param name="Batch">Images at once with the change.</param>
/// <param name="Machine">The machine with the change.</param>
public sealed record Hint(
    string Kind,
    string Text,
    double? From,
    double? To,
    string Layer,
    int LayerNumber,
    string Wait,
    double WaitShare,
    double WaitSecondsBefore,
    double WaitSecondsAfter,
    double LayerSecondsBefore,
    double LayerSecondsAfter,
    double SecondsPerImageBefore,
    double SecondsPerImageAfter,
    double BatchSecondsBefore,
    double BatchSecondsAfter,
    int Batch,
    [property: JsonIgnore] Machine Machine)
{
    /// <summary>The part of the time for an image that is saved, 0 to 1.</summary>
    public double Gain => 1 - SecondsPerImageAfter / SecondsPerImageBefore;
}
