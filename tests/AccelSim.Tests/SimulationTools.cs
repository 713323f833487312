using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests;

/// <summary>Tools from Debian that a test cannot do without: missing ones skip it, visibly, and fail it under CI=true.</summary>
internal static class SimulationTools
{
    public static void Require(params ExternalTool[] others)
    {
        foreach (var tool in (ExternalTool[])[ExternalTool.Verilator, ExternalTool.Make, ExternalTool.CppCompiler, .. others])
        {
            if (!tool.IsInstalled && Environment.GetEnvironmentVariable("CI") != "true")
                Assert.Skip($"{tool.Name} is missing (Debian package {tool.Package})");
            tool.Require();
        }
    }
}
