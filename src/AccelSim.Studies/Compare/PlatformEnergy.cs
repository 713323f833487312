using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Systolic;
using AccelSim.Systolic.Area;
using AccelSim.Systolic.Energy;
using AccelSim.Systolic.Memory;

namespace AccelSim.Studies.Compare;

/// <summary>The energy of a network on a platform, or the reason why it is not known.</summary>
/// <param name="Energy">By layer and component, or null.</param>
/// <param name="Note">The technology, what was fitted and what is left out; or why there is no figure.</param>
public sealed record PlatformEnergyEstimate(NetworkEnergy? Energy, string Note);

/// <summary>A platform file and a technology file as what <see cref="EnergyModel"/> and <see cref="AreaEstimate"/> take.</summary>
public static class PlatformEnergy
{
    private const int MultiplierBits32 = 32;

    // In joules a bit.
    private const double PicojoulesPerByte = 1e-12 / 8;

    /// <summary>The energy of a network whose layers were timed on a platform.</summary>
    /// <param name="platform">An ASIC or FPGA.</param>
    /// <param name="array">The array that the layers were timed on.</param>
    /// <param name="graph">The network.</param>
    /// <param name="timings">The time of each layer, in the graph's order.</param>
    /// <param name="technologies">Where technologies are; null for those beside the platforms.</param>
    /// <exception cref="PlatformFileException">A technology file is not legal.</exception>
    /// <exception cref="GraphException">A layer's traffic names a memory that the platform does not have.</exception>
    public static PlatformEnergyEstimate Of(Platform platform, ArrayConfiguration array, LayerGraph graph, IReadOnlyList<LayerTiming> timings, TechnologyCatalog? technologies = null)
    {
        (AcceleratorCosts? costs, string note) = CostsOf(platform, array, technologies ?? TechnologyCatalog.Open());
        return new PlatformEnergyEstimate(costs is null ? null : new EnergyModel(costs).Of(graph, timings), note);
    }

    /// <summary>The area of an ASIC, or null with the reason where its node is not known.</summary>
    public static (AreaEstimate? Area, string Note) AreaOf(AsicPlatform platform, ArrayConfiguration array, TechnologyCatalog? technologies = null)
    {
        (AcceleratorCosts? costs, string note) = CostsOf(platform, array, technologies ?? TechnologyCatalog.Open());
        return (costs is null ? null : AreaEstimate.Of(costs), note);
    }

    /// <summary>What a platform spends its energy on, or null with the reason.</summary>
    public static (AcceleratorCosts? Costs, string Note) CostsOf(Platform platform, ArrayConfiguration array, TechnologyCatalog technologies)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(technologies);
        EnergyProfile? profile = (platform as AsicPlatform)?.Energy ?? (platform as FpgaPlatform)?.Energy;
        if (platform is not (AsicPlatform or FpgaPlatform))
            return (null, $"{platform.Name} is a {platform.Kind}: its energy is not modelled");
        if (profile?.Technology is null && platform.ProcessNanometres is null)
            return (null, $"{platform.Name} has no energy: its file names no process node (key 'process' or 'energy.technology')");
        Technology technology = profile?.Technology is { } name ? technologies.Find(name.Value) : technologies.At(platform.ProcessNanometres!.Value);
        Figure<double>? dram = technologies.Dram().Of(platform.Dram.Type?.Value);
        int operandBits = (int)(profile?.OperandBits?.Value ?? 8);
        const int sumBits = 32;
        // A systolic element passes its input on and adds to a sum each cycle; what is stationary has a second register where folds overlap.
        double moving = array.Dataflow == Dataflow.OutputStationary ? 2 * operandBits + sumBits : operandBits + sumBits;
        double stationary = array.Dataflow == Dataflow.OutputStationary ? 0 : operandBits * (array.Schedule == FoldSchedule.Pipelined ? 2 : 1);
        var costs = new AcceleratorCosts(
            platform.Name,
            Costs(technology),
            array.MacsPerCycle,
            moving,
            moving + stationary,
            profile?.RegisterFile is { } file ? new RegisterFileCosts(file.Bytes.Value, file.AccessesPerMac.Value) : null,
            array.VectorLanes,
            Memories(array),
            dram?.Value,
            array.ClockHz,
            operandBits == 16 ? MacPrecision.Int16 : MacPrecision.Int8,
            profile?.DynamicScale?.Value ?? 1,
            profile?.IdlePowerWatts?.Value,
            profile?.AreaScale?.Value ?? 1);
        return (costs, Note(platform, technology, profile, dram));
    }

    /// <summary>A resolved technology as the simulator takes it.</summary>
    public static TechnologyCosts Costs(Technology technology)
    {
        ArgumentNullException.ThrowIfNull(technology);
        double int8Area = Of(TechnologyQuantity.Int8MultiplyArea), int32Area = Of(TechnologyQuantity.Int32MultiplyArea);
        // A multiplier's area is a power of its width, as its energy.
        double int16Area = Math.Sqrt(int8Area * int32Area);
        double add = Of(TechnologyQuantity.Int32Add), addArea = Of(TechnologyQuantity.Int32AddArea);
        return new TechnologyCosts(
            technology.Name,
            new Dictionary<MacPrecision, MacCost>
            {
                [MacPrecision.Int8] = new(Of(TechnologyQuantity.Int8Multiply) + add, int8Area + addArea, 8, 32),
                [MacPrecision.Int16] = new(Of(TechnologyQuantity.Int16Multiply) + add, int16Area + addArea, 16, 32),
                [MacPrecision.Float32] = new(
                    Of(TechnologyQuantity.Float32Multiply) + Of(TechnologyQuantity.Float32Add), Of(TechnologyQuantity.Float32MultiplyArea) + Of(TechnologyQuantity.Float32AddArea), MultiplierBits32, 32),
            }.ToImmutableDictionary(),
            Of(TechnologyQuantity.Int32Multiply) + add,
            int32Area + addArea,
            Of(TechnologyQuantity.RegisterBit),
            Of(TechnologyQuantity.ClockBit),
            Of(TechnologyQuantity.Wire),
            new SramEnergy(
                [.. technology.SramReads.Select(point => new SramPoint(point.Bytes.Value, point.Joules.Value / point.WidthBits.Value))],
                Of(TechnologyQuantity.SramWriteFactor)),
            Of(TechnologyQuantity.RegisterBitArea),
            Of(TechnologyQuantity.SramBitCellArea) * Of(TechnologyQuantity.SramMacroFactor),
            Of(TechnologyQuantity.LogicFactor),
            Of(TechnologyQuantity.LogicLeakage),
            Of(TechnologyQuantity.SramLeakage));

        double Of(TechnologyQuantity quantity) => technology[quantity].Value;
    }

    private static ImmutableArray<StoredLevel> Memories(ArrayConfiguration array) =>
        [.. array.Memory.Levels.Select(level => new StoredLevel(level.Name, Math.Max(1, level.Bytes), level.Banks, [.. Contents(array, level)])
        {
            ReadJoulesPerBit = level.ReadPicojoulesPerByte * PicojoulesPerByte,
            WriteJoulesPerBit = level.WritePicojoulesPerByte * PicojoulesPerByte,
        })];

    private static IEnumerable<string> Contents(ArrayConfiguration array, MemoryLevel level)
    {
        if (level.CanHold(MemoryContents.Activations))
            yield return "activations";
        if (level.CanHold(MemoryContents.Weights))
            yield return "weights";
        // Where no memory is for sums alone they are kept with the activations.
        if (level.CanHold(MemoryContents.PartialSums) || (level.CanHold(MemoryContents.Activations) && !array.Memory.Holding(MemoryContents.PartialSums).Any()))
            yield return "partial sums";
    }

    private static string Note(Platform platform, Technology technology, EnergyProfile? profile, Figure<double>? dram)
    {
        var parts = new List<string> { $"{technology.Name} figures (hw/energy)" };
        if (profile?.DynamicScale is { } scale)
            parts.Add(FormattableString.Invariant($"work × {scale.Value:0.##} ({scale.Source.Confidence.ToString().ToLowerInvariant()})"));
        if (profile?.IdlePowerWatts is { } idle)
            parts.Add(FormattableString.Invariant($"{idle.Value:0.###} W idle ({idle.Source.Confidence.ToString().ToLowerInvariant()})"));
        if (dram is null)
            parts.Add($"without the energy of {platform.Dram.Type?.Value ?? "DRAM, whose type its file does not name"}");
        return string.Join(", ", parts);
    }
}
