namespace AccelSim.Tests;

/// <summary>Something outside the repository that a test cannot do without: missing, it skips the test, visibly, and fails it under CI=true.</summary>
internal static class Missing
{
    public static void SkipOrFail(string reason)
    {
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }
}
