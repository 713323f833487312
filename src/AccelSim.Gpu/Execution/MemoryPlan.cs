using System.Collections.Frozen;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>Where something lies: which allocation, how far into it, and how long it is, in bytes.</summary>
internal readonly record struct Place(int Arena, long Offset, long Bytes);

/// <summary>Device memory that a layer's kernels pass on among themselves; nobody reads it once the layer has run.</summary>
internal sealed record Scratch(string Layer, int Index, long Bytes);

/// <summary>
/// Where each value of a graph lies on the device. With reuse there is one arena, and two things that are never alive together may have the
/// same bytes: a value from the layer that writes it to its last reader, scratch while its layer runs. A view lies where its owner lies, which
/// is alive as long as either is. Without reuse every value that is no view has an allocation of its own.
/// </summary>
/// <param name="Values">The place of each input and of each layer whose value is stored, by name.</param>
/// <param name="Scratches">The place of each layer's scratch.</param>
/// <param name="ArenaBytes">Bytes of each allocation.</param>
/// <param name="LowerBound">
/// The largest sum of what is alive at one time: no plan needs less. With reuse, <see cref="TotalBytes"/> is at most a little more.
/// </param>
internal sealed record MemoryPlan(
    FrozenDictionary<string, Place> Values, FrozenDictionary<Scratch, Place> Scratches, IReadOnlyList<long> ArenaBytes, long LowerBound)
{
    /// <summary>Every place begins at a multiple of this: four float32, the widest vector that a kernel loads.</summary>
    public const long Alignment = 16;

    public long TotalBytes => ArenaBytes.Sum();

    /// <summary>Plans a graph that is executed layer by layer. With <paramref name="keepAll"/> every value that is no view has an allocation of its own.</summary>
    public static MemoryPlan Of(LayerGraph graph, bool keepAll, IReadOnlyCollection<Scratch>? scratch = null) => Of(graph, Schedule.Of(graph), keepAll, scratch);

    /// <summary>Plans a graph that is executed in steps, of which each stores one value.</summary>
    public static MemoryPlan Of(LayerGraph graph, IReadOnlyList<ScheduledStep> schedule, bool keepAll, IReadOnlyCollection<Scratch>? scratch = null)
    {
        var stored = schedule.Select(step => step.Value).Concat(graph.Inputs.Select(input => input.Name)).ToHashSet();
        var owners = graph.Owners().Where(pair => stored.Contains(pair.Key)).ToDictionary();
        var alive = Lifetimes(graph, schedule, owners);
        var steps = schedule.Select((step, place) => (step.Layer.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place);
        Scratch[] scratches = [.. scratch ?? []];
        string[] names = [.. alive.Keys];
        Lifetime[] all = [.. names.Select(name => alive[name]), .. scratches.Select(part => new Lifetime(steps[part.Layer], steps[part.Layer], part.Bytes))];
        long bound = Arena.LowerBound(all);
        Place[] places;
        List<long> arenas = [];
        if (keepAll)
        {
            // Scratch is still shared, in the last allocation.
            var shared = Arena.Plan(all[names.Length..]);
            places = [.. names.Select((name, i) => new Place(i, 0, alive[name].Bytes)), .. scratches.Select((part, i) => new Place(names.Length, shared.Offsets[i], part.Bytes))];
            arenas.AddRange(names.Select(name => alive[name].Bytes));
            if (scratches.Length > 0)
                arenas.Add(shared.Bytes);
        }
        else
        {
            var arena = Arena.Plan(all);
            places = [.. all.Select((part, i) => new Place(0, arena.Offsets[i], part.Bytes))];
            arenas.Add(arena.Bytes);
        }
        var ofOwner = names.Select((name, i) => (name, places[i])).ToDictionary(pair => pair.name, pair => pair.Item2);
        return new MemoryPlan(
            owners.ToFrozenDictionary(pair => pair.Key, pair => ofOwner[pair.Value]),
            scratches.Select((part, i) => (part, place: places[names.Length + i])).ToFrozenDictionary(pair => pair.part, pair => pair.place),
            arenas,
            bound);
    }

    /// <summary>
    /// Of each value that owns memory: from the layer that writes it to the last that reads it or a view of it. Inputs are there from the first
    /// layer on; outputs are read after all layers, by the host.
    /// </summary>
    private static Dictionary<string, Lifetime> Lifetimes(LayerGraph graph, IReadOnlyList<ScheduledStep> schedule, Dictionary<string, string> owners)
    {
        var alive = graph.Inputs.ToDictionary(input => input.Name, input => new Lifetime(0, 0, input.Type.Bytes));
        for (int place = 0; place < schedule.Count; place++)
        {
            var step = schedule[place];
            if (!step.IsView)
                alive[step.Value] = new Lifetime(place, place, graph.TypeOf(step.Value).Bytes);
            // An operand is alive while its reader runs: no kernel writes over what it reads.
            foreach (string value in step.Operands.Where(owners.ContainsKey))
                alive[owners[value]] = alive[owners[value]] with { Last = place };
        }
        foreach (string output in graph.Outputs)
            alive[owners[output]] = alive[owners[output]] with { Last = schedule.Count };
        return alive;
    }
}
