using System.Collections.Immutable;
using System.Globalization;

namespace AccelSim.Models;

/// <summary>One thing that a family of networks can be asked for by name, with what is allowed.</summary>
/// <param name="Name">Such as <c>stride</c>; unique in its family.</param>
/// <param name="Meaning">A phrase for a list of options.</param>
public abstract record NetworkOption(string Name, string Meaning)
{
    /// <summary>The option that chooses among a family's published forms.</summary>
    public const string Variant = "variant";

    /// <summary>The factor on the channels of every layer.</summary>
    public const string Width = "width";

    /// <summary>Height and width of the image.</summary>
    public const string Resolution = "resolution";

    /// <summary>Outputs of the classifier.</summary>
    public const string Classes = "classes";

    /// <summary>Of a range, the values that the literature reports, so that a script can walk them.</summary>
    public ImmutableArray<string> Published { get; init; } = [];

    /// <summary>What it is when nothing is asked for.</summary>
    public abstract string Default { get; }

    /// <summary>What is allowed, such as <c>3x3, 1x1</c> or <c>1 to 4096</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>The one spelling of an allowed value, or null when it is not allowed.</summary>
    public abstract string? Canonical(string given);

    public static ChoiceOption Choice(string name, string meaning, params ReadOnlySpan<string> values) => new(name, meaning, ImmutableArray.Create(values));

    /// <summary>A width multiplier from a range, 1 by default.</summary>
    public static NumberOption AnyWidth(params ReadOnlySpan<string> published) =>
        new(Width, "factor on the channels", 1, 0.05, 8) { Published = ImmutableArray.Create(published) };

    private protected static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private protected static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private protected static int? Integer(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>One of a few values, the default first. Numbers may be written in any way (<c>1.0</c> is <c>1</c>).</summary>
public sealed record ChoiceOption(string Name, string Meaning, ImmutableArray<string> Values) : NetworkOption(Name, Meaning)
{
    public override string Default => Values[0];

    public override string Allowed => string.Join(", ", Values);

    public override string? Canonical(string given) => Values.FirstOrDefault(value =>
        value.Equals(given, StringComparison.OrdinalIgnoreCase) || (Number(value) is { } number && number == Number(given)));
}

/// <summary>A whole number of a range.</summary>
public sealed record IntegerOption(string Name, string Meaning, int Preset, int Smallest, int Largest) : NetworkOption(Name, Meaning)
{
    public override string Default => Text(Preset);

    public override string Allowed => $"{Text(Smallest)} to {Text(Largest)}";

    public override string? Canonical(string given) => Integer(given) is { } number && number >= Smallest && number <= Largest ? Text(number) : null;
}

/// <summary>A real number of a range.</summary>
public sealed record NumberOption(string Name, string Meaning, double Preset, double Smallest, double Largest) : NetworkOption(Name, Meaning)
{
    public override string Default => Text(Preset);

    public override string Allowed => $"{Text(Smallest)} to {Text(Largest)}";

    public override string? Canonical(string given) => Number(given) is { } number && number >= Smallest && number <= Largest ? Text(number) : null;
}

/// <summary>A row of sizes such as <c>784-100-10</c>.</summary>
public sealed record SizesOption(string Name, string Meaning, ImmutableArray<int> Preset, int Fewest, int Most, int Largest) : NetworkOption(Name, Meaning)
{
    public override string Default => Join(Preset);

    public override string Allowed => $"{Fewest} to {Most} sizes of 1 to {Text(Largest)} joined by -, such as {Default}";

    public override string? Canonical(string given)
    {
        int?[] sizes = [.. given.Split('-').Select(Integer)];
        return sizes.Length >= Fewest && sizes.Length <= Most && sizes.All(size => size >= 1 && size <= Largest)
            ? Join(sizes.Select(size => size!.Value))
            : null;
    }

    private static string Join(IEnumerable<int> sizes) => string.Join('-', sizes.Select(size => Text(size)));
}
