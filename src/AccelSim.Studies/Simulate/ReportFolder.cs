using AccelSim.Graph;

namespace AccelSim.Studies.Simulate;

/// <summary>A folder of reports that is written complete or not at all, and only where nothing of somebody else's is lost.</summary>
public static class ReportFolder
{
    /// <summary>The file that tells our folders from others.</summary>
    public const string Marker = ".accelsim-reports";

    /// <summary>Refuses a folder that holds something else, before the work.</summary>
    /// <exception cref="GraphException">It is a file, or a folder that is not ours.</exception>
    public static void RequireOurs(string folder)
    {
        if (File.Exists(folder))
            throw new GraphException($"'{folder}' is a file: name a folder for the reports.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, Marker)))
            throw new GraphException($"The folder '{folder}' holds something that was not written here (it has no {Marker}): name another, or empty it.");
    }

    /// <summary>Writes the files beside the folder and puts them in its place.</summary>
    /// <exception cref="GraphException">The folder holds something else.</exception>
    /// <exception cref="IOException">The disk is full or the place cannot be written; what was there is still there.</exception>
    public static void Write(string folder, IEnumerable<(string Name, string Text)> files)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireOurs(target);
        if (Path.GetDirectoryName(target) is { } parent && !Directory.Exists(parent))
            throw new DirectoryNotFoundException($"{folder} cannot be written: there is no folder {parent}.");
        string work = $"{target}.{Guid.NewGuid():n}", old = $"{target}.{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(work);
            foreach ((string name, string text) in files)
                File.WriteAllText(Path.Combine(work, name), text);
            File.WriteAllText(Path.Combine(work, Marker), "Written by AccelSim, which replaces this folder when asked to write here again.\n");
            if (Directory.Exists(target))
                Directory.Move(target, old);
            Directory.Move(work, target);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
            if (Directory.Exists(old))
            {
                if (Directory.Exists(target))
                    Directory.Delete(old, recursive: true);
                else
                    Directory.Move(old, target);
            }
        }
    }
}
