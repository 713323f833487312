using System.Collections.Immutable;

namespace AccelSim.Platforms;

/// <summary>A process node: what an operation, a bit moved and a bit kept cost. Energies in joules, areas in square millimetres, voltage in volts.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="Nanometres">The node's name as a number.</param>
/// <param name="Volts">Supply at which the energies hold.</param>
/// <param name="ScaledFrom">Names of the technologies from which missing figures are scaled; empty where none may be.</param>
/// <param name="Figures">The figures of the file, or after <see cref="TechnologyCatalog.Find"/> all figures.</param>
/// <param name="SramReads">Read energies of memories by size, smallest first.</param>
public sealed record Technology(
    PlatformHeader Header,
    Figure<double> Nanometres,
    Figure<double> Volts,
    ImmutableArray<string> ScaledFrom,
    ImmutableSortedDictionary<TechnologyQuantity, Figure<double>> Figures,
    ImmutableArray<SramRead> SramReads)
    : HardwareDescription(Header)
{
    /// <inheritdoc/>
    public override string Kind => "technology";

    /// <summary>The figure of a quantity.</summary>
    /// <exception cref="KeyNotFoundException">The file has none, and it was not resolved.</exception>
    public Figure<double> this[TechnologyQuantity quantity] => Figures[quantity];

    /// <summary>The figures in the order and with the keys of a file, with values written in their units.</summary>
    public IEnumerable<(string Key, string Value, Source Source, string? Note)> Listing()
    {
        foreach (TechnologyKey key in TechnologyKey.All.Where(key => Figures.ContainsKey(key.Quantity)))
        {
            Figure<double> figure = Figures[key.Quantity];
            string value = key.Unit?.Write(Rounded(figure.Value)) ?? FormattableString.Invariant($"{figure.Value:0.####}");
            yield return (key.Path, value, figure.Source, figure.Note);
        }
        foreach (SramRead point in SramReads)
        {
            string size = Reading.Quantity.Bytes.Write(point.Bytes.Value);
            yield return ($"sram {size}, {point.WidthBits.Value} bits", Reading.Quantity.Energy.Write(Rounded(point.Joules.Value)), point.Joules.Source, point.Joules.Note);
        }
    }

    // Four digits: a scaled figure has not more to say.
    private static double Rounded(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 3);
        return Math.Round(value / unit) * unit;
    }
}

/// <summary>The energy of one read of a memory.</summary>
/// <param name="Bytes">Size of the memory.</param>
/// <param name="WidthBits">Bits that one access moves.</param>
/// <param name="Joules">Energy of the access.</param>
public sealed record SramRead(Figure<double> Bytes, Figure<long> WidthBits, Figure<double> Joules);

/// <summary>Energy of memories off the chip, device and interface together.</summary>
/// <param name="Header">Names, prose and sources.</param>
/// <param name="JoulesPerBit">By type, such as <c>DDR3</c>.</param>
public sealed record DramEnergies(PlatformHeader Header, ImmutableSortedDictionary<string, Figure<double>> JoulesPerBit) : HardwareDescription(Header)
{
    /// <inheritdoc/>
    public override string Kind => "dram_energy";

    /// <summary>The figure of the longest type with which a memory's own name begins, such as LPDDR4 of <c>LPDDR4-3200</c>, or null.</summary>
    public Figure<double>? Of(string? memoryType) => memoryType is null
        ? null
        : JoulesPerBit.Where(entry => BeginsWith(memoryType, entry.Key)).OrderByDescending(entry => entry.Key.Length).Select(entry => entry.Value).FirstOrDefault();

    // DDR4-2133 and "DDR4, 64 bits" are DDR4; DDR4 is no DDR, nor LPDDR4X an LPDDR4.
    private static bool BeginsWith(string name, string type) =>
        name.StartsWith(type, StringComparison.OrdinalIgnoreCase) && (name.Length == type.Length || !char.IsLetterOrDigit(name[type.Length]));
}
