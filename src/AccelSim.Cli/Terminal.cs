using AccelSim.Graph;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>Exit codes, errors and progress, the same for every command.</summary>
internal static class Terminal
{
    /// <summary>Everything asked for ran and agreed.</summary>
    public const int Success = 0;

    /// <summary>Backends disagreed, or a test failed.</summary>
    public const int Mismatch = 1;

    /// <summary>The request was wrong: an unknown name, a bad file, an option out of range.</summary>
    public const int BadRequest = 2;

    /// <summary>A tool or device that was asked for is missing.</summary>
    public const int MissingTool = 3;

    /// <summary>Interrupted, as a shell reports Ctrl-C.</summary>
    public const int Interrupted = 130;

    private static readonly IAnsiConsole Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Runs a command; an expected error becomes one line on stderr and an exit code.</summary>
    public static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (OperationCanceledException)
        {
            Errors.MarkupLine("[yellow]interrupted; nothing was left half-written[/]");
            return Interrupted;
        }
        catch (GraphException error)
        {
            Errors.MarkupLineInterpolated($"[red]error:[/] {error.Message}");
            return BadRequest;
        }
    }

    /// <summary>Shows one progress bar on stderr while work goes on; nothing where stderr is not a terminal.</summary>
    public static T WithProgress<T>(string description, Func<ProgressTask, T> work) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
        .Progress()
        .AutoClear(true)
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context => work(context.AddTask(description)));
}
