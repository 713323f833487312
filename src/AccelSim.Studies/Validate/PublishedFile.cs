using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace AccelSim.Studies.Validate;

/// <summary>A table of published figures that breaks its rules. The message names file, line, value and remedy.</summary>
public sealed class PublishedDataException(string message) : Exception(message);

/// <summary>Reads a table of published figures.</summary>
public static class PublishedFile
{
    /// <summary>The columns, which a file must have; it may have others, and in any order.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["platform", "network", "variant", "batch", "precision", "metric", "value", "unit", "source", "confidence"];

    /// <summary>The published tables together have less than a tenth of this.</summary>
    private const long LargestBytes = 64 << 20;

    private const int LargestBatch = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Every row, in the order of the file.</summary>
    /// <exception cref="PublishedDataException">The file is not such a table, or a row is not legal.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<PublishedRow> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
            throw new PublishedDataException($"{path} is larger than {LargestBytes >> 20} MiB; a table of published figures is a few hundred lines.");
        using var reader = new StreamReader(path, StrictUtf8);
        return Read(reader, path);
    }

    /// <summary>Every row of a text.</summary>
    /// <param name="text">CSV with a line of column names.</param>
    /// <param name="path">The path that messages name.</param>
    /// <exception cref="PublishedDataException">The text is not such a table, or a row is not legal.</exception>
    public static IReadOnlyList<PublishedRow> Read(TextReader text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string? broken = null;
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = true,
            BadDataFound = found => broken ??= found.Field,
            MissingFieldFound = null,
        });
        var rows = new List<PublishedRow>();
        int line = 1;
        try
        {
            if (!csv.Read() || !csv.ReadHeader())
                throw Wrong(path, 1, "", "is empty", $"a line of column names: {string.Join(',', Columns)}");
            string[] header = csv.HeaderRecord!;
            if (Columns.FirstOrDefault(column => !header.Contains(column)) is { } missing)
                throw Wrong(path, 1, string.Join(',', header), $"lacks the column '{missing}'", $"the columns are {string.Join(',', Columns)}");
            if (Columns.FirstOrDefault(column => header.Count(name => name == column) > 1) is { } twice)
                throw Wrong(path, 1, string.Join(',', header), $"has the column '{twice}' twice", "leave one out");
            while (csv.Read())
            {
                // The parser counts lines up to the end of the row; what its fields span comes off. Reading them is also what finds quotes out of place.
                line = csv.Parser.RawRow - csv.Parser.Record!.Sum(field => field.Count(character => character == '\n'));
                if (broken is not null)
                    throw Wrong(path, line, broken, "has a quote out of place", "quote the whole field and double the quotes inside it");
                if (csv.Parser.Count != header.Length)
                    throw Wrong(path, line, csv.Parser.RawRecord.TrimEnd(), $"has {csv.Parser.Count} fields where the header has {header.Length}", "quote a field that contains a comma");
                rows.Add(RowOf(csv, path, line));
            }
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(path, line, "", "is not UTF-8 text", "save it as UTF-8");
        }
        catch (CsvHelperException error)
        {
            throw Wrong(path, line, "", $"cannot be read as CSV: {error.GetType().Name}", "quote fields that contain commas, quotes or line breaks");
        }
        return rows;
    }

    private static PublishedRow RowOf(CsvReader csv, string path, int line)
    {
        string Text(string column) => csv.GetField(column) ?? "";
        string Required(string column) => Text(column) is { Length: > 0 } text ? text : throw Wrong(path, line, "", $"has no {column}", $"fill in the column {column}");

        string confidence = Required("confidence");
        if (confidence is not ("verified" or "memory"))
            throw Wrong(path, line, confidence, "is no confidence", "verified or memory");
        string value = Required("value");
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number) || number < 0)
            throw Wrong(path, line, value, "is no value", "a number of 0 or more, with a decimal point");
        string batch = Text("batch");
        int images = 0;
        if (batch.Length > 0 && (!int.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out images) || images is < 1 or > LargestBatch))
            throw Wrong(path, line, batch, "is no batch", $"a whole number of 1 to {LargestBatch}, or nothing where it is unknown");
        return new PublishedRow(
            Path.GetFileName(path), line, Required("platform"), Text("network"), new PublishedVariant(Text("variant")), batch.Length > 0 ? images : null,
            Text("precision"), Required("metric"), number, Required("unit"), Text("source"), confidence);
    }

    private static PublishedDataException Wrong(string path, int line, string value, string problem, string remedy)
    {
        const int shown = 80;
        string quoted = value.Length == 0 ? "the row" : $"'{(value.Length > shown ? value[..shown] + "…" : value)}'";
        return new PublishedDataException($"{path}, line {line}: {quoted} {problem} ({remedy}).");
    }
}
