namespace AccelSim.Platforms.Reading;

/// <summary>The keys of <c>kind: fpga</c>.</summary>
internal static class FpgaPlatformReader
{
    private static readonly Dictionary<string, FpgaFamily> Families = new(StringComparer.Ordinal)
    {
        ["series7"] = FpgaFamily.Series7,
        ["ultrascale_plus"] = FpgaFamily.UltraScalePlus,
        ["ecp5"] = FpgaFamily.Ecp5,
        ["ice40"] = FpgaFamily.Ice40,
    };

    public static FpgaPlatform Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Section fabric = root.Child("fabric");
        var platform = new FpgaPlatform(
            header,
            file.Clock(),
            file.Process(),
            file.Power(),
            figures.Word(root, "family", Families),
            new FpgaFabric(
                figures.Count(fabric, "lut", 1, 100_000_000),
                figures.OptionalCount(fabric, "register", 1, 100_000_000),
                figures.Count(fabric, "dsp", 0, 1_000_000),
                figures.Count(fabric, "int8_macs_per_dsp", 1, 16),
                figures.Count(fabric, "block_ram", 0, 1_000_000),
                figures.Number(fabric, "block_ram_size", Quantity.Bits, 1024, 1024 * 1024),
                figures.OptionalCount(fabric, "ultra_ram", 1, 1_000_000),
                figures.OptionalNumber(fabric, "ultra_ram_size", Quantity.Bits, 1024, 16 * 1024 * 1024)),
            file.Dram())
        {
            Energy = EnergyProfileReader.Read(file),
            Part = figures.OptionalText(root, "part"),
        };
        if (fabric.Has("ultra_ram") != fabric.Has("ultra_ram_size"))
        {
            string present = fabric.Has("ultra_ram") ? "ultra_ram" : "ultra_ram_size";
            fabric.Errors.Add(fabric.LineOf(present), fabric.Join(present), null, "needs its partner", "both 'ultra_ram' and 'ultra_ram_size', or neither");
        }

        fabric.Close();
        return platform;
    }
}
