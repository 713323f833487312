using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

public sealed class ExternalToolTests : IDisposable
{
    private static readonly ExternalTool Shell = new("sh", "dash");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_tool_names_its_package()
    {
        var error = await Assert.ThrowsAsync<MissingToolException>(() => new ExternalTool("verilatör", "verilator").RunAsync([], _folder.Path, Patience, null, Cancellation));
        Assert.Equal("'verilatör' is not installed: apt-get install -y --no-install-recommends verilator", error.Message);
        Assert.Equal("verilator", error.Package);
    }

    [Fact]
    public async Task Both_streams_are_read_however_much_is_printed()
    {
        var result = await Shell.RunAsync(["-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; exit 3"], _folder.Path, Patience, null, Cancellation);
        Assert.Equal((3, 1_000_000, 1_000_000), (result.ExitCode, result.Output.Length, result.Error.Length));
    }

    [Fact]
    public async Task A_failure_quotes_what_the_tool_said()
    {
        var error = await Assert.ThrowsAsync<ToolFailedException>(() => Shell.RequireSuccessAsync(["-c", "echo no such net >&2; exit 2"], _folder.Path, Patience, null, Cancellation));
        Assert.Equal($"'sh' failed with exit code 2 in {_folder.Path}: no such net", error.Message);
    }

    [Fact]
    public async Task Too_long_a_run_is_stopped_with_its_children()
    {
        var error = await Assert.ThrowsAsync<ToolFailedException>(() =>
            Shell.RunAsync(["-c", "sleep 600 & echo $! > child; wait"], _folder.Path, TimeSpan.FromSeconds(1), null, Cancellation));
        Assert.Contains("took longer than 1 s", error.Message);
        await Gone(await File.ReadAllTextAsync(_folder["child"], Cancellation));
    }

    [Fact]
    public async Task Cancellation_stops_the_run_with_its_children()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = Shell.RunAsync(["-c", "sleep 600 & echo $! > child.tmp; mv child.tmp child; wait"], _folder.Path, Patience, null, source.Token);
        while (!File.Exists(_folder["child"]))
            await Task.Delay(10, Cancellation);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Gone(await File.ReadAllTextAsync(_folder["child"], Cancellation));
    }

    /// <summary>Waits until a process that was sent a kill has died: gone, or a zombie until init reaps it.</summary>
    private static async Task Gone(string pid)
    {
        string status = Path.Combine("/proc", pid.Trim(), "status");
        while (File.Exists(status))
        {
            try
            {
                if ((await File.ReadAllTextAsync(status, Cancellation)).Contains("State:\tZ", StringComparison.Ordinal))
                    return;
            }
            catch (IOException)
            {
                return;   // It went between the look and the read.
            }
            await Task.Delay(10, Cancellation);
        }
    }
}
