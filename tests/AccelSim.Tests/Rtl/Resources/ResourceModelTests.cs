using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Resources;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl.Resources;

/// <summary>The resource model of whole blocks against Yosys 0.23.</summary>
public sealed partial class ResourceModelTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Names a folder, in which fifty blocks are synthesized for four families; the table of errors is written there (40 minutes of processor time).</summary>
    private const string SweepVariable = "ACCELSIM_RESOURCE_SWEEP";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Slices and block RAM that Yosys made of blocks with random shapes, in the order of <see cref="FabricFamily"/>.</summary>
    public static TheoryData<BlockShape, BlockFolding, double[], double[]> Synthesized => new()
    {
        { Shape(34, 51, 16, 8, 3, 1) with { DepthwiseMultiplierBits = 12, PointwiseWeightBits = 9 }, new(8, 1, 1, 8), [20, 20, 20, 20], [1, 1, 2, 10] },
        { Shape(55, 35, 64, 16, 7, 1) with { DepthwiseMultiplierBits = 24 }, new(16, 1, 4, 2), [30, 30, 30, 30], [6, 6, 18, 56] },
        { Shape(34, 35, 16, 16, 3, 2) with { PointwiseMultiplierBits = 31, DepthwiseWeightBits = 9 }, new(16, 1, 4, 1), [28, 28, 28, 28], [2, 2, 4, 10] },
        { Shape(11, 45, 4, 96, 3, 2) with { PointwiseWeightBits = 9 }, new(1, 1, 1, 2), [7, 7, 7, 7], [0.5, 0.5, 4, 9] },
    };

    [Theory]
    [MemberData(nameof(Synthesized))]
    public void Slices_and_block_RAM_are_exact(BlockShape shape, BlockFolding folding, double[] dsps, double[] blockRams)
    {
        foreach (var family in Enum.GetValues<FabricFamily>())
        {
            var predicted = FabricEstimate.Of(new BlockDesign(shape, folding), family);
            Assert.Equal((family, dsps[(int)family], blockRams[(int)family]), (family, predicted.Dsps, predicted.BlockRams));
        }
    }

    /// <summary>Whole blocks that Yosys synthesized (numbers 1 and 0 of <see cref="SweepBlocks"/>): look-up tables and registers within 10 %.</summary>
    [Theory]
    [InlineData(1, FabricFamily.UltraScalePlus, 17, 0, 2010, 1542)]
    [InlineData(1, FabricFamily.Series7, 17, 0, 1673, 958)]
    [InlineData(1, FabricFamily.Ecp5, 17, 0, 3822, 1730)]
    [InlineData(0, FabricFamily.Ice40, 8, 6, 1556, 923)]
    public void A_whole_block_takes_what_was_synthesized(int number, FabricFamily family, double dsps, double blockRams, double luts, double registers)
    {
        var (shape, folding) = SweepBlocks.Draw(number);
        var predicted = BlockFolder.FabricsOf(new RandomBlock(shape, number).Block, new BlockDesign(shape, folding))[family];
        Assert.Equal((dsps, blockRams), (predicted.Dsps, predicted.BlockRams));
        Assert.True(Math.Abs(predicted.Luts / luts - 1) <= 0.10 && Math.Abs(predicted.Registers / registers - 1) <= 0.10, predicted.ToString());
    }

    /// <summary>Packing halves the slices of the pointwise engine, and they are those that Yosys infers in the folder as it is generated.</summary>
    [Fact]
    public async Task A_packed_block_takes_half_the_slices_for_its_products()
    {
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make);
        var sample = new RandomBlock(Shape(4, 4, 2, 4, 3, 1), seed: 5);
        var folding = new BlockFolding(1, 3, 2, 2);
        var (predicted, synthesized) = await Synthesize(sample, folding with { Packed = true }, FabricFamily.UltraScalePlus, _folder["block"]);
        Assert.Equal((3 + 2 + 6, 0), (synthesized.Dsps, synthesized.BlockRams));
        Assert.Equal((synthesized.Dsps, synthesized.BlockRams), (predicted.Dsps, predicted.BlockRams));
        Assert.Equal(synthesized.Dsps + 2, FabricEstimate.Of(new BlockDesign(sample.Block.Shape, folding), FabricFamily.UltraScalePlus).Dsps);
        output.WriteLine($"predicted {predicted}, synthesized {synthesized}");
    }

    [Fact]
    public async Task Fifty_random_blocks()
    {
        string? folder = Environment.GetEnvironmentVariable(SweepVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{SweepVariable} names no folder");
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make);
        string table = Path.Combine(Directory.CreateDirectory(folder!).FullName, "blocks.csv");
        await File.WriteAllTextAsync(table, "block,family,dsp predicted,dsp,bram predicted,bram,lut predicted,lut,ff predicted,ff\n", Cancellation);
        bool exact = true;
        foreach (var family in Enum.GetValues<FabricFamily>())
        {
            var luts = new List<double>();
            var registers = new List<double>();
            for (int number = 0; number < SweepBlocks.Count; number++)
            {
                var (shape, folding) = SweepBlocks.Draw(number);
                var (predicted, found) = await Synthesize(new RandomBlock(shape, number), folding, family, Path.Combine(folder!, string.Create(CultureInfo.InvariantCulture, $"b{number:00}")));
                await File.AppendAllTextAsync(table, string.Create(CultureInfo.InvariantCulture,
                    $"{number},{family},{predicted.Dsps},{found.Dsps},{predicted.BlockRams},{found.BlockRams},{predicted.Luts},{found.Luts},{predicted.Registers},{found.Registers}\n"), Cancellation);
                exact &= predicted.Dsps == found.Dsps && predicted.BlockRams == found.BlockRams;
                luts.Add(predicted.Luts / found.Luts - 1);
                registers.Add(predicted.Registers / found.Registers - 1);
            }
            output.WriteLine($"{family}: LUT {Text(luts)}; registers {Text(registers)}");
        }
        Assert.True(exact, $"slices or block RAM differ: {table}");

        static string Text(List<double> errors) => string.Create(CultureInfo.InvariantCulture,
            $"median {errors.Select(Math.Abs).Order().ElementAt(errors.Count / 2):P1}, worst {errors.MaxBy(Math.Abs):P1}");
    }

    /// <summary>Writes the folder, runs its Makefile and reads the table that it prints.</summary>
    private static async Task<(FabricResources Predicted, FabricResources Synthesized)> Synthesize(RandomBlock sample, BlockFolding folding, FabricFamily family, string target)
    {
        BlockFolder.Write(sample.Block, folding, SweepBlocks.EmptyVectors(sample), target);
        var result = await ExternalTool.Make.RequireSuccessAsync([SynthesisScripts.TargetOf(family)], target, Patience, cancellation: Cancellation);
        var rows = SummaryRow().Matches(result.Output).ToDictionary(match => match.Groups[1].Value);
        return (Column(2), Column(3));

        FabricResources Column(int column) => new(Figure("DSP", column), Figure("BRAM", column), 0, Figure("LUT", column), Figure("FF", column));

        double Figure(string row, int column) => double.Parse(rows[row].Groups[column].Value, CultureInfo.InvariantCulture);
    }

    private static BlockShape Shape(int height, int width, int channels, int outputs, int kernel, int stride) =>
        new(height, width, channels, outputs, kernel, stride, Padding.All(kernel / 2));

    [GeneratedRegex(@"^  (DSP|BRAM|LUT|FF) +([\d.]+) +([\d.]+)$", RegexOptions.Multiline)]
    private static partial Regex SummaryRow();
}
