using System.Buffers;
using System.Globalization;

namespace AccelSim.Platforms.Reading;

/// <summary>Reads figures, <c>{ value: 700 MHz, source: isca2017, note: … }</c>, and holds each to a source of the file.</summary>
internal sealed class FigureReader(IReadOnlyDictionary<string, Source> sources, ISet<string> cited)
{
    private static readonly Source NoSource = new("", "", Confidence.Assumption);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789eE");

    private static readonly Dictionary<string, bool> Booleans = new(StringComparer.Ordinal) { ["false"] = false, ["true"] = true };

    private readonly List<CitedFigure> _read = [];

    /// <summary>What was read, as it is written in the file.</summary>
    public IReadOnlyList<CitedFigure> Figures => _read;

    /// <summary>A physical quantity in its base unit.</summary>
    public Figure<double> Number(Section section, string key, Quantity quantity, double low, double high) =>
        Read(section, key, figure => ParseNumber(figure, quantity, low, high));

    /// <summary>A physical quantity that may be missing.</summary>
    public Figure<double>? OptionalNumber(Section section, string key, Quantity quantity, double low, double high) =>
        section.Has(key) ? Number(section, key, quantity, low, high) : null;

    /// <summary>A number without a unit.</summary>
    public Figure<double> Ratio(Section section, string key, double low, double high) =>
        Read(section, key, figure => ParseRatio(figure, low, high));

    /// <summary>A number without a unit that may be missing.</summary>
    public Figure<double>? OptionalRatio(Section section, string key, double low, double high) =>
        section.Has(key) ? Ratio(section, key, low, high) : null;

    /// <summary>An entry that is nothing but the key of a source.</summary>
    public void Cite(Section section, string key)
    {
        string source = section.Text(key);
        if (sources.ContainsKey(source))
            cited.Add(source);
        else if (source.Length > 0)
            section.Errors.Add(section.LineOf(key), section.Join(key), source, "is not an entry of 'sources'", sources.Count > 0 ? string.Join(", ", sources.Keys) : null);
    }

    /// <summary>A whole number without a unit.</summary>
    public Figure<long> Count(Section section, string key, long low, long high) =>
        Read(section, key, figure => ParseCount(figure, low, high));

    /// <summary>A whole number that may be missing.</summary>
    public Figure<long>? OptionalCount(Section section, string key, long low, long high) =>
        section.Has(key) ? Count(section, key, low, high) : null;

    /// <summary>One of a few words.</summary>
    public Figure<T> Word<T>(Section section, string key, IReadOnlyDictionary<string, T> words) =>
        Read(section, key, figure => figure.Word("value", words));

    /// <summary>true or false.</summary>
    public Figure<bool> Boolean(Section section, string key) => Word(section, key, Booleans);

    /// <summary>Free text that may be missing.</summary>
    public Figure<string>? OptionalText(Section section, string key) =>
        section.Has(key) ? Read(section, key, figure => figure.Text("value")) : null;

    private static double ParseNumber(Section figure, Quantity quantity, double low, double high)
    {
        string text = figure.Text("value");
        if (text.Length == 0)
            return low;
        string allowed = $"{quantity.Noun} from {quantity.Write(low)} to {quantity.Write(high)} in {quantity.UnitNames}";
        int end = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        int split = end < 0 ? text.Length : end;
        string number = text[..split];
        string unit = text[split..].Trim();
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            return Wrong(figure, text, "is not a number with a unit", allowed, low);
        if (unit.Length == 0)
            return Wrong(figure, text, "has no unit", allowed, low);
        int index = quantity.Units.ToList().FindIndex(known => known.Name == unit);
        if (index < 0)
        {
            string? near = quantity.Units.Select(known => known.Name).FirstOrDefault(name => string.Equals(name, unit, StringComparison.OrdinalIgnoreCase));
            string problem = near is null ? $"is not {quantity.Noun}: its unit is '{unit}'" : $"has the unknown unit '{unit}'; did you mean '{near}'?";
            return Wrong(figure, text, problem, allowed, low);
        }

        value *= quantity.Units[index].Factor;
        return value >= low && value <= high ? value : Wrong(figure, text, "is out of range", allowed, low);
    }

    private static double ParseRatio(Section figure, double low, double high)
    {
        string text = figure.Text("value");
        if (text.Length == 0)
            return low;
        string allowed = string.Create(CultureInfo.InvariantCulture, $"a number from {low} to {high} without a unit");
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            return Wrong(figure, text, "is not a number", allowed, low);
        return value >= low && value <= high ? value : Wrong(figure, text, "is out of range", allowed, low);
    }

    private static long ParseCount(Section figure, long low, long high)
    {
        string text = figure.Text("value");
        if (text.Length == 0)
            return low;
        string allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from {low} to {high}");
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            return Wrong(figure, text, "is not a whole number", allowed, low);
        return value >= low && value <= high ? value : Wrong(figure, text, "is out of range", allowed, low);
    }

    private static T Wrong<T>(Section figure, string text, string problem, string allowed, T instead)
    {
        figure.Errors.Add(figure.LineOf("value"), figure.Path, text, problem, allowed);
        return instead;
    }

    private Figure<T> Read<T>(Section section, string key, Func<Section, T> parse)
    {
        if (!section.Has(key))
        {
            section.Errors.Add(section.LineOf(key), section.Join(key), null, "is missing", Written("VALUE"));
            return new Figure<T>(default!, NoSource);
        }

        if (section.Bare(key) is { } bare)
        {
            bool empty = string.IsNullOrWhiteSpace(bare);
            string shown = empty ? "VALUE" : bare;
            section.Errors.Add(
                section.LineOf(key),
                section.Join(key),
                empty ? null : bare,
                empty ? "is empty" : "has no source",
                Written(shown));
            return new Figure<T>(default!, NoSource);
        }

        Section figure = section.Child(key);
        T value = parse(figure);
        Source source = SourceOf(figure);
        string? note = figure.Has("note") ? figure.Text("note") : null;
        _read.Add(new CitedFigure(figure.Path, figure.Bare("value") ?? "", source, note));
        figure.Close();
        return new Figure<T>(value, source, note);
    }

    private static string Written(string value) => $"{{ value: {value}, source: KEY }}, KEY being an entry of 'sources'";

    private Source SourceOf(Section figure)
    {
        if (!figure.Has("source"))
        {
            figure.Errors.Add(figure.LineOf("source"), figure.Join("source"), null, "is missing", sources.Count > 0 ? string.Join(", ", sources.Keys) : "an entry of 'sources'");
            return NoSource;
        }

        string key = figure.Text("source");
        if (key.Length == 0)
            return NoSource;
        if (sources.TryGetValue(key, out Source? source))
        {
            cited.Add(key);
            return source;
        }

        IReadOnlyList<string> near = NearestName.Of(key, sources.Keys, 1);
        string problem = near.Count > 0 ? $"is not an entry of 'sources'; did you mean '{near[0]}'?" : "is not an entry of 'sources'";
        figure.Errors.Add(figure.LineOf("source"), figure.Join("source"), key, problem, sources.Count > 0 ? string.Join(", ", sources.Keys) : null);
        return NoSource;
    }
}
