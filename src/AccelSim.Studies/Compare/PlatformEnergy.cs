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
    private const int SumBits = 32;

    // NVDLA's convolution buffer has 16 banks of 32 KiB; a bank of other engines is assumed to be as large.
    private const int EngineBankBytes = 32 * 1024;

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

    /// <summary>The energy of a network whose layers were timed on one core of a platform that is no array.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="graph">The network.</param>
    /// <param name="timings">The time of each layer, in the graph's order.</param>
    /// <param name="technologies">Where technologies are; null for those beside the platforms.</param>
    /// <exception cref="PlatformFileException">A technology file is not legal.</exception>
    public static PlatformEnergyEstimate Of(EnginePlatform platform, LayerGraph graph, IReadOnlyList<LayerTiming> timings, TechnologyCatalog? technologies = null)
    {
        (AcceleratorCosts? costs, string note) = CostsOf(platform, technologies ?? TechnologyCatalog.Open());
        return new PlatformEnergyEstimate(costs is null ? null : new EnergyModel(costs).Of(graph, timings), note);
    }

    /// <summary>What an ASIC or FPGA spends its energy on, or null with the reason.</summary>
    public static (AcceleratorCosts? Costs, string Note) CostsOf(Platform platform, ArrayConfiguration array, TechnologyCatalog technologies)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(technologies);
        if (platform is not (AsicPlatform or FpgaPlatform))
            return (null, $"{platform.Name} is a {platform.Kind}: its energy is not modelled by an array");
        bool outputs = array.Dataflow == Dataflow.OutputStationary;
        // An element passes its input on and adds to a sum each cycle; what is stationary has a second register where folds overlap.
        return CostsOf(platform, technologies, new Elements(
            array.MacsPerCycle + (array.Depthwise is { } engine ? (long)engine.Channels * engine.Taps : 0),
            MovingOperands: outputs ? 2 : 1,
            StationaryOperands: outputs ? 0 : array.Schedule == FoldSchedule.Pipelined ? 2 : 1,
            array.VectorLanes,
            Memories(array),
            array.ClockHz,
            IsIntegerOnly: false,
            array.Sparsity is null ? null : array.MacsPerCycle));
    }

    /// <summary>What one core of a platform that is no array spends its energy on, or null with the reason.</summary>
    public static (AcceleratorCosts? Costs, string Note) CostsOf(EnginePlatform platform, TechnologyCatalog technologies)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(technologies);
        Systolic.Engines.ComputeEngine core = EngineModels.Core(platform);
        long bytes = (long)(platform.BufferBytes.Value + (platform.KeepBytes?.Value ?? 0));
        // Inputs change in every cycle, weights seldom; products run down a tree or from element to element.
        return CostsOf(platform, technologies, new Elements(
            core.MacsPerCycle,
            MovingOperands: 1,
            StationaryOperands: 2,
            core.Lanes,
            [new StoredLevel(Systolic.Engines.EngineSimulator.BufferLevel, bytes, (int)Math.Clamp(bytes / EngineBankBytes, 1, int.MaxValue), [])],
            core.ClockHz,
            IsIntegerOnly: true));
    }

    private static (AcceleratorCosts? Costs, string Note) CostsOf(Platform platform, TechnologyCatalog technologies, Elements elements)
    {
        EnergyProfile? profile = technologies.ProfileOf(platform);
        if (profile?.Technology is null && platform.ProcessNanometres is null)
            return (null, $"{platform.Name} has no energy: its file names no process node (key 'process' or 'energy.technology')");
        Technology technology = profile?.Technology is { } name ? technologies.Find(name.Value) : technologies.At(platform.ProcessNanometres!.Value);
        Figure<double>? dram = technologies.Dram().Of(platform.Dram.Type?.Value);
        int operandBits = (int)(profile?.OperandBits?.Value ?? 8);
        bool isOnFpga = platform is FpgaPlatform || profile?.OnFpga?.Value == true;
        double moving = (elements.MovingOperands * operandBits) + SumBits;
        var costs = new AcceleratorCosts(
            platform.Name,
            Costs(technology),
            elements.Count,
            moving,
            moving + (elements.StationaryOperands * operandBits),
            profile?.RegisterFile is { } file ? new RegisterFileCosts(file.Bytes.Value, file.AccessesPerMac.Value) : null,
            elements.Lanes,
            elements.Memories,
            dram?.Value,
            elements.ClockHz,
            operandBits == 16 ? MacPrecision.Int16 : MacPrecision.Int8,
            profile?.DynamicScale?.Value ?? (isOnFpga ? technology[TechnologyQuantity.FpgaDynamicFactor].Value : 1),
            profile?.IdlePowerWatts?.Value ?? (platform as FpgaPlatform)?.Fabric.Luts.Value * technology[TechnologyQuantity.FpgaStaticPerLut].Value,
            profile?.AreaScale?.Value ?? 1,
            profile?.FixedSquareMillimetres?.Value ?? 0,
            elements.IsIntegerOnly) { DenseMacsPerCycle = elements.DenseMacsPerCycle, IsOnFpga = isOnFpga };
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
                [MacPrecision.Int8] = new(Of(TechnologyQuantity.Int8Multiply) + add, int8Area + addArea, 8, SumBits),
                [MacPrecision.Int16] = new(Of(TechnologyQuantity.Int16Multiply) + add, int16Area + addArea, 16, SumBits),
                [MacPrecision.Float32] = new(
                    Of(TechnologyQuantity.Float32Multiply) + Of(TechnologyQuantity.Float32Add), Of(TechnologyQuantity.Float32MultiplyArea) + Of(TechnologyQuantity.Float32AddArea), SumBits, SumBits),
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
        if (profile?.OnFpga?.Value == true && profile.DynamicScale is null)
            parts.Add(FormattableString.Invariant($"work × {technology[TechnologyQuantity.FpgaDynamicFactor].Value:0.#} on an FPGA"));
        if (platform is FpgaPlatform && profile is null)
            parts.Add(FormattableString.Invariant($"work × {technology[TechnologyQuantity.FpgaDynamicFactor].Value:0.#} on an FPGA, {1e6 * technology[TechnologyQuantity.FpgaStaticPerLut].Value:0.#} µW idle a LUT of the device"));
        if (dram is null)
            parts.Add($"without the energy of {platform.Dram.Type?.Value ?? "DRAM, whose type its file does not name"}");
        return string.Join(", ", parts);
    }

    /// <summary>The processing elements of a machine, whatever their arrangement.</summary>
    /// <param name="Count">MACs a cycle.</param>
    /// <param name="MovingOperands">Operands in registers that change with every MAC; a sum does too.</param>
    /// <param name="StationaryOperands">Operands in registers that do not.</param>
    /// <param name="Lanes">Lanes of the vector unit.</param>
    /// <param name="Memories">On-chip memories.</param>
    /// <param name="ClockHz">Clock.</param>
    /// <param name="IsIntegerOnly">Whether values count as integers whatever their type in the graph.</param>
    private sealed record Elements(long Count, int MovingOperands, int StationaryOperands, int Lanes, ImmutableArray<StoredLevel> Memories, double ClockHz, bool IsIntegerOnly,
        long? DenseMacsPerCycle = null);
}
