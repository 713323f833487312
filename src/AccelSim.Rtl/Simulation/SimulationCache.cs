using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Simulation;

/// <summary>
/// Built simulations, found by the content of what they were built from: sources and tool version, without memory images, which
/// a simulation reads when it starts. Several tasks and several processes may use one cache at a time.
/// </summary>
public sealed class SimulationCache
{
    private const string FolderVariable = "ACCELSIM_CACHE";

    // One build a key at a time within this process; another process at worst does the same build and finds the place taken.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _building = new();

    /// <param name="folder">Where to keep builds; by default $ACCELSIM_CACHE, else ~/.cache/accelsim.</param>
    public SimulationCache(string? folder = null)
    {
        Folder = Path.GetFullPath(folder
            ?? Environment.GetEnvironmentVariable(FolderVariable)
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "accelsim"));
    }

    public string Folder { get; }

    /// <summary>The folder of the build with a key, built now if it is not there yet.</summary>
    /// <param name="key">Everything that the build depends on, as text.</param>
    /// <param name="build">Fills an empty folder. It becomes visible to others only when this has succeeded.</param>
    /// <returns>The folder, and whether it was there already.</returns>
    public async Task<(string Folder, bool Found)> GetAsync(
        string key, Func<string, CancellationToken, Task> build, CancellationToken cancellation = default)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32];
        string target = Path.Combine(Folder, "rtl", hash);
        var gate = _building.GetOrAdd(hash, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Directory.Exists(target))
                return (target, true);
            string work = $"{target}.{Guid.NewGuid():n}";
            Directory.CreateDirectory(work);
            try
            {
                await build(work, cancellation).ConfigureAwait(false);
                Publish(work, target);
            }
            finally
            {
                if (Directory.Exists(work))
                    Directory.Delete(work, recursive: true);
            }
            return (target, false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The key of a set of sources.</summary>
    internal static string KeyOf(string tool, IReadOnlyList<string> arguments, IReadOnlyList<SourceFile> sources)
    {
        var key = new StringBuilder().Append(tool).Append('\n').AppendJoin(' ', arguments).Append('\n');
        foreach (var source in sources)
            key.Append(source.Name).Append('\n').Append(source.Text).Append('\0');
        return key.ToString();
    }

    private static void Publish(string work, string target)
    {
        try
        {
            Directory.Move(work, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another process was first, with the same content.
        }
    }
}
