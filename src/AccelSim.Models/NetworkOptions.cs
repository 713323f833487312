using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>What a network of the zoo is asked for. Null means the family's own default.</summary>
/// <param name="Variant">The option called variant.</param>
/// <param name="Width">Width multiplier, where the family has one.</param>
/// <param name="Resolution">Height and width of the image.</param>
/// <param name="Classes">Outputs of the classifier.</param>
/// <param name="Batch">Images at once.</param>
/// <param name="Named">Every other option by name (<see cref="NetworkFamily.Options"/> lists them); the four above may be named here instead.</param>
public sealed record NetworkOptions(
    string? Variant = null,
    double? Width = null,
    int? Resolution = null,
    int? Classes = null,
    int Batch = 1,
    IReadOnlyDictionary<string, string>? Named = null)
{
    /// <summary>True when a network of the zoo would be what it is by default.</summary>
    public bool AreDefault => ByName().Count == 0;

    /// <summary>Everything that was asked for, by option name.</summary>
    /// <exception cref="GraphException">An option is given twice.</exception>
    public IReadOnlyDictionary<string, string> ByName()
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Named ?? new Dictionary<string, string>())
            Add(name, value);
        Add(NetworkOption.Variant, Variant);
        Add(NetworkOption.Width, Width?.ToString(CultureInfo.InvariantCulture));
        Add(NetworkOption.Resolution, Resolution?.ToString(CultureInfo.InvariantCulture));
        Add(NetworkOption.Classes, Classes?.ToString(CultureInfo.InvariantCulture));
        return all;

        void Add(string name, string? value)
        {
            if (value is not null && !all.TryAdd(name, value))
                throw new GraphException($"The option '{name}' is given twice.");
        }
    }
}
