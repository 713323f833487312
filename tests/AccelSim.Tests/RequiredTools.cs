using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests;

/// <summary>Skips a test, visibly, where a tool is missing; never under CI=true, where the test then fails.</summary>
internal static class RequiredTools
{
    public static void Require(params ReadOnlySpan<ExternalTool> tools)
    {
        foreach (var tool in tools)
        {
            if (!tool.IsInstalled)
                Missing.SkipOrFail($"'{tool.Name}' is not installed (Debian package {tool.Package})");
        }
    }

    public static void RequireVerilator() => Require(ExternalTool.Verilator, ExternalTool.Make, ExternalTool.CppCompiler);

    public static void RequireIcarus() => Require(ExternalTool.Icarus, ExternalTool.Vvp);
}
