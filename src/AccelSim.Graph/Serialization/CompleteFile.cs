namespace AccelSim.Graph.Serialization;

/// <summary>Files that are written complete or not at all: under another name beside the path, then renamed.</summary>
public static class CompleteFile
{
    public static void Write(string path, string text) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream);
        writer.Write(text);
    });

    /// <exception cref="IOException">The folder is missing or full; what was at the path is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string partial = path + ".partial";
        try
        {
            using (var stream = File.Create(partial))
                write(stream);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
