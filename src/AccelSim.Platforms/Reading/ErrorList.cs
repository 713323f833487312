using AccelSim.Platforms.Yaml;

namespace AccelSim.Platforms.Reading;

/// <summary>Collects the errors of one file.</summary>
internal sealed class ErrorList(string file)
{
    private const int LongestValue = 60;

    private readonly List<PlatformFileError> _errors = [];

    public IReadOnlyList<PlatformFileError> Errors => _errors;

    public void Add(int line, string key, string? value, string problem, string? allowed = null) =>
        _errors.Add(new PlatformFileError(file, line, Printable(key), value is null ? null : Printable(value), problem, allowed));

    /// <summary>Names what a node is, for a message about a node of the wrong sort.</summary>
    public static string Sort(YamlTree node) => node switch
    {
        YamlMap => "is a mapping",
        YamlList => "is a list",
        _ => "is a single value",
    };

    // A hostile file must not reach the terminal with its control characters, nor fill it.
    private static string Printable(string text)
    {
        string clean = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        return clean.Length <= LongestValue ? clean : string.Concat(clean.AsSpan(0, LongestValue), "…");
    }
}
