namespace AccelSim.Platforms.Reading;

/// <summary>A kind of physical quantity with the units in which a file may write it.</summary>
/// <param name="Noun">The quantity with its article, for messages: <c>a frequency</c>.</param>
/// <param name="Units">Unit names with their factor to the base unit, which is the first of factor 1.</param>
internal sealed record Quantity(string Noun, IReadOnlyList<(string Name, double Factor)> Units)
{
    public static Quantity Frequency { get; } = new("a frequency", [("Hz", 1), ("kHz", 1e3), ("MHz", 1e6), ("GHz", 1e9), ("THz", 1e12)]);

    public static Quantity Bytes { get; } = new("a size", [("B", 1), ("KiB", 1024), ("MiB", 1024.0 * 1024), ("GiB", 1024.0 * 1024 * 1024)]);

    public static Quantity Bits { get; } = new("a size in bits", [("bit", 1), ("Kibit", 1024), ("Mibit", 1024.0 * 1024)]);

    // Vendors quote bandwidth in powers of ten.
    public static Quantity Bandwidth { get; } = new("a bandwidth", [("B/s", 1), ("kB/s", 1e3), ("MB/s", 1e6), ("GB/s", 1e9), ("TB/s", 1e12)]);

    public static Quantity OperationRate { get; } = new(
        "an operation rate (a MAC is two operations)",
        [("OPS", 1), ("GOPS", 1e9), ("TOPS", 1e12), ("GFLOPS", 1e9), ("TFLOPS", 1e12)]);

    public static Quantity Share { get; } = new("a share", [("%", 0.01)]);

    public static Quantity EnergyPerByte { get; } = new("an energy of a byte", [("pJ/B", 1)]);

    public static Quantity Power { get; } = new("a power", [("W", 1), ("mW", 1e-3), ("uW", 1e-6)]);

    public static Quantity Time { get; } = new("a time", [("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)]);

    public static Quantity Length { get; } = new("a process node", [("nm", 1)]);

    public static Quantity Voltage { get; } = new("a voltage", [("V", 1), ("mV", 1e-3)]);

    public static Quantity Energy { get; } = new("an energy", [("J", 1), ("nJ", 1e-9), ("pJ", 1e-12), ("fJ", 1e-15)]);

    public static Quantity EnergyPerBit { get; } = new("an energy a bit", [("pJ/bit", 1e-12), ("fJ/bit", 1e-15)]);

    public static Quantity WireEnergy { get; } = new("the energy of a wire", [("pJ/bit/mm", 1e-12), ("fJ/bit/mm", 1e-15)]);

    public static Quantity Area { get; } = new("an area", [("mm2", 1), ("um2", 1e-6)]);

    public static Quantity LeakageByArea { get; } = new("leakage by area", [("W/mm2", 1), ("mW/mm2", 1e-3)]);

    public static Quantity LeakageBySize { get; } = new("leakage by size", [("mW/MiB", 1e-3 / (1024 * 1024)), ("uW/KiB", 1e-6 / 1024)]);

    /// <summary>The unit names as a list for messages: <c>Hz, kHz or MHz</c>.</summary>
    public string UnitNames => Units.Count == 1
        ? Units[0].Name
        : $"{string.Join(", ", Units.SkipLast(1).Select(unit => unit.Name))} or {Units[^1].Name}";

    /// <summary>A value of the base unit written in the unit that leaves it between 1 and 1000 where there is one.</summary>
    public string Write(double value)
    {
        (string name, double factor) = Units.Where(unit => unit.Factor <= value).DefaultIfEmpty(Units.MinBy(unit => unit.Factor)).MaxBy(unit => unit.Factor);
        return FormattableString.Invariant($"{value / factor:0.######} {name}");
    }
}
