using System.Diagnostics;

namespace AccelSim.Tests.EndToEnd;

/// <summary><c>accelsim simulate</c> as a user starts it.</summary>
public sealed class SimulateCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("accelsim-simulate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("calc_16x32_os")]
    [InlineData("user_bw8_sram16kB_16x32_ws")]
    public void The_files_of_scale_sim_become_its_reports(string configuration)
    {
        string data = SharedData.Require("scalesim");
        var (code, output, error) = Run(
            "simulate", "--scale-topology", Path.Combine(data, "topologies", "lenet5.csv"), "--scale-config", Path.Combine(data, "configs", $"{configuration}.cfg"),
            "--scale-input", "conv", "--out", "reports");
        Assert.True(code == 0, error);
        Assert.Contains("conv1", output, StringComparison.Ordinal);
        Assert.Equal(configuration.StartsWith("user", StringComparison.Ordinal), output.Contains("stalls are AccelSim's own", StringComparison.Ordinal));
        string golden = Path.Combine(data, "runs", "lenet5", configuration);
        if (configuration.StartsWith("calc", StringComparison.Ordinal))
            Assert.All(Directory.GetFiles(golden), file => Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(_folder.FullName, "reports", Path.GetFileName(file)))));
    }

    [Theory]
    [InlineData("simulate --scale-topology t.csv --out x", 2, "--scale-config is missing")]
    [InlineData("simulate --scale-topology t.csv --scale-config c.cfg", 2, "--out is missing")]
    [InlineData("simulate --scale-topology t.csv --scale-config c.cfg --out x", 2, "The configuration c.cfg cannot be read")]
    [InlineData("simulate --scale-topology t.csv --scale-config c.cfg --out /", 2, "The folder '/' holds something that was not written here")]
    [InlineData("simulate --scale-topology t.csv --scale-config c.cfg --scale-input matrix --out x", 2, "Argument 'matrix' not recognized.")]
    public void A_wrong_request_is_one_message_and_an_exit_code(string arguments, int exitCode, string message)
    {
        var (code, output, error) = Run(arguments.Split(' '));
        Assert.Equal(exitCode, code);
        Assert.Contains(message, error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("   at AccelSim", output + error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "AccelSim.Cli"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)));
        return (process.ExitCode, output, error.Result);
    }
}
