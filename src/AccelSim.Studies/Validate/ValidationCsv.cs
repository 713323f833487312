using System.Globalization;
using AccelSim.Graph.Serialization;
using CsvHelper;

namespace AccelSim.Studies.Validate;

/// <summary>Writes the rows of a report as CSV, numbers in full, so that a notebook can go on from there.</summary>
public static class ValidationCsv
{
    /// <summary>Writes predicted rows, then those without a prediction, whose reason stands in <c>note</c>; complete or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
        {
            string[] columns =
            [
                "group", "basis", "platform", "network", "variant", "batch", "precision", "metric", "unit", "predicted", "published", "error", "note", "file", "line", "source",
            ];
            foreach (string column in columns)
                csv.WriteField(column);
            csv.NextRecord();
            foreach (ValidationRow row in report.Rows)
            {
                object?[] fields =
                [
                    row.Group, row.Basis.ToString().ToLowerInvariant(), row.Platform, row.Network, row.Variant, row.Batch, row.Precision, row.Metric, row.Unit,
                    row.Predicted, row.Published, row.Error, row.Note, row.File, row.Line, row.Source,
                ];
                Record(csv, fields);
            }
            foreach (UnmodelledRow row in report.NotModelled)
                Record(csv, ["", "not modelled", row.Platform, row.Network, "", null, "", row.Metric, "", null, null, null, row.Reason, row.File, row.Line, ""]);
        }
        CompleteFile.Write(path, text.ToString());
    }

    private static void Record(CsvWriter csv, object?[] fields)
    {
        foreach (object? field in fields)
            csv.WriteField(Convert.ToString(field, CultureInfo.InvariantCulture));
        csv.NextRecord();
    }
}
