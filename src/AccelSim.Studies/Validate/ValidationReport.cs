namespace AccelSim.Studies.Validate;

/// <summary>A prediction beside what was published.</summary>
/// <param name="Group">Rows that are judged together.</param>
/// <param name="Platform">As the table names it.</param>
/// <param name="Network">As the table names it.</param>
/// <param name="Variant">The table's column.</param>
/// <param name="Batch">Images at once, or null.</param>
/// <param name="Precision">Such as <c>int8</c>.</param>
/// <param name="Metric">What was published.</param>
/// <param name="Unit">Of both values.</param>
/// <param name="Predicted">By the model.</param>
/// <param name="Published">By the source.</param>
/// <param name="Error">
/// Predicted ÷ published − 1. Where the unit is <c>%</c> the difference in points ÷ 100, since a share of a hundredth missed by another is no
/// error of 100 %. Null where 0 was published in another unit.
/// </param>
/// <param name="Basis">What the published figure is worth.</param>
/// <param name="Note">How the prediction came about.</param>
/// <param name="File">The table.</param>
/// <param name="Line">The line in it.</param>
/// <param name="Source">The document.</param>
public sealed record ValidationRow(
    string Group,
    string Platform,
    string Network,
    string Variant,
    int? Batch,
    string Precision,
    string Metric,
    string Unit,
    double Predicted,
    double Published,
    double? Error,
    Basis Basis,
    string Note,
    string File,
    int Line,
    string Source)
{
    /// <summary>Sets a prediction beside its row.</summary>
    public static ValidationRow Of(PublishedRow row, Prediction.Of prediction)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(prediction);
        double difference = prediction.Value - row.Value;
        double? error = row.Unit == "%" ? difference / 100 : row.Value == 0 ? null : difference / row.Value;
        return new ValidationRow(
            prediction.Group, row.Platform, row.Network, row.Variant.Text, row.Batch, row.Precision, row.Metric, row.Unit,
            prediction.Value, row.Value, error, row.Basis, prediction.Note, row.File, row.Line, row.Source);
    }
}

/// <summary>The errors of rows that are judged together.</summary>
/// <param name="Group">Their name, or <c>all</c>.</param>
/// <param name="Basis">What their published figures are worth: rows of different worth are never in one group.</param>
/// <param name="Rows">How many.</param>
/// <param name="MeanAbsoluteError">Mean of the sizes of the errors; null where no row has one.</param>
/// <param name="MedianAbsoluteError">Their median.</param>
/// <param name="RankCorrelation">Spearman's, of predicted against published; null for fewer than three rows or where units differ.</param>
public sealed record ValidationGroup(string Group, Basis Basis, int Rows, double? MeanAbsoluteError, double? MedianAbsoluteError, double? RankCorrelation)
{
    /// <summary>Judges rows of one basis.</summary>
    public static ValidationGroup Of(string name, Basis basis, IReadOnlyList<ValidationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        double[] errors = [.. rows.Where(row => row.Error is not null).Select(row => Math.Abs(row.Error!.Value))];
        bool comparable = rows.Select(row => row.Unit).Distinct().Count() == 1;
        return new ValidationGroup(
            name, basis, rows.Count,
            errors.Length > 0 ? errors.Average() : null,
            errors.Length > 0 ? Statistics.Median(errors) : null,
            comparable ? Statistics.RankCorrelation([.. rows.Select(row => row.Predicted)], [.. rows.Select(row => row.Published)]) : null);
    }
}

/// <summary>A published row without a prediction.</summary>
/// <param name="Platform">As the table names it.</param>
/// <param name="Network">As the table names it.</param>
/// <param name="Metric">What was published.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="File">The table.</param>
/// <param name="Line">The line in it.</param>
public sealed record UnmodelledRow(string Platform, string Network, string Metric, string Reason, string File, int Line);

/// <summary>All predictions beside all published figures.</summary>
/// <param name="Rows">Every row with a prediction, in the order of the tables.</param>
/// <param name="Groups">By group and basis, measurements first.</param>
/// <param name="Totals">One a basis.</param>
/// <param name="NotModelled">Every row without one, with the reason.</param>
public sealed record ValidationReport(
    IReadOnlyList<ValidationRow> Rows,
    IReadOnlyList<ValidationGroup> Groups,
    IReadOnlyList<ValidationGroup> Totals,
    IReadOnlyList<UnmodelledRow> NotModelled)
{
    /// <summary>Judges rows by group and in total.</summary>
    public static ValidationReport Of(IReadOnlyList<ValidationRow> rows, IReadOnlyList<UnmodelledRow> notModelled)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ValidationGroup[] groups = [.. rows
            .GroupBy(row => (row.Group, row.Basis))
            .OrderBy(group => group.Key.Basis).ThenBy(group => group.Key.Group, StringComparer.Ordinal)
            .Select(group => ValidationGroup.Of(group.Key.Group, group.Key.Basis, [.. group]))];
        ValidationGroup[] totals = [.. rows
            .GroupBy(row => row.Basis)
            .OrderBy(basis => basis.Key)
            .Select(basis => ValidationGroup.Of("all", basis.Key, [.. basis]))];
        return new ValidationReport(rows, groups, totals, notModelled);
    }
}
