using System.Collections.Immutable;

namespace AccelSim.Platforms.Reading;

/// <summary>The keys of <c>kind: technology</c> and <c>kind: dram_energy</c>.</summary>
internal static class TechnologyReader
{
    public static HardwareDescription Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Figure<double> node = figures.Number(root, "process", Quantity.Length, NodeScale.SmallestNanometres, NodeScale.LargestNanometres);
        Figure<double> volts = figures.Number(root, "voltage", Quantity.Voltage, 0.3, 5);
        ImmutableArray<string> from = root.OptionalTexts("scaled_from");
        // The rule by which figures are scaled is a source too.
        if (from.Length > 0)
            figures.Cite(root, "scaling");
        return new Technology(header, node, volts, from, Figures(root, figures), Reads(root, figures));
    }

    public static HardwareDescription ReadDram(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Section types = root.Child("joules_per_bit");
        var energies = ImmutableSortedDictionary.CreateBuilder<string, Figure<double>>(StringComparer.OrdinalIgnoreCase);
        foreach (string type in types.Keys)
            energies[type] = figures.Number(types, type, Quantity.EnergyPerBit, 1e-14, 1e-9);
        types.Close();
        return new DramEnergies(header, energies.ToImmutable());
    }

    private static ImmutableSortedDictionary<TechnologyQuantity, Figure<double>> Figures(Section root, FigureReader figures)
    {
        var read = ImmutableSortedDictionary.CreateBuilder<TechnologyQuantity, Figure<double>>();
        foreach (IGrouping<string, TechnologyKey> keys in TechnologyKey.All.GroupBy(key => key.Section))
        {
            if (root.OptionalChild(keys.Key) is not { } section)
                continue;
            foreach (TechnologyKey key in keys.Where(key => section.Has(key.Key)))
            {
                read[key.Quantity] = key.Unit is { } unit
                    ? figures.Number(section, key.Key, unit, key.Low, key.High)
                    : figures.Ratio(section, key.Key, key.Low, key.High);
            }
            section.Close();
        }
        return read.ToImmutable();
    }

    private static ImmutableArray<SramRead> Reads(Section root, FigureReader figures)
    {
        if (!root.Has("sram"))
            return [];
        var points = new List<SramRead>();
        foreach (Section point in root.Children("sram"))
        {
            points.Add(new SramRead(
                figures.Number(point, "size", Quantity.Bytes, 16, 1e12),
                figures.Count(point, "width", 1, 65536),
                figures.Number(point, "read", Quantity.Energy, 1e-18, 1e-6)));
            point.Close();
        }
        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].Bytes.Value <= points[i - 1].Bytes.Value)
                root.Errors.Add(root.LineOf("sram"), $"sram[{i}].size", Quantity.Bytes.Write(points[i].Bytes.Value), "is not larger than the size before it", "sizes in rising order");
        }
        return [.. points];
    }
}
