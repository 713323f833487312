using System.Collections.Immutable;
using System.Globalization;

namespace AccelSim.Models;

/// <summary>A family's options with their values, all present and allowed.</summary>
/// <param name="values">Canonical values by option name.</param>
/// <param name="batch">Images at once.</param>
public sealed class NetworkSettings(IReadOnlyDictionary<string, string> values, int batch)
{
    /// <exception cref="KeyNotFoundException">The family has no such option.</exception>
    public string this[string option] => values[option];

    public string Variant => this[NetworkOption.Variant];

    public double Width => Number(NetworkOption.Width);

    public int Resolution => Integer(NetworkOption.Resolution);

    public int Classes => Integer(NetworkOption.Classes);

    public int Batch { get; } = batch;

    /// <summary>True when an option of the values on and off is on.</summary>
    public bool IsOn(string option) => this[option] == "on";

    public int Integer(string option) => int.Parse(this[option], CultureInfo.InvariantCulture);

    public double Number(string option) => double.Parse(this[option], CultureInfo.InvariantCulture);

    public ImmutableArray<int> Sizes(string option) => [.. this[option].Split('-').Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
}
