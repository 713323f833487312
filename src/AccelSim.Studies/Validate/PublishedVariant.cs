using System.Globalization;

namespace AccelSim.Studies.Validate;

/// <summary>The <c>variant</c> column: <c>key=value</c> and bare remarks, separated by semicolons.</summary>
public sealed class PublishedVariant
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="text">The column as it stands.</param>
    public PublishedVariant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
        var remarks = new List<string>();
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is [var key, var value] && !key.Contains(' ', StringComparison.Ordinal))
                _values.TryAdd(key.Trim(), value.Trim());
            else
                remarks.Add(part);
        }
        Remarks = remarks;
    }

    /// <summary>The column as it stands.</summary>
    public string Text { get; }

    /// <summary>The parts without an equals sign.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>The value of a key, or null.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>The number behind a key, or null where there is none.</summary>
    public double? Number(string key) =>
        double.TryParse(this[key], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    /// <summary>
    /// Height and width of the image: <c>img=224</c>, <c>img=224x224</c> or <c>img=224*224*3</c>; null where the row does not say.
    /// </summary>
    public (int Height, int Width)? Image
    {
        get
        {
            int?[] extents = [.. (this["img"] ?? "").Split('x', '*').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out int extent) && extent > 0 ? extent : (int?)null)];
            return extents switch
            {
                [{ } side] => (side, side),
                [{ } height, { } width] => (height, width),
                [{ } height, { } width, { }] => (height, width),
                _ => null,
            };
        }
    }

    /// <summary>
    /// Multiply-accumulates that the row says the network has: <c>macs_m</c> in millions, or half of <c>ops_g</c> in billions; null where it says neither.
    /// </summary>
    public double? Macs => Number("macs_m") * 1e6 ?? Number("ops_g") * 1e9 / 2;
}
