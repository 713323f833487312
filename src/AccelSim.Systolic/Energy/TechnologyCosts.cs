using System.Collections.Immutable;

namespace AccelSim.Systolic.Energy;

/// <summary>Arithmetic that a processing element does.</summary>
public enum MacPrecision
{
    /// <summary>int8 product, int32 sum.</summary>
    Int8,

    /// <summary>int16 product, int32 sum.</summary>
    Int16,

    /// <summary>float32 product and sum.</summary>
    Float32,
}

/// <summary>One multiply-accumulate.</summary>
/// <param name="Joules">Energy of product and sum.</param>
/// <param name="SquareMillimetres">Area of multiplier and adder.</param>
/// <param name="OperandBits">Bits of an input or weight.</param>
/// <param name="SumBits">Bits of the sum.</param>
public readonly record struct MacCost(double Joules, double SquareMillimetres, int OperandBits, int SumBits);

/// <summary>What a process node charges. Energies in joules, areas in square millimetres, powers in watts.</summary>
/// <param name="Name">For tables and messages.</param>
/// <param name="Macs">By arithmetic.</param>
/// <param name="VectorOperationJoules">One operation of the vector unit: a product and a sum of 32 bits, as a requantizer does.</param>
/// <param name="VectorLaneSquareMillimetres">One lane of it.</param>
/// <param name="RegisterBitJoules">One bit of a flip-flop written and read.</param>
/// <param name="ClockBitJoules">The clock of one flip-flop, each cycle.</param>
/// <param name="WireJoulesPerBitMillimetre">One bit over one millimetre.</param>
/// <param name="Sram">Reads of memories.</param>
/// <param name="RegisterBitSquareMillimetres">A flip-flop.</param>
/// <param name="SramBitSquareMillimetres">One bit of an SRAM macro, its share of the periphery included.</param>
/// <param name="LogicFactor">Area of a placed block ÷ area of its cells.</param>
/// <param name="LogicWattsPerSquareMillimetre">Leakage of logic.</param>
/// <param name="SramWattsPerByte">Leakage of SRAM.</param>
public sealed record TechnologyCosts(
    string Name,
    ImmutableDictionary<MacPrecision, MacCost> Macs,
    double VectorOperationJoules,
    double VectorLaneSquareMillimetres,
    double RegisterBitJoules,
    double ClockBitJoules,
    double WireJoulesPerBitMillimetre,
    SramEnergy Sram,
    double RegisterBitSquareMillimetres,
    double SramBitSquareMillimetres,
    double LogicFactor,
    double LogicWattsPerSquareMillimetre,
    double SramWattsPerByte);
