using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>No platform has the name that was asked for. The message says which names come near.</summary>
public sealed class UnknownPlatformException(string message) : Exception(message);

/// <summary>The platforms of an <c>hw</c> folder, found by name, and any other platform file, found by path.</summary>
public sealed class PlatformCatalog
{
    /// <summary>The environment variable that names the folder in which <c>hw</c> lies.</summary>
    public const string HomeVariable = "ACCELSIM_HOME";

    private readonly ImmutableSortedDictionary<string, string> _pathOfName;

    /// <summary>Opens a folder with the sub-folders <c>asic</c>, <c>cpu</c>, <c>engine</c>, <c>fpga</c> and <c>gpu</c>. Reads no file yet.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnknownPlatformException">Two files of the folder bear one name.</exception>
    public PlatformCatalog(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
        var paths = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string kind in (string[])["asic", "cpu", "engine", "fpga", "gpu"])
        {
            string sub = Path.Combine(folder, kind);
            if (!Directory.Exists(sub))
                continue;
            foreach (string path in Directory.EnumerateFiles(sub, "*.yaml").Order(StringComparer.Ordinal))
            {
                string name = PlatformName.Normal(Path.GetFileNameWithoutExtension(path));
                if (paths.TryGetValue(name, out string? other))
                    throw new UnknownPlatformException($"{other} and {path} bear the same name; '-' and '_' count as one character, and case does not count");
                paths.Add(name, path);
            }
        }

        if (paths.Count == 0)
            throw new DirectoryNotFoundException($"{folder} has no platform files; expected {Path.Combine(folder, "asic", "*.yaml")} and the like");
        _pathOfName = paths.ToImmutable();
    }

    /// <summary>The <c>hw</c> folder.</summary>
    public string Folder { get; }

    /// <summary>The names of all platforms, as their files spell them, sorted.</summary>
    public IEnumerable<string> Names => _pathOfName.Values.Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>Opens the <c>hw</c> folder of AccelSim's home, or the first one above the program or the current folder.</summary>
    /// <param name="home">The home; null for <c>$ACCELSIM_HOME</c>, and empty for none.</param>
    /// <exception cref="DirectoryNotFoundException">There is none; the message says where it was looked for.</exception>
    public static PlatformCatalog Open(string? home = null) => new(FindFolder(home ?? Environment.GetEnvironmentVariable(HomeVariable)));

    /// <summary>Reads every platform of the folder, in the order of their names.</summary>
    /// <exception cref="PlatformFileException">One of the files is not legal.</exception>
    public ImmutableArray<Platform> All() => [.. _pathOfName.Values.Select(PlatformFile.Read)];

    /// <summary>Reads the platform with this name or alias, or the file at this path.</summary>
    /// <param name="nameOrPath">A name such as <c>tpu_v1</c>, or a path: what has a separator or ends with <c>.yaml</c> or <c>.yml</c>.</param>
    /// <exception cref="UnknownPlatformException">There is no such platform or file.</exception>
    /// <exception cref="PlatformFileException">The file is not legal.</exception>
    public Platform Find(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (IsPath(nameOrPath))
        {
            return File.Exists(nameOrPath)
                ? PlatformFile.Read(nameOrPath)
                : throw new UnknownPlatformException($"there is no platform file '{nameOrPath}'");
        }

        if (_pathOfName.TryGetValue(PlatformName.Normal(nameOrPath), out string? path))
            return PlatformFile.Read(path);
        return FindAlias(nameOrPath) ?? throw Unknown(nameOrPath);
    }

    private static bool IsPath(string text) =>
        text.Contains('/') || text.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || text.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    private static string FindFolder(string? home)
    {
        if (!string.IsNullOrEmpty(home))
        {
            string folder = Path.Combine(home, "hw");
            return Directory.Exists(folder)
                ? folder
                : throw new DirectoryNotFoundException($"the home of AccelSim is '{home}' ({HomeVariable}), but there is no folder '{folder}'");
        }

        string[] starts = [AppContext.BaseDirectory, Environment.CurrentDirectory];
        foreach (string start in starts)
        {
            for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
            {
                string folder = Path.Combine(at.FullName, "hw");
                if (Directory.Exists(Path.Combine(folder, "asic")))
                    return folder;
            }
        }

        throw new DirectoryNotFoundException($"no folder 'hw' above {string.Join(" or ", starts)}; set {HomeVariable} to the folder that has it");
    }

    private Platform? FindAlias(string name)
    {
        foreach (string path in _pathOfName.Values)
        {
            Platform platform;
            try
            {
                platform = PlatformFile.Read(path);
            }
            catch (PlatformFileException)
            {
                // A broken file is no reason to deny another one its alias; it is reported when it is asked for.
                continue;
            }

            if (platform.Header.Aliases.Any(alias => PlatformName.Same(alias, name)))
                return platform;
        }

        return null;
    }

    private UnknownPlatformException Unknown(string name)
    {
        IReadOnlyList<string> near = NearestName.Of(name, Names, 3);
        string hint = near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"known: {string.Join(", ", Names)}";
        return new UnknownPlatformException($"there is no platform '{name}'; {hint}");
    }
}
