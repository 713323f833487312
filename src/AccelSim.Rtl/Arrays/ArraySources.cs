using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Arrays;

/// <summary>The Verilog of a systolic array: static cells, a top with its numbers, and a testbench.</summary>
public static class ArraySources
{
    public const string Top = "array_top";

    public const string Testbench = "array_tb";

    /// <summary>The hand-written cells, by name.</summary>
    public static IReadOnlyList<SourceFile> Cells() => HardwareSources.Static("systolic/");

    /// <summary>systolic_bench.sv, the parameterized testbench of both dataflows.</summary>
    public static SourceFile Bench() => HardwareSources.Static("testbench/").Single();

    /// <summary>array_top.sv.</summary>
    public static SourceFile TopOf(ArrayDesign design, ArrayMemories memories) => HardwareSources.Render($"{Top}.sv", Variables(design, memories));

    /// <summary>array_tb.sv.</summary>
    public static SourceFile TestbenchOf(ArrayDesign design, ArrayMemories memories) =>
        HardwareSources.Render($"{Testbench}.sv", Variables(design, memories));

    internal static Dictionary<string, object?> Variables(ArrayDesign design, ArrayMemories memories) => new()
    {
        ["block"] = new { Name = $"{design.Rows}x{design.Columns} {(design.Stationary == StationaryOperand.Weights ? "weight" : "output")}-stationary systolic array" },
        ["top"] = Top,
        ["testbench"] = Testbench,
        ["design"] = design,
        ["weights"] = design.Stationary == StationaryOperand.Weights,
        ["memories"] = memories,
        ["left_address"] = AddressBits(memories.Left) - 1,
        ["top_address"] = AddressBits(memories.Top) - 1,
    };

    private static int AddressBits(int words) => words > 1 ? 32 - int.LeadingZeroCount(words - 1) : 1;
}
