using System.Diagnostics;
using System.Text;

namespace AccelSim.Rtl.Simulation;

/// <summary>What a program left: its exit code and what it printed on each stream.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error);

/// <summary>A program of the open hardware flow that is installed beside us, such as Verilator.</summary>
/// <param name="name">The program's name on PATH.</param>
/// <param name="package">The Debian package that carries it.</param>
public sealed class ExternalTool(string name, string package)
{
    public static ExternalTool Verilator { get; } = new("verilator", "verilator");

    public static ExternalTool Icarus { get; } = new("iverilog", "iverilog");

    /// <summary>Icarus Verilog's runtime.</summary>
    public static ExternalTool Vvp { get; } = new("vvp", "iverilog");

    public static ExternalTool Yosys { get; } = new("yosys", "yosys");

    public static ExternalTool Make { get; } = new("make", "make");

    public static ExternalTool CppCompiler { get; } = new("g++", "g++");

    public static ExternalTool Clang { get; } = new("clang++", "clang");

    /// <summary>The compiler cache; nice to have, never needed.</summary>
    public static ExternalTool CompilerCache { get; } = new("ccache", "ccache");

    public string Name { get; } = name;

    /// <summary>The Debian package that carries it.</summary>
    public string Package { get; } = package;

    public bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, Name)));

    /// <exception cref="MissingToolException">It is not on PATH.</exception>
    public void Require()
    {
        if (!IsInstalled)
            throw new MissingToolException(Name, Package);
    }

    /// <summary>Runs it to its end, whatever its exit code. On timeout or cancellation the whole process tree is killed.</summary>
    /// <param name="arguments">Passed as they are; no shell is involved.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="environment">Variables to set besides ours.</param>
    /// <exception cref="MissingToolException">It is not on PATH.</exception>
    /// <exception cref="ToolFailedException">It took longer than <paramref name="timeout"/>.</exception>
    public async Task<ToolResult> RunAsync(
        IReadOnlyList<string> arguments,
        string folder,
        TimeSpan timeout,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellation = default)
    {
        Require();
        return await RunProcessAsync(Name, arguments, folder, timeout, environment, cancellation).ConfigureAwait(false);
    }

    /// <summary>Like <see cref="RunAsync"/>, and a non-zero exit code is an error that quotes the end of what it printed.</summary>
    /// <exception cref="MissingToolException">It is not on PATH.</exception>
    /// <exception cref="ToolFailedException">It failed or took too long.</exception>
    public async Task<ToolResult> RequireSuccessAsync(
        IReadOnlyList<string> arguments,
        string folder,
        TimeSpan timeout,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellation = default)
    {
        var result = await RunAsync(arguments, folder, timeout, environment, cancellation).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            string printed = result.Error + result.Output;
            throw new ToolFailedException($"'{Name}' failed with exit code {result.ExitCode} in {folder}: {Tail(printed)}", printed);
        }
        return result;
    }

    /// <summary>Runs a program given by its path, such as a simulation that was built.</summary>
    /// <exception cref="ToolFailedException">It took longer than <paramref name="timeout"/>.</exception>
    internal static async Task<ToolResult> RunProcessAsync(
        string program,
        IReadOnlyList<string> arguments,
        string folder,
        TimeSpan timeout,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        using var process = Process.Start(start) ?? throw new RtlException($"'{program}' did not start.");
        process.StandardInput.Close();
        // Both streams are read at once: a full pipe would block the program.
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            string printed = await error.ConfigureAwait(false) + await output.ConfigureAwait(false);
            throw new ToolFailedException($"'{Path.GetFileName(program)}' took longer than {timeout.TotalSeconds:0} s in {folder} and was stopped: {Tail(printed)}", printed);
        }
        return new ToolResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }

    private static string Tail(string text)
    {
        const int longest = 2000;
        string trimmed = text.Trim();
        return trimmed.Length == 0 ? "it printed nothing" : trimmed.Length <= longest ? trimmed : "… " + trimmed[^longest..];
    }
}
