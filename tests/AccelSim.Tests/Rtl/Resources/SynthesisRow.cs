using System.Globalization;
using AccelSim.Rtl.Resources;

namespace AccelSim.Tests.Rtl.Resources;

/// <summary>A line of blocks.csv or cells.csv: what Yosys counted.</summary>
/// <param name="Name">A block's number or a cell.</param>
/// <param name="Family">The fabric.</param>
/// <param name="Found">What it took, with a memory or carry cell counted as its LUTs (templates/synthesis/summary.awk).</param>
internal sealed record SynthesisRow(string Name, FabricFamily Family, FabricResources Found)
{
    public const string Columns = "name,family,dsp,bram,lut,ff";

    /// <summary>Up to here an error of a cell is not looked at: a tenth of a stream_fork is half a LUT.</summary>
    private const double Few = 12;

    /// <summary>The recorded lines, without comments and the line of names.</summary>
    public static IReadOnlyList<SynthesisRow> Recorded(string file)
    {
        using var stream = typeof(SynthesisRow).Assembly.GetManifestResourceStream($"{typeof(SynthesisRow).Namespace}.{file}")
            ?? throw new InvalidOperationException($"{file} is not embedded");
        return Read(new StreamReader(stream));
    }

    public static IReadOnlyList<SynthesisRow> Read(TextReader text)
    {
        var rows = new List<SynthesisRow>();
        while (text.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line == Columns)
                continue;
            string[] fields = line.Split(',');
            double Figure(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
            rows.Add(new SynthesisRow(fields[0], Enum.Parse<FabricFamily>(fields[1]), new FabricResources(Figure(2), Figure(3), 0, Figure(4), Figure(5))));
        }
        return rows;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name},{Family},{Found.Dsps},{Found.BlockRams},{Found.Luts},{Found.Registers}");

    /// <summary>The model's error, of LUTs and of registers; 0.1 for a tenth too many.</summary>
    public (double Luts, double Registers) ErrorOf(FabricResources predicted) =>
        (predicted.Luts / Found.Luts - 1, Found.Registers == 0 ? 0 : predicted.Registers / Found.Registers - 1);

    /// <summary>What is wrong with a prediction, or null: slices and block RAM equal, LUTs and registers within a tenth or a few.</summary>
    public string? Complaint(FabricResources predicted, double lutBound, double registerBound)
    {
        var (luts, registers) = ErrorOf(predicted);
        bool right = predicted.Dsps == Found.Dsps && predicted.BlockRams == Found.BlockRams
            && (Math.Abs(luts) <= lutBound || Math.Abs(predicted.Luts - Found.Luts) <= Few)
            && (Math.Abs(registers) <= registerBound || Math.Abs(predicted.Registers - Found.Registers) <= Few);
        return right ? null : string.Create(CultureInfo.InvariantCulture, $"{Name} in {Family}: predicted {predicted}, synthesized {Found} (LUT {luts:P1}, registers {registers:P1})");
    }
}
