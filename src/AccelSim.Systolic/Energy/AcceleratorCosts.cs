using System.Collections.Immutable;

namespace AccelSim.Systolic.Energy;

/// <summary>An accelerator as energy and area see it.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Technology">What its node charges.</param>
/// <param name="Elements">Processing elements of all arrays.</param>
/// <param name="RegisterBitsPerMac">Bits of pipeline registers that change with one MAC.</param>
/// <param name="RegisterBitsPerElement">Flip-flops of one processing element.</param>
/// <param name="RegisterFile">A register file in each element, or null.</param>
/// <param name="VectorLanes">Lanes of the vector unit.</param>
/// <param name="Memories">On-chip memories.</param>
/// <param name="DramJoulesPerBit">The memory off the chip, or null where its energy is not known: then it counts as 0 and the caller says so.</param>
/// <param name="ClockHz">Clock of the array.</param>
/// <param name="Integer">Arithmetic of integer layers.</param>
/// <param name="DynamicScale">Fitted: energy that goes with work ÷ what the technology's figures make of it.</param>
/// <param name="IdleWatts">Measured or fitted: what the chip draws whether or not it works, in place of modelled leakage and clock.</param>
/// <param name="AreaScale">Fitted: area of logic ÷ what the technology's figures make of it.</param>
/// <param name="FixedSquareMillimetres">Fitted: area that does not grow with the array.</param>
/// <param name="IsIntegerOnly">Whether values count as the accelerator's own integers whatever their type in the graph.</param>
public sealed record AcceleratorCosts(
    string Name,
    TechnologyCosts Technology,
    long Elements,
    double RegisterBitsPerMac,
    double RegisterBitsPerElement,
    RegisterFileCosts? RegisterFile,
    int VectorLanes,
    ImmutableArray<StoredLevel> Memories,
    double? DramJoulesPerBit,
    double ClockHz,
    MacPrecision Integer = MacPrecision.Int8,
    double DynamicScale = 1,
    double? IdleWatts = null,
    double AreaScale = 1,
    double FixedSquareMillimetres = 0,
    bool IsIntegerOnly = false)
{
    /// <summary>MACs a cycle that the elements really do; a layer whose peak is more leaves out those of its sparse weights, and the energy of those. Null where none is left out.</summary>
    public long? DenseMacsPerCycle { get; init; }

    /// <summary>Whether it is logic of an FPGA, whose area is not its own.</summary>
    public bool IsOnFpga { get; init; }
}

/// <summary>A register file in each processing element, priced as a small memory.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="AccessesPerMac">Operands read or written for one MAC.</param>
public sealed record RegisterFileCosts(double Bytes, double AccessesPerMac);
