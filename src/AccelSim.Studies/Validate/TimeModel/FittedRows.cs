using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AccelSim.Studies.Validate.TimeModel;

/// <summary>The published rows that the stacks' constants were fitted to, by what identifies a measurement. Every other row tests them.</summary>
public sealed class FittedRows
{
    /// <summary>In the folder of the stacks.</summary>
    public const string FileName = "fitted_rows.csv";

    private static readonly string[] Keys = ["platform", "network", "variant", "batch", "precision", "metric"];

    private readonly HashSet<string> _rows;

    private FittedRows(HashSet<string> rows) => _rows = rows;

    /// <exception cref="PublishedDataException">The file is not a table of such rows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FittedRows Read(string path)
    {
        using var text = new StreamReader(path);
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, BadDataFound = null, MissingFieldFound = null });
        var rows = new HashSet<string>(StringComparer.Ordinal);
        if (!csv.Read() || !csv.ReadHeader() || !csv.HeaderRecord!.SequenceEqual(Keys))
            throw new PublishedDataException($"{path}, line 1: the columns must be {string.Join(',', Keys)}.");
        while (csv.Read())
        {
            if (csv.Parser.Count != Keys.Length)
                throw new PublishedDataException($"{path}, line {csv.Parser.RawRow}: the row has {csv.Parser.Count} fields where the header has {Keys.Length} (quote a field that contains a comma).");
            rows.Add(Join(Enumerable.Range(0, Keys.Length).Select(i => csv.GetField(i)!)));
        }
        return new FittedRows(rows);
    }

    /// <summary>True when the row was used in the fit.</summary>
    public bool Contains(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return _rows.Contains(Join([row.Platform, row.Network, row.Variant.Text, row.Batch?.ToString(CultureInfo.InvariantCulture) ?? "", row.Precision, row.Metric]));
    }

    private static string Join(IEnumerable<string> fields) => string.Join('\n', fields);
}
