namespace AccelSim.Platforms.Reading;

/// <summary>What the reader of one kind of platform is given.</summary>
/// <param name="Header">Names, prose and sources, read already.</param>
/// <param name="Root">The top of the file.</param>
/// <param name="Figures">Reads figures and holds them to the file's sources.</param>
internal sealed record PlatformFileContent(PlatformHeader Header, Section Root, FigureReader Figures)
{
    public Figure<double> Clock() => Figures.Number(Root, "clock", Quantity.Frequency, 1e3, 1e13);

    public Figure<double>? Process() => Figures.OptionalNumber(Root, "process", Quantity.Length, 1, 1000);

    public Figure<double>? Power() => Figures.OptionalNumber(Root, "power", Quantity.Power, 1e-3, 1e4);

    public OffChipMemory Dram()
    {
        Section dram = Root.Child("dram");
        var memory = new OffChipMemory(
            Figures.Number(dram, "bandwidth", Quantity.Bandwidth, 1e6, 1e14),
            Figures.OptionalText(dram, "type"),
            Figures.OptionalNumber(dram, "capacity", Quantity.Bytes, 1024, 1e13),
            Figures.OptionalNumber(dram, "latency", Quantity.Time, 1e-9, 1e-3))
        {
            BurstBytes = Figures.OptionalNumber(dram, "burst", Quantity.Bytes, 1, 65536),
            Efficiency = Figures.OptionalNumber(dram, "efficiency", Quantity.Share, 0.01, 1),
        };
        dram.Close();
        return memory;
    }
}
