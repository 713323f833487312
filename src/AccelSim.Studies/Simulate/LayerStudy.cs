using AccelSim.Graph;

namespace AccelSim.Studies.Simulate;

/// <summary>One layer with the other ways to lay it on the machine.</summary>
/// <param name="Layer">As it runs.</param>
/// <param name="Shapes">Its operands: name and type, activations first.</param>
/// <param name="Mappings">Each way with the layer's time, memory included; that of the report first.</param>
public sealed record LayerStudy(LayerReport Layer, IReadOnlyList<string> Shapes, IReadOnlyList<LayerAlternative> Mappings)
{
    /// <summary>Finds a layer by its number from 1, its name, or the only name that contains the text.</summary>
    /// <exception cref="GraphException">There is none, or more than one.</exception>
    public static LayerStudy Of(Simulation simulation, SimulationReport report, Machine machine, string layer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(machine);
        LayerReport found = Find(report, layer);
        Layer node = simulation.Graph.LayerNamed(found.Name);
        var mappings = new List<LayerAlternative>();
        foreach ((string mapping, Machine other) in machine.Mappings())
        {
            cancellation.ThrowIfCancellationRequested();
            LayerTiming timing = other.Time(simulation.Graph)[found.Number - 1];
            // Only what concerns this layer: a plain product has no groups to place.
            if (mappings.Any(known => known.Cycles == timing.Total && known.Note == timing.Note))
                continue;
            mappings.Add(new LayerAlternative(mapping, timing.Compute, timing.FillDrain, timing.Stalls.Values.Sum(), timing.Total, timing.Utilization, timing.Note));
        }
        return new LayerStudy(found, [.. node.Operands.Select(name => $"{name} {simulation.Graph.TypeOf(name)}")], mappings);
    }

    private static LayerReport Find(SimulationReport report, string text)
    {
        if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int number))
        {
            return number >= 1 && number <= report.Layers.Count
                ? report.Layers[number - 1]
                : throw new GraphException($"'{report.Network}' has the layers 1 to {report.Layers.Count} as it is simulated, but not {number}.");
        }
        LayerReport[] found = [.. report.Layers.Where(layer => layer.Name == text)];
        if (found.Length == 0)
            found = [.. report.Layers.Where(layer => layer.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var one] => one,
            [] => throw new GraphException($"'{report.Network}' has no layer '{text}' as it is simulated: batch normalization and activations are part of the layer before them. Give a number of 1 to {report.Layers.Count} or a name of the table."),
            _ => throw new GraphException($"'{text}' is in the names of {found.Length} layers ({string.Join(", ", found.Take(4).Select(layer => layer.Name))}{(found.Length > 4 ? ", …" : "")}): give the whole name, or a number."),
        };
    }
}

/// <summary>A way to lay a layer on the machine, with its time.</summary>
/// <param name="Mapping">In words.</param>
/// <param name="Compute">Cycles in which the datapath works.</param>
/// <param name="FillDrain">Cycles of filling and draining it.</param>
/// <param name="Stalls">Cycles in which it waits.</param>
/// <param name="Cycles">All of them.</param>
/// <param name="Utilization">MACs ÷ (cycles × MACs a cycle).</param>
/// <param name="Note">What the simulator says of it.</param>
public sealed record LayerAlternative(string Mapping, long Compute, long FillDrain, long Stalls, long Cycles, double Utilization, string Note);
