using System.Collections.Immutable;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Area;
using AccelSim.Systolic.Energy;
using AccelSim.Systolic.Fpga;

namespace AccelSim.Studies.Hardware;

/// <summary>A figure of a file, with where it comes from.</summary>
/// <param name="Key">Where it stands in the file.</param>
/// <param name="Value">With its unit.</param>
/// <param name="Confidence">verified, memory or assumption.</param>
/// <param name="Source">The document, or the reason for an assumption.</param>
/// <param name="Note">What a reader should know, or null.</param>
public sealed record ExplainedFigure(string Key, string Value, string Confidence, string Source, string? Note);

/// <summary>What follows from the figures. Modelled.</summary>
/// <param name="What">The quantity.</param>
/// <param name="Value">With its unit.</param>
/// <param name="How">By which rule.</param>
public sealed record DerivedFigure(string What, string Value, string How);

/// <summary>All that is known of a platform or technology.</summary>
public sealed record HardwareExplanation(
    string Name, string Kind, string Title, string Description, string File, ImmutableArray<ExplainedFigure> Figures, ImmutableArray<DerivedFigure> Derived)
{
    /// <summary>Explains a platform, a technology, an energy profile or the energies of DRAM, by name or file.</summary>
    /// <exception cref="UnknownPlatformException">There is nothing of that name.</exception>
    /// <exception cref="PlatformFileException">The file is not legal.</exception>
    public static HardwareExplanation Of(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        var technologies = TechnologyCatalog.Open();
        if (System.IO.File.Exists(nameOrPath))
            return Of(HardwareFile.Read(nameOrPath), technologies);
        return Of(technologies.Has(nameOrPath) ? technologies.Describe(nameOrPath) : PlatformCatalog.Open().Find(nameOrPath), technologies);
    }

    private static HardwareExplanation Of(HardwareDescription hardware, TechnologyCatalog technologies)
    {
        Technology? technology = hardware is Technology raw ? technologies.Resolve(raw) : null;
        IEnumerable<ExplainedFigure> figures = technology is null
            ? hardware.CitedFigures.Concat(FamilyFigures(hardware, technologies)).Select(figure => Explained(figure.Key, figure.Value, figure.Source, figure.Note))
            : technology.CitedFigures.Where(figure => !figure.Key.Contains('.') && !figure.Key.Contains('[')).Select(figure => Explained(figure.Key, figure.Value, figure.Source, figure.Note))
                .Concat(technology.Listing().Select(figure => Explained(figure.Key, figure.Value, figure.Source, figure.Note)));
        IEnumerable<DerivedFigure> derived = hardware switch
        {
            AsicPlatform asic => OfAsic(asic, technologies),
            FpgaPlatform fpga => OfFpga(fpga, technologies),
            EnginePlatform engine => OfEngine(engine, technologies),
            Technology => OfTechnology(PlatformEnergy.Costs(technology!)),
            _ => [],
        };
        return new HardwareExplanation(hardware.Name, hardware.Kind, hardware.Header.Title, hardware.Header.Description, hardware.Header.File, [.. figures], [.. derived]);
    }

    // What a family shares stands in a file of its own, and explains the platform all the same.
    private static ImmutableArray<CitedFigure> FamilyFigures(HardwareDescription hardware, TechnologyCatalog technologies) =>
        hardware is Platform platform ? technologies.FamilyProfileOf(platform)?.CitedFigures ?? [] : [];

    private static ExplainedFigure Explained(string key, string value, Source source, string? note) =>
        new(key, value, source.Confidence.ToString().ToLowerInvariant(), source.Text, note);

    private static IEnumerable<DerivedFigure> OfAsic(AsicPlatform platform, TechnologyCatalog technologies)
    {
        ArrayConfiguration array = PlatformModels.Array(platform);
        (AcceleratorCosts? costs, string note) = PlatformEnergy.CostsOf(platform, array, technologies);
        return OfChip(array.MacsPerCycle * array.ClockHz, costs, note);
    }

    private static IEnumerable<DerivedFigure> OfEngine(EnginePlatform platform, TechnologyCatalog technologies)
    {
        Systolic.Engines.ComputeEngine core = EngineModels.Core(platform);
        (AcceleratorCosts? costs, string note) = PlatformEnergy.CostsOf(platform, technologies);
        return OfChip(core.MacsPerCycle * core.ClockHz, costs, note);
    }

    private static IEnumerable<DerivedFigure> OfChip(double macsPerSecond, AcceleratorCosts? costs, string note)
    {
        yield return new DerivedFigure("peak", FormattableString.Invariant($"{2e-12 * macsPerSecond:0.###} TOPS"), "2 × processing elements × clock, of one core");
        if (costs is null)
        {
            yield return new DerivedFigure("area and energy", "not known", note);
            yield break;
        }
        foreach (DerivedFigure figure in costs.IsOnFpga ? [] : Areas(AreaEstimate.Of(costs)))
            yield return figure;
        foreach (DerivedFigure figure in Energies(costs, note))
            yield return figure;
    }

    private static IEnumerable<DerivedFigure> Areas(AreaEstimate area)
    {
        yield return Area("array area", area.ArraySquareMillimetres, "multiplier, adder and registers of each element ÷ placement density × fitted scale");
        yield return Area("vector unit area", area.VectorSquareMillimetres, "a 32-bit multiplier, adder and registers a lane");
        foreach (MemoryArea memory in area.Memories)
            yield return Area($"{memory.Level} area", memory.SquareMillimetres, "bit cells × macro factor");
        if (area.FixedSquareMillimetres > 0)
            yield return Area("control area", area.FixedSquareMillimetres, "fitted, in the energy profile");
        yield return Area("area", area.TotalSquareMillimetres, "sum, without pads and interfaces off the chip");
    }

    private static IEnumerable<DerivedFigure> OfFpga(FpgaPlatform platform, TechnologyCatalog technologies)
    {
        FpgaBudget budget = PlatformModels.Budget(platform);
        FpgaArray? fit = null;
        string why = "";
        try
        {
            fit = PlatformModels.LargestArray(platform);
        }
        catch (ArrayConfigurationException error)
        {
            why = error.Message;
        }
        if (fit is null)
        {
            yield return new DerivedFigure("largest array", "none", why);
            yield break;
        }
        FpgaUse use = fit.Use;
        yield return new DerivedFigure("largest array", fit.Array.Describe(), FormattableString.Invariant($"{fit.LimitedBy} end the search; {budget.Fill:0.#} of each primitive may be used"));
        yield return new DerivedFigure("its DSP slices", FormattableString.Invariant($"{use.Dsps} of {budget.Dsps}"), budget.MultipliesInLogic ? "products are made of look-up tables" : FormattableString.Invariant($"{budget.MacsPerMultiplier} MACs a slice, {budget.Primitives.Requantizer.Dsps} slices a requantizer"));
        yield return new DerivedFigure("its LUTs", FormattableString.Invariant($"{use.Luts} of {budget.Luts}"), "counted on small arrays by Yosys 0.23, plus control");
        yield return new DerivedFigure("its flip-flops", FormattableString.Invariant($"{use.Registers} of {budget.Registers ?? 2 * budget.Luts}"), "counted on small arrays by Yosys 0.23");
        yield return new DerivedFigure("its block RAMs", FormattableString.Invariant($"{use.BlockRams(budget.Primitives):0.#} of {budget.BlockRams}"), $"fewest {budget.Primitives.Block.Name} for double-buffered inputs, weights and sums; the rest is room for data");
        yield return new DerivedFigure("its clock", FormattableString.Invariant($"{fit.Array.ClockHz / 1e6:0} MHz"), FormattableString.Invariant($"the board's accelerators' clock, falling with fill ({100 * fit.Fill:0} %)"));
        yield return new DerivedFigure("its peak", FormattableString.Invariant($"{2e-12 * fit.Array.MacsPerCycle * fit.Array.ClockHz:0.###} TOPS"), "2 × processing elements × clock");
        (AcceleratorCosts? costs, string note) = PlatformEnergy.CostsOf(platform, fit.Array, technologies);
        foreach (DerivedFigure figure in costs is null ? [] : Energies(costs, note))
            yield return figure;
    }

    private static IEnumerable<DerivedFigure> Energies(AcceleratorCosts costs, string note)
    {
        yield return new DerivedFigure("energy of a MAC alone", Picojoules(costs.DynamicScale * costs.Technology.Macs[costs.Integer].Joules), note);
        yield return new DerivedFigure("idle power", FormattableString.Invariant($"{new EnergyModel(costs).IdleWatts:0.####} W"), costs.IdleWatts is null ? "leakage by area and the clock of every flip-flop" : note);
    }

    private static IEnumerable<DerivedFigure> OfTechnology(TechnologyCosts costs)
    {
        foreach ((MacPrecision precision, MacCost mac) in costs.Macs.OrderBy(entry => entry.Key))
            yield return new DerivedFigure($"{precision.ToString().ToLowerInvariant()} MAC", Picojoules(mac.Joules), "multiply and add");
        foreach (int kibibytes in (int[])[1, 8, 32, 128, 1024])
            yield return new DerivedFigure($"SRAM of {kibibytes} KiB, read", FormattableString.Invariant($"{1e12 * costs.Sram.ReadBit(kibibytes * 1024.0):0.###} pJ/bit"), "power law between the points of the file, square root outside");
        yield return Area("1 MiB of SRAM", 8 * 1024 * 1024 * costs.SramBitSquareMillimetres, "bit cell × macro factor");
    }

    private static DerivedFigure Area(string what, double squareMillimetres, string how) => new(what, FormattableString.Invariant($"{squareMillimetres:0.###} mm2"), how);

    private static string Picojoules(double joules) => FormattableString.Invariant($"{1e12 * joules:0.####} pJ");
}
