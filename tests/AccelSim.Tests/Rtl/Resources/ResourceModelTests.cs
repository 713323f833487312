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
    private const double Tenth = 0.10;

    /// <summary>What is beyond a tenth, and by how much it may be (docs/rtl-resources.md).</summary>
    private static readonly Dictionary<(int Block, FabricFamily Family), double> LutBounds = new()
    {
        // Its shifters are its longest path, and abc maps them for depth.
        [(42, FabricFamily.Ecp5)] = 0.17,
    };

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

    /// <summary>
    /// The fifty blocks of <see cref="SweepBlocks"/> in four families as Yosys synthesized them: slices and block RAM equal, look-up tables and registers within a tenth.
    /// The model was fitted on the blocks of even number; the others are the test of it.
    /// </summary>
    [Fact]
    public void Every_block_takes_what_was_synthesized()
    {
        var rows = SynthesisRow.Recorded("blocks.csv");
        Assert.Equal(SweepBlocks.Count * Enum.GetValues<FabricFamily>().Length, rows.Count);
        var complaints = new List<string>();
        var errors = new List<(FabricFamily Family, bool Fitted, double Luts, double Registers)>();
        foreach (var block in rows.GroupBy(row => int.Parse(row.Name, CultureInfo.InvariantCulture)))
        {
            var (shape, folding) = SweepBlocks.Draw(block.Key);
            var predicted = BlockFolder.FabricsOf(new RandomBlock(shape, block.Key).Block, new BlockDesign(shape, folding));
            foreach (var row in block)
            {
                if (row.Complaint(predicted[row.Family], LutBounds.GetValueOrDefault((block.Key, row.Family), Tenth), Tenth) is { } complaint)
                    complaints.Add(complaint);
                var (luts, registers) = row.ErrorOf(predicted[row.Family]);
                errors.Add((row.Family, block.Key % 2 == 0, luts, registers));
            }
        }
        foreach (var group in errors.GroupBy(error => (error.Family, error.Fitted)).OrderBy(group => group.Key))
        {
            output.WriteLine($"{group.Key.Family}, {(group.Key.Fitted ? "fitted" : "left out")}: LUT {Text([.. group.Select(error => error.Luts)])}; "
                + $"registers {Text([.. group.Select(error => error.Registers)])}");
        }
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));

        static string Text(double[] errors) => string.Create(CultureInfo.InvariantCulture,
            $"median {errors.Select(Math.Abs).Order().ElementAt(errors.Length / 2):P1}, worst {errors.MaxBy(Math.Abs):P1}, within a tenth {errors.Count(error => Math.Abs(error) <= Tenth)} of {errors.Length}");
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

    /// <summary>
    /// Synthesizes the fifty blocks anew, into artifacts/resource-sweep/blocks.csv, and holds that against the recorded table: an hour of processor time. What the file has
    /// already is not done again, so an interrupted run goes on.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Fifty_blocks_are_synthesized_again()
    {
        RequiredTools.Require(ExternalTool.Yosys, ExternalTool.Make);
        string folder = Directory.CreateDirectory(Path.Combine(SharedData.RepositoryRoot, "artifacts", "resource-sweep")).FullName;
        string table = Path.Combine(folder, "blocks.csv");
        if (!File.Exists(table))
            await File.WriteAllTextAsync(table, $"{SynthesisRow.Columns}\n", Cancellation);
        var recorded = SynthesisRow.Recorded("blocks.csv").ToDictionary(row => (row.Name, row.Family));
        HashSet<(string, FabricFamily)> done;
        using (var reader = File.OpenText(table))
            done = [.. SynthesisRow.Read(reader).Select(row => (row.Name, row.Family))];
        for (int number = 0; number < SweepBlocks.Count; number++)
        {
            var (shape, folding) = SweepBlocks.Draw(number);
            string name = number.ToString(CultureInfo.InvariantCulture);
            foreach (var family in Enum.GetValues<FabricFamily>())
            {
                if (done.Contains((name, family)))
                    continue;
                var (predicted, found) = await Synthesize(new RandomBlock(shape, number), folding, family, Path.Combine(folder, "block"));
                var row = new SynthesisRow(name, family, found);
                output.WriteLine($"{row}: predicted {predicted}");
                await File.AppendAllTextAsync(table, $"{row}\n", Cancellation);
            }
        }
        // Which operand of an adder comes first, and so a LUT a bit, follows from the names in a design: an edit of a cell moves the counts a little.
        using var result = File.OpenText(table);
        Assert.All(SynthesisRow.Read(result), row => Assert.Null(row.Complaint(recorded[(row.Name, row.Family)].Found, 0.10, 0.10)));
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
