using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Simulation;

/// <summary>Verilator: seconds to build, millions of cycles a second. Builds are kept in a cache.</summary>
/// <param name="cache">Where.</param>
/// <param name="patience">How long a build may take, and how long a run; ten minutes by default, which is not enough for a whole network of real size.</param>
public sealed class VerilatorSimulator(SimulationCache cache, TimeSpan? patience = null) : ISimulator
{
    private const string Program = "simulation";

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(10);
    private readonly Lazy<Task<string>> _version = new(VersionAsync);

    public string Name => "verilator";

    /// <summary>Arguments that decide what is built; sources follow.</summary>
    private static IReadOnlyList<string> Arguments { get; } =
    [
        "--binary", "--timing", "-j", "1",
        // Uninitialized values are random (but the same in each run): a register that should have been reset shows.
        "--x-assign", "unique", "--x-initial", "unique",
        // Loops over lanes become straight code.
        "--unroll-count", "4096", "--unroll-stmts", "100000",
        // A third less to compile than the default -Os, and no slower to run.
        "-MAKEFLAGS", "OPT_FAST=-O1",
        "-Mdir", "obj", "-o", Program,
    ];

    public async Task<BuiltSimulation> BuildAsync(IReadOnlyList<SourceFile> sources, CancellationToken cancellation = default)
    {
        ExternalTool.Make.Require();
        ExternalTool.CppCompiler.Require();
        string version = await _version.Value.ConfigureAwait(false);
        var (folder, found) = await cache.GetAsync(
            SimulationCache.KeyOf(version, [.. Arguments, .. Top(sources)], sources), (work, token) => BuildInAsync(work, sources, token), cancellation).ConfigureAwait(false);
        return new BuiltSimulation(Path.Combine(folder, Program), found);
    }

    public Task<ToolResult> RunAsync(
        BuiltSimulation simulation, string folder, IReadOnlyList<string> plusArguments, CancellationToken cancellation = default) =>
        ExternalTool.RunProcessAsync(simulation.Program, ["+verilator+rand+reset+2", "+verilator+seed+1", .. plusArguments], folder, _patience, null, cancellation);

    private async Task BuildInAsync(string work, IReadOnlyList<SourceFile> sources, CancellationToken cancellation)
    {
        foreach (var source in sources)
            await File.WriteAllTextAsync(Path.Combine(work, source.Name), source.Text, cancellation).ConfigureAwait(false);
        var environment = new Dictionary<string, string>();
        if (ExternalTool.CompilerCache.IsInstalled)
            environment["OBJCACHE"] = ExternalTool.CompilerCache.Name;
        await ExternalTool.Verilator.RequireSuccessAsync(
            [.. Arguments, .. Top(sources), .. sources.Select(source => source.Name)], work, _patience, environment, cancellation).ConfigureAwait(false);
        File.Move(Path.Combine(work, "obj", Program), Path.Combine(work, Program));
        Directory.Delete(Path.Combine(work, "obj"), recursive: true);
    }

    private static string[] Top(IReadOnlyList<SourceFile> sources) => ["--top-module", sources[^1].Module];

    private static async Task<string> VersionAsync() =>
        (await ExternalTool.Verilator.RequireSuccessAsync(["--version"], Path.GetTempPath(), TimeSpan.FromSeconds(30)).ConfigureAwait(false)).Output;
}
