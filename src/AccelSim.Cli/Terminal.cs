using System.Text.Json;
using System.Text.Json.Serialization;
using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Platforms;
using AccelSim.Rtl;
using AccelSim.Studies;
using AccelSim.Studies.Validate;
using AccelSim.Systolic;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>Exit codes, errors, progress and JSON, the same for every command.</summary>
internal static class Terminal
{
    /// <summary>Everything asked for ran and agreed.</summary>
    public const int Success = 0;

    /// <summary>Backends disagreed.</summary>
    public const int Mismatch = 1;

    /// <summary>The request was wrong: an unknown name, a bad file, an option out of range.</summary>
    public const int BadRequest = 2;

    /// <summary>A tool or device that was asked for is missing or failed.</summary>
    public const int MissingTool = 3;

    /// <summary>A defect of AccelSim itself (EX_SOFTWARE of sysexits.h), so that a crash is never read as a mismatch.</summary>
    public const int Defect = 70;

    /// <summary>Interrupted, as a shell reports Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>Columns of a table when the output is a file or a pipe.</summary>
    private const int FileWidth = 200;

    private static readonly JsonSerializerOptions JsonStyle = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static IAnsiConsole Output { get; } = Console(System.Console.Out, System.Console.IsOutputRedirected);

    private static IAnsiConsole Errors { get; } = Console(System.Console.Error, System.Console.IsErrorRedirected);

    /// <summary>Runs a command; an expected error becomes one message on stderr and an exit code.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            return Fail(Interrupted, "interrupted; nothing was left half-written");
        }
        catch (Exception error) when (error is MissingToolException or ToolFailedException or GpuException)
        {
            return Fail(MissingTool, error.Message);
        }
        catch (Exception error) when (error is GraphException or RtlException or PlatformFileException or UnknownPlatformException
            or ArrayConfigurationException or PublishedDataException or DirectoryNotFoundException or UnauthorizedAccessException or IOException)
        {
            return Fail(BadRequest, error.Message);
        }
    }

    public static Task<int> Run(Func<int> command) => RunAsync(() => Task.FromResult(command()));

    /// <summary>Shows a bar a task on stderr while work goes on; where stderr is not a terminal, a line when a task ends.</summary>
    public static Task<T> WithProgressAsync<T>(Func<IProgress<StudyProgress>, Task<T>> work) => System.Console.IsErrorRedirected
        ? work(new ProgressLines(System.Console.Error))
        : Errors.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(context => work(new ProgressBars(context)));

    /// <summary>Refuses a file to write whose folder is missing, before the work that would be lost.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static void RequireFolderOf(string? path)
    {
        if (path is not (null or "-") && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{path} cannot be written: there is no folder {folder}.");
    }

    /// <summary>Writes a result as JSON to a file, complete or not at all, or to stdout for <c>-</c>.</summary>
    public static void WriteJson<T>(string path, T value)
    {
        WriteText(path, JsonSerializer.Serialize(value, JsonStyle) + "\n");
    }

    /// <summary>Writes text to a file, complete or not at all, or to stdout for <c>-</c>.</summary>
    public static void WriteText(string path, string text)
    {
        if (path == "-")
            System.Console.Out.Write(text);
        else
            CompleteFile.Write(path, text);
    }

    /// <summary>Says on stderr what was done, so that stdout stays what was asked for.</summary>
    public static void Note(string message) => System.Console.Error.WriteLine(message);

    private static int Fail(int code, string message)
    {
        Errors.MarkupLineInterpolated($"[red]error:[/] {message}");
        return code;
    }

    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected)
            console.Profile.Width = FileWidth;
        return console;
    }

    private sealed class ProgressBars(ProgressContext context) : IProgress<StudyProgress>
    {
        private readonly Dictionary<string, ProgressTask> _bars = [];

        public void Report(StudyProgress value)
        {
            lock (_bars)
            {
                if (!_bars.TryGetValue(value.Task, out var bar))
                    _bars[value.Task] = bar = context.AddTask(Markup.Escape(value.Task));
                bar.MaxValue = value.Total;
                bar.Value = value.Done;
                if (value.Detail is { } detail)
                    bar.Description = Markup.Escape($"{value.Task}: {detail}");
            }
        }
    }

    private sealed class ProgressLines(TextWriter writer) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (value.Done >= value.Total)
                writer.WriteLine($"{value.Task}: done{(value.Detail is { } detail ? $", {detail}" : "")}");
        }
    }
}
