using System.Collections.Immutable;
using System.Globalization;

namespace AccelSim.Platforms;

/// <summary>One thing wrong with a platform file.</summary>
/// <param name="File">The path as it was given.</param>
/// <param name="Line">Line, from 1; 0 where the whole file is meant.</param>
/// <param name="Key">Path of the key, for example <c>array.rows</c>; empty where the whole file is meant.</param>
/// <param name="Value">The offending text, shortened, or null where there is none.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Allowed">What would be right, or null where the problem says it.</param>
public sealed record PlatformFileError(string File, int Line, string Key, string? Value, string Problem, string? Allowed)
{
    /// <summary>One line for the user, in the form that editors follow to the place.</summary>
    public override string ToString()
    {
        string place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: ") : $"{File}: ";
        string key = Key.Length > 0 ? $"{Key}: " : "";
        string value = Value is null ? "" : $"'{Value}' ";
        string allowed = Allowed is null ? "" : $"; allowed: {Allowed}";
        return $"{place}{key}{value}{Problem}{allowed}";
    }
}

/// <summary>A platform file is not legal. The message lists every error of the file, one a line.</summary>
public sealed class PlatformFileException : Exception
{
    /// <summary>Makes the exception for at least one error.</summary>
    public PlatformFileException(IEnumerable<PlatformFileError> errors)
        : this([.. errors.OrderBy(error => error.Line)])
    {
    }

    private PlatformFileException(ImmutableArray<PlatformFileError> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>Every error of the file, in the order of its lines.</summary>
    public ImmutableArray<PlatformFileError> Errors { get; }
}
