using AccelSim.Graph;
using AccelSim.Studies.Compare;

namespace AccelSim.Studies.Simulate;

/// <summary>An accelerator on which a network is simulated, and how it could be changed.</summary>
public abstract record Machine
{
    /// <summary>The platform's name.</summary>
    public abstract string Name { get; }

    /// <summary>Its compute engine in short, such as <c>64×64 weight-stationary</c>.</summary>
    public abstract string Engine { get; }

    /// <summary>Clock of the engine.</summary>
    public abstract double ClockHz { get; }

    /// <summary>The engine's peak.</summary>
    public abstract long MacsPerCycle { get; }

    /// <summary>Bytes that DRAM moves a second, at what of its peak it reaches.</summary>
    public abstract double DramBytesPerSecond { get; }

    /// <summary>Memories and DRAM in a line.</summary>
    public abstract string Memories { get; }

    /// <summary>The time of each layer, in the graph's order.</summary>
    /// <exception cref="GraphException">A layer does not run on it.</exception>
    public abstract IReadOnlyList<LayerTiming> Time(LayerGraph graph);

    /// <summary>The energy of the layers, or why it is not known.</summary>
    public virtual PlatformEnergyEstimate EnergyOf(LayerGraph graph, IReadOnlyList<LayerTiming> timings) => new(null, $"the energy of {Name} is not modelled");

    /// <summary>What an architect would try at the same peak: more multipliers help always, and are no hint.</summary>
    public abstract IEnumerable<Change> Changes();

    /// <summary>Other ways to lay layers on it, in words, the present one included.</summary>
    public abstract IEnumerable<(string Mapping, Machine Machine)> Mappings();

    /// <summary>Ways to lay all convolutions in groups on it, in words, everything else as it is; empty where there is but one.</summary>
    public virtual IEnumerable<(string Mapping, Machine Machine)> GroupedWays() => [];
}
