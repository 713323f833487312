using System.Collections.Concurrent;
using AccelSim.Platforms;

namespace AccelSim.Studies.Validate;

/// <summary>Platforms by the names of the tables; each is looked for once, since an alias may be in any of the files.</summary>
/// <param name="catalog">Where the platforms are.</param>
public sealed class NamedPlatforms(PlatformCatalog catalog)
{
    private readonly ConcurrentDictionary<string, Platform?> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The platform of this name or alias, or null where there is none of this kind.</summary>
    /// <exception cref="PlatformFileException">Its file is not legal.</exception>
    public T? Find<T>(string name)
        where T : Platform => _found.GetOrAdd(name, Look) as T;

    private Platform? Look(string name)
    {
        try
        {
            return catalog.Find(name);
        }
        catch (UnknownPlatformException)
        {
            return null;
        }
    }
}
