namespace AccelSim.Rtl;

/// <summary>A folder that appears complete or not at all, and that replaces nothing but a folder of ours.</summary>
public static class GeneratedFolder
{
    /// <summary>Present in every folder that we wrote, and so may replace.</summary>
    public const string Marker = ".accelsim-block";

    /// <param name="folder">Made by us, or by an earlier call, or empty.</param>
    /// <param name="fill">Writes into the folder that it is given; when it fails nothing is left.</param>
    /// <exception cref="RtlException">The folder is a file, or holds something else.</exception>
    public static void Write(string folder, Action<string> fill)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireOurs(target);
        string work = $"{target}.{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(work);
            fill(work);
            File.WriteAllText(Path.Combine(work, Marker), "Written by AccelSim, which replaces this folder when asked to write here again.\n");
            Replace(target, work);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Refuses a folder that is not ours, before the work that would be lost.</summary>
    /// <exception cref="RtlException">It is a file, or holds something else.</exception>
    public static void RequireOurs(string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target))
            throw new RtlException($"'{target}' is a file: name a folder.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, Marker)))
            throw new RtlException($"The folder '{target}' holds something that was not generated here (it has no {Marker}): name another, or empty it.");
    }

    private static void Replace(string target, string work)
    {
        string? old = null;
        if (Directory.Exists(target))
        {
            old = $"{target}.{Guid.NewGuid():n}";
            Directory.Move(target, old);
        }
        Directory.Move(work, target);
        if (old is not null)
            Directory.Delete(old, recursive: true);
    }
}
