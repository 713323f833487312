using System.Collections.Immutable;
using AccelSim.Systolic.Energy;

namespace AccelSim.Systolic.Area;

/// <summary>Area of one memory.</summary>
public readonly record struct MemoryArea(string Level, double SquareMillimetres);

/// <summary>The area of an accelerator without pads and interfaces off the chip, in square millimetres. Modelled.</summary>
/// <param name="ArraySquareMillimetres">Processing elements, placed and routed.</param>
/// <param name="VectorSquareMillimetres">Vector unit.</param>
/// <param name="FixedSquareMillimetres">Control, DMA and whatever else does not grow with the array, where it was fitted.</param>
/// <param name="Memories">SRAM macros by level.</param>
public sealed record AreaEstimate(double ArraySquareMillimetres, double VectorSquareMillimetres, double FixedSquareMillimetres, ImmutableArray<MemoryArea> Memories)
{
    /// <summary>Flip-flops of one lane of the vector unit: two operands and a result of 32 bits.</summary>
    internal const int VectorLaneRegisterBits = 96;

    public double LogicSquareMillimetres => ArraySquareMillimetres + VectorSquareMillimetres + FixedSquareMillimetres;

    public double TotalSquareMillimetres => LogicSquareMillimetres + Memories.Sum(memory => memory.SquareMillimetres);

    /// <summary>
    /// Processing elements and vector lanes are cells ÷ placement density; memories bit cells × macro factor; logic × the platform's fitted scale.
    /// </summary>
    public static AreaEstimate Of(AcceleratorCosts costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        TechnologyCosts technology = costs.Technology;
        // A register file of some hundred bytes is flip-flops and latches, or a macro too small to gain on them.
        double registerBits = costs.RegisterBitsPerElement + (8 * (costs.RegisterFile?.Bytes ?? 0));
        double element = technology.Macs[costs.Integer].SquareMillimetres + (registerBits * technology.RegisterBitSquareMillimetres);
        double scale = technology.LogicFactor * costs.AreaScale;
        return new AreaEstimate(
            costs.Elements * element * scale,
            costs.VectorLanes * scale * (technology.VectorLaneSquareMillimetres + (VectorLaneRegisterBits * technology.RegisterBitSquareMillimetres)),
            costs.FixedSquareMillimetres,
            [.. costs.Memories.Select(memory => new MemoryArea(memory.Name, 8 * memory.Bytes * technology.SramBitSquareMillimetres))]);
    }

    /// <summary>The area of one memory.</summary>
    public double MemorySquareMillimetres(string level) => Memories.First(memory => memory.Level == level).SquareMillimetres;
}
