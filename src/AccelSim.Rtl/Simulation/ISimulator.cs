using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Simulation;

/// <summary>A built simulation.</summary>
/// <param name="Program">The file to run.</param>
/// <param name="FromCache">Whether it had been built before.</param>
public sealed record BuiltSimulation(string Program, bool FromCache);

/// <summary>A Verilog simulator.</summary>
public interface ISimulator
{
    string Name { get; }

    /// <summary>Compiles sources, the last of which is the testbench.</summary>
    /// <exception cref="MissingToolException">A program that it needs is not installed.</exception>
    /// <exception cref="ToolFailedException">The sources do not compile.</exception>
    Task<BuiltSimulation> BuildAsync(IReadOnlyList<SourceFile> sources, CancellationToken cancellation = default);

    /// <summary>Runs a simulation in a folder that has its memory images and vectors.</summary>
    /// <param name="plusArguments">Such as <c>+seed=7</c>.</param>
    /// <exception cref="ToolFailedException">It took too long.</exception>
    Task<ToolResult> RunAsync(BuiltSimulation simulation, string folder, IReadOnlyList<string> plusArguments, CancellationToken cancellation = default);
}
