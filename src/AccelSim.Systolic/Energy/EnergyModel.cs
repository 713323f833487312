using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Systolic.Area;

namespace AccelSim.Systolic.Energy;

/// <summary>
/// The energy of layers from their time and traffic: MACs, registers and wires by count, memories by bytes, clock and leakage by time.
/// </summary>
/// <remarks>
/// <para>Energy that goes with work (MAC, registers, network, SRAM, vector unit) is multiplied by <see cref="AcceleratorCosts.DynamicScale"/>: published
/// unit energies are of random operands, and real ones toggle less, or data is gated; on the other side stand control and buffers that nobody counts.</para>
/// <para>Energy that goes with time is <see cref="AcceleratorCosts.IdleWatts"/> where it is known, else the clock of every flip-flop in every cycle
/// and leakage by area.</para>
/// </remarks>
public sealed class EnergyModel
{
    private const string DramLevel = "DRAM";

    private readonly AcceleratorCosts _costs;
    private readonly AreaEstimate _area;
    private readonly double _leakageWatts;
    private readonly double _clockWatts;
    private readonly double _halfArraySide;

    /// <summary>Prepares the model of one accelerator.</summary>
    public EnergyModel(AcceleratorCosts costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        _costs = costs;
        _area = AreaEstimate.Of(costs);
        TechnologyCosts technology = costs.Technology;
        double leakage = (_area.LogicSquareMillimetres * technology.LogicWattsPerSquareMillimetre) + (costs.Memories.Sum(memory => memory.Bytes) * technology.SramWattsPerByte);
        double flipFlops = (costs.Elements * costs.RegisterBitsPerElement) + (costs.VectorLanes * AreaEstimate.VectorLaneRegisterBits);
        double clock = flipFlops * technology.ClockBitJoules * costs.ClockHz;
        _leakageWatts = costs.IdleWatts is { } idle ? Math.Min(leakage, idle) : leakage;
        _clockWatts = costs.IdleWatts is { } all ? all - _leakageWatts : clock;
        _halfArraySide = Math.Sqrt(_area.ArraySquareMillimetres) / 2;
    }

    /// <summary>What the chip draws when it does nothing but clock.</summary>
    public double IdleWatts => _leakageWatts + _clockWatts;

    /// <summary>The energy of a simulated network.</summary>
    /// <param name="graph">The network; its batch is that of the timings.</param>
    /// <param name="timings">The time of each layer, in the graph's order.</param>
    /// <exception cref="GraphException">A layer's traffic names a level that the accelerator does not have.</exception>
    public NetworkEnergy Of(LayerGraph graph, IReadOnlyList<LayerTiming> timings)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(timings);
        var layers = graph.Layers.ToDictionary(layer => layer.Name);
        return new NetworkEnergy([.. timings.Select(timing => Of(timing, OutputsOf(timing), IsFloat(timing)))], graph.Batch, timings.Sum(timing => timing.Seconds));

        // A timing may stand for layers fused under the first one's name or a name of its own.
        long OutputsOf(LayerTiming timing) => layers.ContainsKey(timing.Layer) ? graph.TypeOf(timing.Layer).Shape.Elements : 0;

        bool IsFloat(LayerTiming timing) => !_costs.IsIntegerOnly && layers.TryGetValue(timing.Layer, out Layer? layer)
            && layer.Operands.Append(layer.Name).Any(value => graph.TypeOf(value).Element == ElementType.Float32)
            && layer.Operands.Append(layer.Name).All(value => graph.TypeOf(value).Element != ElementType.Int8);
    }

    /// <summary>The energy of one layer.</summary>
    /// <param name="timing">Its MACs, cycles and traffic.</param>
    /// <param name="outputElements">Elements that it writes, each an operation of the vector unit.</param>
    /// <param name="isFloat">Whether it computes in float32.</param>
    /// <exception cref="GraphException">The traffic names a level that the accelerator does not have.</exception>
    public LayerEnergy Of(LayerTiming timing, long outputElements, bool isFloat = false)
    {
        ArgumentNullException.ThrowIfNull(timing);
        TechnologyCosts technology = _costs.Technology;
        double scale = _costs.DynamicScale;
        MacCost mac = technology.Macs[isFloat ? MacPrecision.Float32 : _costs.Integer];
        // Registers are sized for the integer data path; a float32 operand is as many times as wide.
        double bitsPerMac = _costs.RegisterBitsPerMac * (isFloat ? (2.0 * mac.OperandBits + mac.SumBits) / IntegerBits() : 1);
        double macs = _costs.DenseMacsPerCycle is { } dense && timing.MacsPerCycle > dense ? timing.Macs * ((double)dense / timing.MacsPerCycle) : timing.Macs;
        double registers = macs * bitsPerMac * technology.RegisterBitJoules;
        if (_costs.RegisterFile is { } file)
            registers += macs * file.AccessesPerMac * mac.OperandBits * technology.Sram.ReadBit(file.Bytes);
        double pitch = Math.Sqrt(_area.ArraySquareMillimetres / _costs.Elements);
        double network = macs * bitsPerMac * pitch * technology.WireJoulesPerBitMillimetre;
        double dram = 0;
        var memories = _costs.Memories.ToDictionary(memory => memory.Name, _ => 0.0);
        foreach (Traffic traffic in timing.Traffic)
        {
            if (traffic.Level.Equals(DramLevel, StringComparison.OrdinalIgnoreCase))
            {
                dram += 8.0 * (traffic.ReadBytes + traffic.WrittenBytes) * (_costs.DramJoulesPerBit ?? 0);
                continue;
            }
            StoredLevel memory = LevelOf(traffic.Level, timing.Layer);
            (double read, double write) = BitsOf(memory);
            memories[memory.Name] += 8 * ((traffic.ReadBytes * read) + (traffic.WrittenBytes * write));
            double way = _halfArraySide + (Math.Sqrt(_area.MemorySquareMillimetres(memory.Name)) / 2);
            network += 8.0 * (traffic.ReadBytes + traffic.WrittenBytes) * way * technology.WireJoulesPerBitMillimetre;
        }
        return new LayerEnergy
        {
            Layer = timing.Layer,
            Mac = scale * macs * mac.Joules,
            Registers = scale * registers,
            Network = scale * network,
            Memories = [.. _costs.Memories.Select(memory => new LevelEnergy(memory.Name, memories[memory.Name]))],
            Vector = scale * outputElements * technology.VectorOperationJoules,
            Dram = dram,
            Clock = _clockWatts * timing.Seconds,
            Leakage = _leakageWatts * timing.Seconds,
        };
    }

    private double IntegerBits()
    {
        MacCost integer = _costs.Technology.Macs[_costs.Integer];
        return (2.0 * integer.OperandBits) + integer.SumBits;
    }

    // What the platform's maker says of a memory is not to be scaled by a fit.
    private (double Read, double Write) BitsOf(StoredLevel memory)
    {
        SramEnergy sram = _costs.Technology.Sram;
        double macro = Math.Min(memory.Bytes / Math.Max(1, memory.Banks), sram.LargestMacroBytes);
        return (memory.ReadJoulesPerBit ?? (_costs.DynamicScale * sram.ReadBit(macro)), memory.WriteJoulesPerBit ?? (_costs.DynamicScale * sram.WriteBit(macro)));
    }

    private StoredLevel LevelOf(string level, string layer) => _costs.Memories.FirstOrDefault(memory => memory.Name.Equals(level, StringComparison.OrdinalIgnoreCase))
        ?? _costs.Memories.FirstOrDefault(memory => memory.IsCalled(level))
        ?? throw new GraphException($"The layer '{layer}' has traffic at '{level}', but {_costs.Name} has no such memory: it has {string.Join(", ", _costs.Memories.Select(memory => memory.Name))}.");
}
