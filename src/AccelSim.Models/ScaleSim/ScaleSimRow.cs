using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Models.ScaleSim;

/// <summary>One layer of a topology: its name and its numbers by column.</summary>
internal sealed class ScaleSimRow
{
    private static readonly string[] ConvolutionColumns =
        ["IFMAP Height", "IFMAP Width", "Filter Height", "Filter Width", "Channels", "Num Filter", "Stride Height", "Stride Width"];

    private static readonly string[] GemmColumns = ["M", "N", "K"];

    private readonly Dictionary<string, int> _values;

    private ScaleSimRow(string name, int line, ScaleSimForm form, Dictionary<string, int> values) =>
        (Name, Line, Form, _values) = (name, line, form, values);

    public string Name { get; }

    /// <summary>Counted from 1.</summary>
    public int Line { get; }

    public ScaleSimForm Form { get; }

    /// <summary>At least 1.</summary>
    public int this[string column] => _values[column];

    /// <summary>The rows of a file. Blank lines, blank columns at the end and columns that are not of the form are passed over.</summary>
    /// <exception cref="GraphException">A number is missing or is not one.</exception>
    public static IEnumerable<ScaleSimRow> Of(IEnumerable<string> lines, string file, ScaleSimForm? form)
    {
        string[]? header = null;
        int line = 0;
        bool isFirst = true;
        foreach (string text in lines)
        {
            line++;
            string[] fields = [.. text.Split(',').Select(field => field.Trim())];
            if (fields.All(field => field.Length == 0))
                continue;
            // The first row is a header, but for files that have none.
            if (isFirst && !fields.Skip(1).Any(IsNumber))
                header = fields;
            else
                yield return Read(fields, header, file, line, form ?? FormOf(header, fields));
            isFirst = false;
        }
    }

    private static bool IsNumber(string field) => int.TryParse(field, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);

    private static ScaleSimForm FormOf(string[]? header, string[] fields)
    {
        bool gemm = header is null
            ? fields.Count(field => field.Length > 0) <= 1 + GemmColumns.Length
            : GemmColumns.All(column => header.Skip(1).Contains(column, StringComparer.OrdinalIgnoreCase));
        return gemm ? ScaleSimForm.Gemm : ScaleSimForm.Convolution;
    }

    private static ScaleSimRow Read(string[] fields, string[]? header, string file, int line, ScaleSimForm form)
    {
        if (fields[0].Length == 0)
            throw new GraphException($"{file}, line {line}, column 1 (the layer's name): it is blank.");
        var values = new Dictionary<string, int>();
        string[] columns = form == ScaleSimForm.Gemm ? GemmColumns : ConvolutionColumns;
        for (int i = 0; i < columns.Length; i++)
        {
            // M, N and K stand where the header says; the columns of a convolution have an order.
            int named = form == ScaleSimForm.Gemm && header is not null
                ? Array.FindIndex(header, 1, name => name.Equals(columns[i], StringComparison.OrdinalIgnoreCase))
                : -1;
            int at = named > 0 ? named : i + 1;
            bool isOneStride = columns[i] == "Stride Width" && !HasStrideWidth(fields, header, at);
            values[columns[i]] = isOneStride ? values["Stride Height"] : Number(fields, at, columns[i], file, line);
        }
        return new ScaleSimRow(fields[0], line, form, values);
    }

    // A ninth column is the stride's width but where the header gives it another meaning, such as a sparsity.
    private static bool HasStrideWidth(string[] fields, string[]? header, int at) =>
        at < fields.Length && fields[at].Length > 0
        && (header is null || at >= header.Length || header[at].Length == 0 || header[at].Contains("stride", StringComparison.OrdinalIgnoreCase));

    private static int Number(string[] fields, int at, string column, string file, int line)
    {
        string place = $"{file}, line {line}, column {at + 1} ({column})";
        if (at >= fields.Length || fields[at].Length == 0)
            throw new GraphException($"{place}: it is missing.");
        return int.TryParse(fields[at], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) && value >= 1
            ? value
            : throw new GraphException($"{place}: '{fields[at]}' is not a whole number of 1 to {int.MaxValue}.");
    }
}
