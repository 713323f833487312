using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>The technologies of the folder <c>hw/energy</c>, each with what its file leaves to be scaled from others.</summary>
public sealed class TechnologyCatalog
{
    private readonly string _folder;
    private readonly ImmutableSortedDictionary<string, string> _pathOfName;
    private readonly ConcurrentDictionary<string, HardwareDescription> _read = new(StringComparer.Ordinal);

    /// <summary>Opens the folder. Reads no file yet.</summary>
    /// <param name="folder">The <c>hw</c> folder.</param>
    public TechnologyCatalog(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.Combine(folder, "energy");
        _pathOfName = !Directory.Exists(_folder)
            ? ImmutableSortedDictionary<string, string>.Empty
            : Directory.EnumerateFiles(_folder, "*.yaml").ToImmutableSortedDictionary(path => PlatformName.Normal(Path.GetFileNameWithoutExtension(path)), path => path, StringComparer.Ordinal);
    }

    /// <summary>Names of the files, sorted.</summary>
    public IEnumerable<string> Names => _pathOfName.Values.Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>The catalog beside the platforms.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no <c>hw</c> folder.</exception>
    public static TechnologyCatalog Open() => new(PlatformCatalog.Open().Folder);

    /// <summary>Whether a file bears this name.</summary>
    public bool Has(string name) => _pathOfName.ContainsKey(PlatformName.Normal(name));

    /// <summary>The description of this name: a technology resolved, or the energies of DRAM.</summary>
    /// <exception cref="UnknownPlatformException">There is no such file.</exception>
    /// <exception cref="PlatformFileException">The file, or one from which it is scaled, is not legal.</exception>
    public HardwareDescription Describe(string name) => Read(name) is var file && file is Technology technology ? Resolve(technology, []) : file;

    /// <summary>The technology of this name, its missing figures scaled.</summary>
    /// <exception cref="UnknownPlatformException">There is no such technology.</exception>
    /// <exception cref="PlatformFileException">A file is not legal, or a figure is neither given nor to be scaled from anywhere.</exception>
    public Technology Find(string name) => Resolve(
        Read(name) as Technology ?? throw new UnknownPlatformException($"'{name}' is no technology; known: {string.Join(", ", Technologies().Select(technology => technology.Name))}"), []);

    /// <summary>
    /// The technology of a node: its own file, or that of the nearest node with the figures scaled to the node asked for.
    /// </summary>
    /// <exception cref="UnknownPlatformException">There is no technology at all, or the node is outside 7 to 130 nm.</exception>
    public Technology At(double nanometres)
    {
        // A 5 nm or 4 nm device is counted as 7 nm, the last node of which anybody published whole operators; its note says so.
        double node = Math.Max(nanometres, NodeScale.SmallestNanometres);
        if (node > NodeScale.LargestNanometres)
            throw new UnknownPlatformException(FormattableString.Invariant($"no technology of {nanometres} nm; the scaling rule holds from {NodeScale.SmallestNanometres} to {NodeScale.LargestNanometres} nm"));
        Technology[] all = [.. Technologies()];
        Technology nearest = all.MinBy(technology => Math.Abs(Math.Log(technology.Nanometres.Value / node)))
            ?? throw new UnknownPlatformException($"{_folder} has no technology");
        return nearest.Nanometres.Value == node ? Resolve(nearest, []) : Rescaled(Resolve(nearest, []), node, nanometres);
    }

    /// <summary>The energies of memories off the chip.</summary>
    /// <exception cref="UnknownPlatformException">The folder has no such file.</exception>
    public DramEnergies Dram() => _pathOfName.Values.Select(ReadOnce).OfType<DramEnergies>().FirstOrDefault()
        ?? throw new UnknownPlatformException($"{_folder} has no file of kind dram_energy");

    /// <summary>What is known of a platform's energy: its own section, or the profile of its family, or null.</summary>
    public EnergyProfile? ProfileOf(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        return (platform as AsicPlatform)?.Energy ?? (platform as FpgaPlatform)?.Energy ?? FamilyProfileOf(platform)?.Profile;
    }

    /// <summary>The profile of a platform's family where the platform's own file has no section <c>energy</c>, or null.</summary>
    public EnergyProfileFile? FamilyProfileOf(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        bool own = platform is AsicPlatform { Energy: not null } or FpgaPlatform { Energy: not null };
        return own ? null : _pathOfName.Values.Select(ReadOnce).OfType<EnergyProfileFile>().FirstOrDefault(file => file.IsFor(platform));
    }

    private IEnumerable<Technology> Technologies() => _pathOfName.Values.Select(ReadOnce).OfType<Technology>();

    private HardwareDescription ReadOnce(string path) => _read.GetOrAdd(path, HardwareFile.Read);

    private HardwareDescription Read(string name) => _pathOfName.TryGetValue(PlatformName.Normal(name), out string? path)
        ? ReadOnce(path)
        : throw new UnknownPlatformException($"there is no technology '{name}'; known: {string.Join(", ", Names)}");

    /// <summary>A technology with its gaps filled from the others in this catalog.</summary>
    /// <exception cref="PlatformFileException">A gap cannot be filled, or technologies are scaled from one another in a circle.</exception>
    public Technology Resolve(Technology technology) => Resolve(technology, []);

    private Technology Resolve(Technology technology, ImmutableArray<string> path)
    {
        if (path.Contains(technology.Name))
            throw Whole(technology, $"is scaled from itself: {string.Join(" from ", path.Add(technology.Name))}");
        Technology[] bases = [.. technology.ScaledFrom.Select(name =>
            Read(name) as Technology ?? throw Whole(technology, $"is scaled from '{name}', which is no technology"))];
        Technology[] complete = [.. bases.Select(other => Resolve(other, path.Add(technology.Name)))];
        var figures = technology.Figures.ToBuilder();
        foreach (TechnologyKey key in TechnologyKey.All.Where(key => !figures.ContainsKey(key.Quantity)))
        {
            // What two neighbours both publish is interpolated; else the nearest that has it is scaled.
            Technology[] own = [.. bases.Where(other => other.Figures.ContainsKey(key.Quantity))];
            figures[key.Quantity] = own.Length >= 2
                ? Interpolated(technology, key, own[0], own[1])
                : Scaled(technology, key, Nearest(technology, own.Length > 0 ? own : complete)
                    ?? throw Whole(technology, $"has no {key.Path} and names no technology in 'scaled_from' to scale it from"));
        }
        return technology with { Figures = figures.ToImmutable(), SramReads = technology.SramReads.IsEmpty ? SramReads(technology, bases, complete) : technology.SramReads };
    }

    private static Technology? Nearest(Technology technology, IReadOnlyList<Technology> others) =>
        others.MinBy(other => Math.Abs(Math.Log(other.Nanometres.Value / technology.Nanometres.Value)));

    private static ImmutableArray<SramRead> SramReads(Technology technology, Technology[] bases, Technology[] complete)
    {
        if (bases.Length >= 2 && SameSizes(bases[0], bases[1]))
        {
            return [.. bases[0].SramReads.Zip(bases[1].SramReads, (one, other) => one with
            {
                Joules = Figure(
                    technology,
                    NodeScale.Between(technology.Nanometres.Value, (bases[0].Nanometres.Value, one.Joules.Value), (bases[1].Nanometres.Value, other.Joules.Value)),
                    $"interpolated between {bases[0].Name} ({Reading.Quantity.Energy.Write(one.Joules.Value)}) and {bases[1].Name} ({Reading.Quantity.Energy.Write(other.Joules.Value)})"),
            })];
        }
        Technology from = Nearest(technology, complete) ?? throw Whole(technology, "has no 'sram' and names no technology in 'scaled_from' to scale it from");
        double factor = Factor(technology, NodeScaling.Energy, from);
        return [.. from.SramReads.Select(point => point with { Joules = Figure(technology, point.Joules.Value * factor, ScaledNote(from, Reading.Quantity.Energy.Write(point.Joules.Value), factor)) })];
    }

    private static bool SameSizes(Technology one, Technology other) => one.SramReads.Length > 0
        && one.SramReads.Select(point => (point.Bytes.Value, point.WidthBits.Value)).SequenceEqual(other.SramReads.Select(point => (point.Bytes.Value, point.WidthBits.Value)));

    private static Figure<double> Interpolated(Technology technology, TechnologyKey key, Technology one, Technology other)
    {
        (double a, double b) = (one[key.Quantity].Value, other[key.Quantity].Value);
        double value = NodeScale.Between(technology.Nanometres.Value, (one.Nanometres.Value, a), (other.Nanometres.Value, b));
        return Figure(technology, value, $"interpolated between {one.Name} ({Write(key, a)}) and {other.Name} ({Write(key, b)})");
    }

    private static Figure<double> Scaled(Technology technology, TechnologyKey key, Technology from)
    {
        double factor = Factor(technology, key.Scaling, from);
        double value = from[key.Quantity].Value;
        return Figure(technology, value * factor, ScaledNote(from, Write(key, value), factor));
    }

    private static string ScaledNote(Technology from, string value, double factor) => FormattableString.Invariant($"scaled from {from.Name}: {value} × {factor:0.###}");

    private static double Factor(Technology technology, NodeScaling scaling, Technology from) => scaling switch
    {
        NodeScaling.Energy => NodeScale.Energy(from.Nanometres.Value, from.Volts.Value, technology.Nanometres.Value, technology.Volts.Value),
        NodeScaling.Area => NodeScale.Area(from.Nanometres.Value, technology.Nanometres.Value),
        _ => 1,
    };

    // A scaled figure is worth what its rule is worth, whoever measured the figure that it came from.
    private static Figure<double> Figure(Technology technology, double value, string note) =>
        new(value, new Source("scaling", $"Scaled by rule in {technology.Name}", Confidence.Assumption), note);

    private static string Write(TechnologyKey key, double value) => key.Unit?.Write(value) ?? FormattableString.Invariant($"{value:0.####}");

    private static Technology Rescaled(Technology nearest, double node, double asked)
    {
        string title = FormattableString.Invariant($"{asked} nm, scaled from {nearest.Name}");
        Technology target = nearest with
        {
            Header = nearest.Header with { Name = FormattableString.Invariant($"{asked}nm"), Title = title },
            Nanometres = nearest.Nanometres with { Value = node },
        };
        var figures = TechnologyKey.All.ToImmutableSortedDictionary(key => key.Quantity, key => Scaled(target, key, nearest));
        double factor = Factor(target, NodeScaling.Energy, nearest);
        return target with
        {
            Figures = figures,
            SramReads = [.. nearest.SramReads.Select(point => point with { Joules = Figure(target, point.Joules.Value * factor, ScaledNote(nearest, Reading.Quantity.Energy.Write(point.Joules.Value), factor)) })],
        };
    }

    private static PlatformFileException Whole(Technology technology, string problem) => new([new PlatformFileError(technology.Header.File, 0, "", null, problem, null)]);
}
