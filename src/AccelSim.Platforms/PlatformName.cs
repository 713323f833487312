namespace AccelSim.Platforms;

/// <summary>Names of platforms: case does not matter, and <c>-</c> and <c>_</c> are one character.</summary>
internal static class PlatformName
{
    public static string Normal(string name) => name.Replace('_', '-').ToLowerInvariant();

    public static bool Same(string a, string b) => Normal(a) == Normal(b);
}
