using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Simulation;

/// <summary>
/// Icarus Verilog: a tenth of a second to build, thousands of cycles a second, and four-valued, so that a value that was never set
/// shows as X. For small blocks. Nothing is cached.
/// </summary>
/// <param name="folder">Where to put what is built; the caller removes it.</param>
public sealed class IcarusSimulator(string folder) : ISimulator
{
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RunTimeout = TimeSpan.FromMinutes(5);

    public string Name => "icarus";

    public async Task<BuiltSimulation> BuildAsync(IReadOnlyList<SourceFile> sources, CancellationToken cancellation = default)
    {
        string work = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("n"))).FullName;
        foreach (var source in sources)
            await File.WriteAllTextAsync(Path.Combine(work, source.Name), source.Text, cancellation).ConfigureAwait(false);
        await ExternalTool.Icarus.RequireSuccessAsync(
            ["-g2012", "-s", sources[^1].Module, "-o", "simulation.vvp", .. sources.Select(source => source.Name)],
            work, BuildTimeout, null, cancellation).ConfigureAwait(false);
        return new BuiltSimulation(Path.Combine(work, "simulation.vvp"), false);
    }

    public Task<ToolResult> RunAsync(
        BuiltSimulation simulation, string folder, IReadOnlyList<string> plusArguments, CancellationToken cancellation = default) =>
        ExternalTool.Vvp.RunAsync(["-n", simulation.Program, .. plusArguments], folder, RunTimeout, null, cancellation);
}
