namespace AccelSim.Tests;

/// <summary>The folder of published figures and golden data beside the repository (<c>../shared/data</c>), read in place.</summary>
internal static class SharedData
{
    public static string RepositoryRoot { get; } = FindRepository();

    /// <summary>The full path of a file there. Skips the test, visibly, where the folder is missing; never under CI=true.</summary>
    public static string Require(string name)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data", name));
        if (!Path.Exists(path))
            Missing.SkipOrFail($"{path} is missing");
        return path;
    }

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "AccelSim.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("AccelSim.sln is not above the test's folder");
    }
}
