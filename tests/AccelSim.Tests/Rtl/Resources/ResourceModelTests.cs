using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Rtl;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Resources;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl.Resources;

/// <summary>
/// The resource model against what Yosys 0.23 made of fifty random blocks, as recorded in yosys-0.23-blocks.csv. With ACCELSIM_RESOURCE_SWEEP set to a folder,
/// the blocks are synthesized again there and the file is written anew (40 minutes of processor time).
/// </summary>
public sealed partial class ResourceModelTests(ITestOutputHelper output) : IDisposable
{
    private const string SweepVariable = "ACCELSIM_RESOURCE_SWEEP";

    private static readonly string Recorded = Path.Combine(SharedData.RepositoryRoot, "tests", "AccelSim.Tests", "Rtl", "Resources", "yosys-0.23-blocks.csv");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>DSP slices and block RAM equal; the errors of the rest are within what docs/rtl-resources.md states.</summary>
    [Theory]
    [InlineData(FabricFamily.UltraScalePlus, 0.10)]
    [InlineData(FabricFamily.Series7, 0.10)]
    [InlineData(FabricFamily.Ecp5, 0.10)]
    [InlineData(FabricFamily.Ice40, 0.10)]
    public void Fifty_random_blocks_take_what_is_predicted(FabricFamily family, double worst)
    {
        var rows = Read().Where(row => row.Family == family).ToList();
        Assert.True(rows.Count >= 20, $"{rows.Count} rows of {family}");
        var lutErrors = new List<double>();
        var registerErrors = new List<double>();
        foreach (var row in rows)
        {
            var (sample, design) = Block(row.Number);
            var predicted = BlockFolder.FabricsOf(sample.Block, design)[family];
            string place = $"block {row.Number}, {design.Shape}, {design.Folding}, {family}: predicted {predicted}, synthesized {row.Synthesized}";
            Assert.True(predicted.Dsps == row.Synthesized.Dsps && predicted.BlockRams == row.Synthesized.BlockRams, place);
            lutErrors.Add(predicted.Luts / row.Synthesized.Luts - 1);
            registerErrors.Add(predicted.Registers / row.Synthesized.Registers - 1);
        }
        string report = $"{family}: {rows.Count} blocks, DSP and block RAM exact, LUT {Text(lutErrors)}, registers {Text(registerErrors)}";
        output.WriteLine(report);
        Assert.True(lutErrors.Concat(registerErrors).Max(Math.Abs) <= worst, report);

        static string Text(List<double> errors) => string.Create(CultureInfo.InvariantCulture,
            $"median {errors.Select(Math.Abs).Order().ElementAt(errors.Count / 2):P1}, worst {errors.MaxBy(Math.Abs):P1}, mean {errors.Average():P1}");
    }

    /// <summary>What is recorded is what the installed Yosys makes of the generated folder today.</summary>
    [Theory]
    [InlineData(0, FabricFamily.Series7)]
    public async Task Synthesis_still_gives_what_was_recorded(int number, FabricFamily family)
    {
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make);
        Assert.Equal(Read().Single(row => row.Number == number && row.Family == family).Synthesized, await Synthesize(number, family, _folder["block"]));
    }

    [Fact]
    public async Task Sweep()
    {
        string? folder = Environment.GetEnvironmentVariable(SweepVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{SweepVariable} names no folder");
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make);
        var lines = new List<string> { "block,family,dsp,bram,lut,ff" };
        for (int number = 0; number < SweepBlocks.Count; number++)
        {
            foreach (var family in Enum.GetValues<FabricFamily>())
            {
                var found = await Synthesize(number, family, Path.Combine(folder!, string.Create(CultureInfo.InvariantCulture, $"b{number:00}")));
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{number},{family},{found.Dsps},{found.BlockRams},{found.Luts},{found.Registers}"));
            }
        }
        await File.WriteAllLinesAsync(Recorded, lines, Cancellation);
    }

    /// <summary>Runs the folder's Makefile and reads the table that it prints.</summary>
    private static async Task<FabricResources> Synthesize(int number, FabricFamily family, string target)
    {
        var (sample, design) = Block(number);
        BlockFolder.Write(sample.Block, design.Folding, SweepBlocks.EmptyVectors(sample), target);
        var result = await ExternalTool.Make.RequireSuccessAsync([SynthesisScripts.TargetOf(family)], target, Patience, cancellation: Cancellation);
        var figures = SummaryRow().Matches(result.Output).ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        return new FabricResources(figures["DSP"], figures["BRAM"], 0, figures["LUT"], figures["FF"]);
    }

    private static (RandomBlock Sample, BlockDesign Design) Block(int number)
    {
        var (shape, folding) = SweepBlocks.Draw(number);
        return (new RandomBlock(shape, number), new BlockDesign(shape, folding));
    }

    private static IEnumerable<(int Number, FabricFamily Family, FabricResources Synthesized)> Read() => File.ReadLines(Recorded).Skip(1).Select(line => line.Split(',')).Select(cells => (
        int.Parse(cells[0], CultureInfo.InvariantCulture),
        Enum.Parse<FabricFamily>(cells[1]),
        new FabricResources(Figure(cells[2]), Figure(cells[3]), 0, Figure(cells[4]), Figure(cells[5]))));

    private static double Figure(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^  (DSP|BRAM|LUT|FF) +[\d.]+ +([\d.]+)$", RegexOptions.Multiline)]
    private static partial Regex SummaryRow();
}
