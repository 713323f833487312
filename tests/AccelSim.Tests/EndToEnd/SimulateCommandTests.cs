using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

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

    [Fact]
    public void A_network_is_simulated_to_a_table_json_csv_and_a_trace()
    {
        var (code, output, error) = Run("simulate", "mobilenet_v2", "--hw", "edge_tpu", "--json", "r.json", "--csv", "r.csv", "--trace", "t.json");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "r.json")));
        var layers = json.RootElement.GetProperty("layers").EnumerateArray().ToList();
        // Every layer stands in the table with its cycles, whatever the width.
        foreach (var layer in layers)
        {
            string line = Assert.Single(output.Split('\n'), line => line.Contains($" {layer.GetProperty("name").GetString()} ", StringComparison.Ordinal) && line.Contains('×', StringComparison.Ordinal));
            Assert.Contains(layer.GetProperty("cycles").GetInt64().ToString("N0", CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        }
        Assert.Contains("What would help most", output, StringComparison.Ordinal);
        Assert.Contains("all figures modelled", output, StringComparison.Ordinal);
        foreach (var hint in json.RootElement.GetProperty("hints").EnumerateArray())
            Assert.Contains(hint.GetProperty("text").GetString()!, output, StringComparison.Ordinal);
        Assert.Equal(layers.Count + 1, File.ReadLines(Path.Combine(_folder.FullName, "r.csv")).Count());
        using var trace = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "t.json")));
        Assert.NotEmpty(trace.RootElement.GetProperty("traceEvents").EnumerateArray());
        Assert.Equal(["r.csv", "r.json", "t.json"], Directory.GetFiles(_folder.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_dash_leaves_stdout_to_the_json_alone()
    {
        var (code, output, error) = Run("simulate", "lenet5", "--hw", "zcu102", "--array", "16x8", "--dataflow", "os", "--json", "-");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("16×8 output-stationary", json.RootElement.GetProperty("engine").GetString());
        Assert.Contains("an array of 16×8 as asked; the largest that fits is 80×48 weight-stationary; it uses 80 of 2,520 DSP slices", json.RootElement.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_layer_is_shown_in_depth()
    {
        var (code, output, error) = Run("simulate", "mobilenet_v1", "--hw", "generic_32x32", "--layer", "block2/depthwise");
        Assert.True(code == 0, error);
        Assert.Contains("depthwise", output, StringComparison.Ordinal);
        Assert.Contains("other ways to map it", output, StringComparison.Ordinal);
        Assert.Contains("output-stationary, groups side by side", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulate", 2, "There is no network to simulate")]
    [InlineData("simulate lenet5", 2, "--hw is missing: name a platform")]
    [InlineData("simulate lenet5 --hw h100", 2, "h100 is a gpu, which has no array to simulate: choose an ASIC or an FPGA (accelsim hw lists them), or predict it with: accelsim compare NETWORK --on h100")]
    [InlineData("simulate lenet5 --hw tpu_v1 --array 16", 2, "The array '16' must be rows and columns, such as 32x64.")]
    [InlineData("simulate lenet5 --hw tpu_v1 --array 0x16", 2, "rows 0; allowed: 1 to 4096")]
    [InlineData("simulate lenet5 --hw tpu_v1 --sparsity half", 2, "The sparsity 'half' must be kept and of how many, such as 2:4.")]
    [InlineData("simulate lenet5 --hw tpu_v1 --arrays 0", 2, "arrays 0; allowed: 1 to 1024")]
    [InlineData("simulate lenet5 --hw zcu102 --array 512x512", 2, "An array of 512×512 does not fit 'zcu102': too few DSP slices")]
    [InlineData("simulate lenet5 --hw zcu102 --arrays 2", 2, "zcu102 is an FPGA, whose use by several arrays or by sparse weights is not modelled")]
    [InlineData("simulate lenet5 --hw eyeriss_v1 --dataflow os", 2, "eyeriss_v1 is no systolic array, so it has no dataflow")]
    [InlineData("simulate lenet5 --hw tpu_v1 --dataflow rs", 2, "Argument 'rs' not recognized.")]
    [InlineData("simulate lenet5 --hw tpu_v1 --layer 99", 2, "as it is simulated, but not 99")]
    [InlineData("simulate lenet5 --hw tpu_v1 --json - --csv -", 2, "Only one of --json, --csv and --trace can write to stdout")]
    [InlineData("simulate lenet5 --hw tpu_v1 --trace /nowhere/t.json", 2, "/nowhere/t.json cannot be written: there is no folder /nowhere.")]
    [InlineData("simulate lenet5 --scale-topology t.csv", 2, "leave the network 'lenet5' out")]
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
