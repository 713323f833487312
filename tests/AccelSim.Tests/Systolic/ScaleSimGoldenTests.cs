using System.Globalization;
using AccelSim.Models.ScaleSim;
using AccelSim.Studies.Simulate;
using AccelSim.Systolic.ScaleSim;

namespace AccelSim.Tests.Systolic;

/// <summary>The adapter against what SCALE-Sim really wrote.</summary>
public sealed class ScaleSimGoldenTests
{
    private const double Relative = 1e-9;

    private static string Folder => SharedData.Require("scalesim");

    public static TheoryData<string, string> Runs(string mode)
    {
        var data = new TheoryData<string, string>();
        foreach (string[] run in File.ReadLines(Path.Combine(Folder, "manifest.csv")).Skip(1).Select(line => line.Split(',')).Where(run => run[6] == mode))
            data.Add(run[0], run[1]);
        return data;
    }

    /// <summary>Nothing waits: every number of every report is that tool's.</summary>
    [Theory]
    [MemberData(nameof(Runs), "CALC")]
    public void A_run_without_limits_is_equal_in_every_column(string topology, string configuration)
    {
        foreach ((string name, string text) in ScaleSimReports.Of(Count(topology, configuration).Reports))
            RequireEqual(Path.Combine(Folder, "runs", topology, configuration, name), text, _ => true);
    }

    /// <summary>Stalls are our own; what does not depend on them is that tool's.</summary>
    [Theory]
    [MemberData(nameof(Runs), "USER")]
    public void A_run_with_limits_is_equal_but_for_what_waits(string topology, string configuration)
    {
        var study = Count(topology, configuration);
        foreach ((string name, string text) in ScaleSimReports.Of(study.Reports))
        {
            RequireEqual(Path.Combine(Folder, "runs", topology, configuration, name), text, column =>
                column is "LayerID" or "Mapping Efficiency %" or "Compute Util %,"
                || (column.StartsWith("SRAM", StringComparison.Ordinal) && column.TrimEnd(',').Split(' ')[^1] is "Reads" or "Writes" or "Writes,"));
        }
        string[][] golden = [.. File.ReadLines(Path.Combine(Folder, "runs", topology, configuration, "COMPUTE_REPORT.csv")).Skip(1).Select(line => line.Split(", "))];
        Assert.Equal(golden.Select(row => long.Parse(row[1], CultureInfo.InvariantCulture) - long.Parse(row[2], CultureInfo.InvariantCulture)),
            study.Reports.Select(report => report.TotalCycles - report.StallCycles));
        // A prefetch in the order of the demand never waits longer than one in another order.
        Assert.True(study.Reports.Sum(report => report.StallCycles) <= golden.Sum(row => long.Parse(row[2], CultureInfo.InvariantCulture)));
    }

    public static TheoryData<string, string> ComputeOnly()
    {
        var data = new TheoryData<string, string>();
        foreach (string file in Directory.GetFiles(Path.Combine(Folder, "compute_only"), "*.csv", SearchOption.AllDirectories))
            data.Add(Path.GetFileName(Path.GetDirectoryName(file))!, Path.GetFileNameWithoutExtension(file));
        return data;
    }

    [Theory]
    [MemberData(nameof(ComputeOnly))]
    public void Large_networks_are_equal_in_what_was_counted_of_them(string topology, string configuration)
    {
        var study = Count(topology, configuration);
        string[][] golden = [.. File.ReadLines(Path.Combine(Folder, "compute_only", topology, $"{configuration}.csv")).Select(line => line.Split(", "))];
        Assert.Equal("LayerID, Layer Name, Stall-free Total Cycles, Overall Util %, Mapping Efficiency %, Compute Util %, SRAM IFMAP Reads, SRAM Filter Reads, SRAM OFMAP Writes, Repeat,", string.Join(", ", golden[0]));
        Assert.Equal(golden.Length - 1, study.Reports.Count);
        foreach (var (row, report) in golden.Skip(1).Zip(study.Reports))
        {
            string[] ours =
            [
                Text(report.TotalCycles), Text(report.OverallUtilization), Text(report.MappingEfficiency), Text(report.ComputeUtilization),
                Text(report.SramInputs.Count), Text(report.SramFilters.Count), Text(report.SramOutputs.Count),
            ];
            Assert.All(row[2..9].Zip(ours), pair => Assert.True(IsNear(pair.First, pair.Second), $"{row[1]}: {pair.First} there, {pair.Second} here"));
        }

        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture) is var text && value is double && !text.Contains('.', StringComparison.Ordinal) ? $"{text}.0" : text;
    }

    [Fact]
    public void Every_run_of_the_manifest_is_compared() =>
        Assert.Equal(File.ReadLines(Path.Combine(Folder, "manifest.csv")).Count() - 1, Runs("CALC").Count + Runs("USER").Count);

    internal static ScaleSimStudy Count(string topology, string configuration) => ScaleSimStudy.Run(
        Path.Combine(Folder, "topologies", $"{topology}.csv"), Path.Combine(Folder, "configs", $"{configuration}.cfg"),
        topology == "gemm" ? ScaleSimForm.Gemm : ScaleSimForm.Convolution, cancellation: TestContext.Current.CancellationToken);

    private static void RequireEqual(string goldenFile, string text, Func<string, bool> isCompared)
    {
        string[] golden = File.ReadAllLines(goldenFile), ours = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(golden[0], ours[0]);
        Assert.Equal(golden.Length, ours.Length);
        string[] columns = golden[0].Split(", ");
        for (int row = 1; row < golden.Length; row++)
        {
            string[] expected = golden[row].Split(", "), actual = ours[row].Split(", ");
            Assert.Equal(expected.Length, actual.Length);
            for (int column = 0; column < expected.Length; column++)
            {
                if (isCompared(columns[column]) && expected[column] != actual[column])
                    Assert.True(IsNear(expected[column], actual[column]), $"{goldenFile}, layer {row - 1}, {columns[column]}: {expected[column]} there, {actual[column]} here");
            }
        }
    }

    // Whole numbers are equal as text, or not at all.
    private static bool IsNear(string expected, string actual)
    {
        (string a, string b) = (expected.TrimEnd(','), actual.TrimEnd(','));
        if (!a.Contains('.', StringComparison.Ordinal) || a.EndsWith(".0", StringComparison.Ordinal))
            return a == b;
        double want = double.Parse(a, CultureInfo.InvariantCulture), have = double.Parse(b, CultureInfo.InvariantCulture);
        return Math.Abs(want - have) <= Relative * Math.Abs(want);
    }
}
