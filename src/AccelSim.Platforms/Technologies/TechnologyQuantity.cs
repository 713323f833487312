using System.Collections.Immutable;
using AccelSim.Platforms.Reading;

namespace AccelSim.Platforms;

/// <summary>What a technology file says of a process node.</summary>
public enum TechnologyQuantity
{
    Int8Multiply,
    Int16Multiply,
    Int32Multiply,
    Float16Multiply,
    Float32Multiply,
    Int8Add,
    Int16Add,
    Int32Add,
    Float16Add,
    Float32Add,

    /// <summary>One bit of a flip-flop written and read, its clock pin not counted.</summary>
    RegisterBit,

    /// <summary>The clock pin of one flip-flop with its part of the clock tree, each cycle.</summary>
    ClockBit,

    /// <summary>One bit over one millimetre.</summary>
    Wire,

    Int8MultiplyArea,
    Int32MultiplyArea,
    Float32MultiplyArea,
    Int8AddArea,
    Int32AddArea,
    Float32AddArea,
    RegisterBitArea,
    SramBitCellArea,

    /// <summary>Area of an SRAM macro ÷ area of its bit cells.</summary>
    SramMacroFactor,

    /// <summary>Area of a placed and routed block ÷ area of its cells.</summary>
    LogicFactor,

    /// <summary>Leakage of logic, by its area.</summary>
    LogicLeakage,

    /// <summary>Leakage of SRAM, by its size.</summary>
    SramLeakage,

    /// <summary>Energy of an SRAM write ÷ that of a read.</summary>
    SramWriteFactor,

    /// <summary>Energy of work on an FPGA with hard multipliers and memories ÷ that of an ASIC of the node.</summary>
    FpgaDynamicFactor,

    /// <summary>What a configured FPGA draws whether or not it works, by look-up table of the device.</summary>
    FpgaStaticPerLut,
}

/// <summary>How a figure goes from one node to another that has none of its own.</summary>
public enum NodeScaling
{
    /// <summary>As the energy of a gate: <see cref="NodeScale.Energy"/>.</summary>
    Energy,

    /// <summary>As the area of a gate: <see cref="NodeScale.Area"/>.</summary>
    Area,

    /// <summary>Unchanged.</summary>
    None,
}

/// <summary>Where a quantity stands in a technology file, in which unit, within which bounds, and how it scales.</summary>
internal sealed record TechnologyKey(TechnologyQuantity Quantity, string Section, string Key, Quantity? Unit, double Low, double High, NodeScaling Scaling)
{
    public static ImmutableArray<TechnologyKey> All { get; } =
    [
        Energy(TechnologyQuantity.Int8Multiply, "int8_multiply"),
        Energy(TechnologyQuantity.Int16Multiply, "int16_multiply"),
        Energy(TechnologyQuantity.Int32Multiply, "int32_multiply"),
        Energy(TechnologyQuantity.Float16Multiply, "float16_multiply"),
        Energy(TechnologyQuantity.Float32Multiply, "float32_multiply"),
        Energy(TechnologyQuantity.Int8Add, "int8_add"),
        Energy(TechnologyQuantity.Int16Add, "int16_add"),
        Energy(TechnologyQuantity.Int32Add, "int32_add"),
        Energy(TechnologyQuantity.Float16Add, "float16_add"),
        Energy(TechnologyQuantity.Float32Add, "float32_add"),
        Energy(TechnologyQuantity.RegisterBit, "register_bit"),
        Energy(TechnologyQuantity.ClockBit, "clock_bit"),
        new(TechnologyQuantity.Wire, "energy", "wire", Reading.Quantity.WireEnergy, 1e-17, 1e-11, NodeScaling.Energy),
        Area(TechnologyQuantity.Int8MultiplyArea, "int8_multiply"),
        Area(TechnologyQuantity.Int32MultiplyArea, "int32_multiply"),
        Area(TechnologyQuantity.Float32MultiplyArea, "float32_multiply"),
        Area(TechnologyQuantity.Int8AddArea, "int8_add"),
        Area(TechnologyQuantity.Int32AddArea, "int32_add"),
        Area(TechnologyQuantity.Float32AddArea, "float32_add"),
        Area(TechnologyQuantity.RegisterBitArea, "register_bit"),
        Area(TechnologyQuantity.SramBitCellArea, "sram_bit_cell"),
        new(TechnologyQuantity.SramMacroFactor, "area", "sram_macro_factor", null, 1, 10, NodeScaling.None),
        new(TechnologyQuantity.LogicFactor, "area", "logic_factor", null, 1, 10, NodeScaling.None),
        new(TechnologyQuantity.LogicLeakage, "leakage", "logic", Reading.Quantity.LeakageByArea, 1e-4, 1e2, NodeScaling.None),
        new(TechnologyQuantity.SramLeakage, "leakage", "sram", Reading.Quantity.LeakageBySize, 1e-13, 1e-4, NodeScaling.Area),
        new(TechnologyQuantity.SramWriteFactor, "energy", "sram_write_factor", null, 0.1, 10, NodeScaling.None),
        new(TechnologyQuantity.FpgaDynamicFactor, "fpga", "dynamic_factor", null, 1, 100, NodeScaling.None),
        new(TechnologyQuantity.FpgaStaticPerLut, "fpga", "static_per_lut", Reading.Quantity.Power, 1e-9, 1e-2, NodeScaling.None),
    ];

    /// <summary>The key as messages and lists write it: <c>energy.int8_add</c>.</summary>
    public string Path => $"{Section}.{Key}";

    public static TechnologyKey Of(TechnologyQuantity quantity) => All.Single(key => key.Quantity == quantity);

    private static TechnologyKey Energy(TechnologyQuantity quantity, string key) =>
        new(quantity, "energy", key, Reading.Quantity.Energy, 1e-18, 1e-9, NodeScaling.Energy);

    private static TechnologyKey Area(TechnologyQuantity quantity, string key) =>
        new(quantity, "area", key, Reading.Quantity.Area, 1e-10, 1, NodeScaling.Area);
}
