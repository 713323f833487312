namespace AccelSim.Gpu;

/// <summary>Where what was compiled and measured is kept from one run to the next.</summary>
internal static class CacheFolder
{
    /// <summary><c>$ACCELSIM_CACHE</c>, else <c>~/.cache/accelsim</c>; without a home, a folder for temporary files.</summary>
    public static string Of(Func<string, string?> environment) => Path.GetFullPath(environment("ACCELSIM_CACHE") is { Length: > 0 } given
        ? given
        : Path.Combine(environment("HOME") is { Length: > 0 } home ? home : Path.GetTempPath(), ".cache", "accelsim"));
}
