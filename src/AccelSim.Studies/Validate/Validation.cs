using AccelSim.Graph;
using AccelSim.Systolic;

namespace AccelSim.Studies.Validate;

/// <summary>Runs every published row through the model of its platform.</summary>
public static class Validation
{
    /// <summary>The tables, by the word that asks for them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["asic", "fpga", "mobile", "gpu"];

    /// <summary>Where the tables lie beside the repository.</summary>
    private static readonly string UsualFolder = Path.Combine("shared", "data", "published");

    /// <summary>The folder of published tables: the one given, or <c>shared/data/published</c> in the current folder or one above it or above the program.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none; the message says where it was looked for.</exception>
    public static string FindData(string? given)
    {
        if (given is not null)
            return Directory.Exists(given) ? given : throw new DirectoryNotFoundException($"There is no folder {given} (--data takes a folder with {string.Join(", ", Kinds.SelectMany(FilesOf))}).");
        foreach (string start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                string data = Path.Combine(folder.FullName, UsualFolder);
                if (Directory.Exists(data))
                    return data;
            }
        }
        throw new DirectoryNotFoundException($"There is no folder {UsualFolder} here, above here or above the program: name one with --data.");
    }

    /// <summary>The rows of the asked kinds. A folder need not have every table, but must have one of those that were asked for.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="kinds">Of <see cref="Kinds"/>.</param>
    /// <exception cref="PublishedDataException">A table is not legal.</exception>
    /// <exception cref="FileNotFoundException">None of the tables is there.</exception>
    public static IReadOnlyList<PublishedRow> Read(string folder, IReadOnlyList<string> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        string[] files = [.. kinds.SelectMany(FilesOf).Select(file => Path.Combine(folder, file)).Where(File.Exists)];
        return files.Length > 0
            ? [.. files.SelectMany(PublishedFile.Read)]
            : throw new FileNotFoundException($"{folder} has none of {string.Join(", ", kinds.SelectMany(FilesOf))}.");
    }

    /// <summary>Predicts every row.</summary>
    /// <param name="rows">What was published.</param>
    /// <param name="predictors">The models; of several that cover a platform the first is asked.</param>
    /// <param name="group">Keep only groups whose name contains this; null for all.</param>
    /// <param name="progress">Told after each row.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static ValidationReport Run(
        IReadOnlyList<PublishedRow> rows,
        IReadOnlyList<IPredictor> predictors,
        string? group = null,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(predictors);
        var predicted = new List<ValidationRow>();
        var without = new List<UnmodelledRow>();
        for (int i = 0; i < rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            PublishedRow row = rows[i];
            switch (PredictionOf(row, predictors, cancellation))
            {
                case Prediction.Of prediction when double.IsFinite(prediction.Value):
                    if (group is null || prediction.Group.Contains(group, StringComparison.OrdinalIgnoreCase))
                        predicted.Add(ValidationRow.Of(row, prediction));
                    break;
                case Prediction.None none:
                    without.Add(new UnmodelledRow(row.Platform, row.Network, row.Metric, none.Reason, row.File, row.Line));
                    break;
                case Prediction.Of prediction:
                    without.Add(new UnmodelledRow(row.Platform, row.Network, row.Metric, FormattableString.Invariant($"the model gives {prediction.Value}"), row.File, row.Line));
                    break;
            }
            progress?.Report(new StudyProgress("validate", i + 1, rows.Count, $"{row.Platform} {row.Network}"));
        }
        return ValidationReport.Of(predicted, without);
    }

    private static Prediction PredictionOf(PublishedRow row, IReadOnlyList<IPredictor> predictors, CancellationToken cancellation)
    {
        if (predictors.FirstOrDefault(predictor => predictor.Covers(row)) is not { } model)
            return new Prediction.None($"there is no model of the platform '{row.Platform}'");
        try
        {
            return model.Predict(row, cancellation);
        }
        catch (Exception error) when (error is GraphException or ArrayConfigurationException)
        {
            return new Prediction.None(error.Message);
        }
    }

    /// <summary>GPUs have a second table, of single layers.</summary>
    private static string[] FilesOf(string kind) => kind == "gpu" ? ["gpu.csv", "gpu_layers.csv"] : [$"{kind}.csv"];
}
