using System.Collections.Immutable;

namespace AccelSim.Platforms.Reading;

/// <summary>The optional section <c>energy</c> of a platform file.</summary>
internal static class EnergyProfileReader
{
    public static EnergyProfile? Read(PlatformFileContent file)
    {
        return file.Root.OptionalChild("energy") is { } section ? Read(section, file.Figures) : null;
    }

    /// <summary>The keys of <c>kind: energy_profile</c>.</summary>
    public static HardwareDescription ReadFile(PlatformFileContent file)
    {
        ImmutableArray<string> platforms = file.Root.OptionalTexts("applies_to");
        if (platforms.IsEmpty)
            file.Root.Errors.Add(file.Root.LineOf("applies_to"), "applies_to", null, "names no platform", "a list of names or aliases of platforms");
        return new EnergyProfileFile(file.Header, platforms, Read(file.Root.Child("energy"), file.Figures));
    }

    private static EnergyProfile Read(Section section, FigureReader figures)
    {
        var profile = new EnergyProfile(
            figures.OptionalText(section, "technology"),
            figures.OptionalCount(section, "operand_bits", 8, 16),
            RegisterFileOf(section, figures),
            figures.OptionalRatio(section, "dynamic_scale", 0.01, 100),
            figures.OptionalNumber(section, "idle_power", Quantity.Power, 0, 1e4),
            figures.OptionalRatio(section, "area_scale", 0.01, 100),
            figures.OptionalNumber(section, "fixed_area", Quantity.Area, 0, 1000),
            section.Has("on_fpga") ? figures.Boolean(section, "on_fpga") : null);
        if (profile.OperandBits is { Value: not (8 or 16) and var bits })
            section.Errors.Add(section.LineOf("operand_bits"), section.Join("operand_bits"), FormattableString.Invariant($"{bits}"), "is no width that technologies have figures for", "8 or 16");
        section.Close();
        return profile;
    }

    private static RegisterFile? RegisterFileOf(Section section, FigureReader figures)
    {
        if (section.OptionalChild("register_file") is not { } file)
            return null;
        var result = new RegisterFile(figures.Number(file, "size", Quantity.Bytes, 2, 1e6), figures.Ratio(file, "accesses_per_mac", 0, 100));
        file.Close();
        return result;
    }
}
