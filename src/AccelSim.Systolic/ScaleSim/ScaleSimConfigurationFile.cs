using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Systolic.ScaleSim;

/// <summary>
/// Reads the configuration file of SCALE-Sim: sections in brackets, <c>key: value</c> or <c>key = value</c> with keys in any case, comments after <c>#</c> or <c>;</c>
/// at the beginning of a line. Keys that do not change what the reports say are passed over.
/// </summary>
public static class ScaleSimConfigurationFile
{
    private const long LargestFile = 1 << 20;

    private static readonly Dictionary<string, Dataflow> Dataflows = new()
    {
        ["os"] = Dataflow.OutputStationary,
        ["ws"] = Dataflow.WeightStationary,
        ["is"] = Dataflow.InputStationary,
    };

    /// <exception cref="GraphException">The file cannot be read or is not legal; the message names file, line, value and what is allowed.</exception>
    public static ScaleSimConfiguration Load(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > LargestFile } large)
                throw new GraphException($"The configuration {file} has {large.Length} bytes; one of SCALE-Sim has less than {LargestFile}.");
            return Read(File.ReadLines(file), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"The configuration {file} cannot be read: {error.Message}", error);
        }
    }

    /// <inheritdoc cref="Load"/>
    /// <param name="lines">The file's text.</param>
    /// <param name="file">Its name, for messages.</param>
    public static ScaleSimConfiguration Read(IEnumerable<string> lines, string file)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var entries = new Entries(lines, file);
        if (entries.Find("sparsity", "SparsitySupport") is { } sparse && sparse.Value.Equals("true", StringComparison.OrdinalIgnoreCase))
            throw entries.Wrong(sparse, "SparsitySupport", "false: sparse runs are not among those that these reports reproduce");
        const string preset = "architecture_presets";
        return new ScaleSimConfiguration(
            entries.Find("general", "run_name")?.Value ?? "run",
            entries.Number(preset, "ArrayHeight", ScaleSimConfiguration.LongestSide),
            entries.Number(preset, "ArrayWidth", ScaleSimConfiguration.LongestSide),
            1024L * entries.Number(preset, "IfmapSramSzkB", ScaleSimConfiguration.LargestMemory),
            1024L * entries.Number(preset, "FilterSramSzkB", ScaleSimConfiguration.LargestMemory),
            1024L * entries.Number(preset, "OfmapSramSzkB", ScaleSimConfiguration.LargestMemory),
            entries.Choice(preset, "Dataflow", Dataflows),
            entries.Choice("run_presets", "InterfaceBandwidth", new Dictionary<string, bool> { ["CALC"] = false, ["USER"] = true })
                // One number a bank; that tool uses the first.
                ? entries.Number(preset, "Bandwidth", ScaleSimConfiguration.FastestDram, text => text.Split(',')[0].Trim())
                : null);
    }

    private readonly record struct Entry(int Line, string Value);

    private sealed class Entries
    {
        private readonly Dictionary<(string Section, string Key), Entry> _values = [];
        private readonly string _file;

        public Entries(IEnumerable<string> lines, string file)
        {
            _file = file;
            string? section = null;
            int line = 0;
            foreach (string text in lines)
            {
                line++;
                string trimmed = text.Trim();
                if (trimmed.Length == 0 || trimmed[0] is '#' or ';')
                    continue;
                if (trimmed[0] == '[')
                {
                    section = trimmed[^1] == ']' && trimmed.Length > 2
                        ? trimmed[1..^1].Trim()
                        : throw new GraphException($"{file}, line {line}: '{Short(trimmed)}' is not a section, such as [general].");
                    continue;
                }
                int at = trimmed.AsSpan().IndexOfAny(':', '=');
                if (at < 1)
                    throw new GraphException($"{file}, line {line}: '{Short(trimmed)}' is neither a [section] nor key: value.");
                if (section is null)
                    throw new GraphException($"{file}, line {line}: '{Short(trimmed)}' stands before the first section: write [general] above it.");
                string key = trimmed[..at].Trim();
                if (!_values.TryAdd(Place(section, key), new Entry(line, trimmed[(at + 1)..].Trim())))
                    throw new GraphException($"{file}, line {line}: {key} of [{section}] is given again, after line {_values[Place(section, key)].Line}: leave one.");
            }
        }

        public Entry? Find(string section, string key) => _values.TryGetValue(Place(section, key), out Entry entry) ? entry : null;

        public int Number(string section, string key, int most, Func<string, string>? part = null)
        {
            Entry entry = Required(section, key);
            string text = part is null ? entry.Value : part(entry.Value);
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most
                ? value
                : throw Wrong(entry, key, $"a whole number of 1 to {most}");
        }

        public T Choice<T>(string section, string key, Dictionary<string, T> choices)
        {
            Entry entry = Required(section, key);
            return choices.TryGetValue(entry.Value, out T? value) ? value : throw Wrong(entry, key, string.Join(" or ", choices.Keys));
        }

        public GraphException Wrong(Entry entry, string key, string allowed) =>
            new($"{_file}, line {entry.Line}: {key} is '{Short(entry.Value)}'; allowed: {allowed}.");

        private Entry Required(string section, string key) => Find(section, key) ??
            throw new GraphException($"{_file}: {key} is missing; add a line '{key}: …' to the section [{section}].");

        // Sections as they are, keys in any case.
        private static (string Section, string Key) Place(string section, string key) => (section, key.ToUpperInvariant());

        private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
    }
}
