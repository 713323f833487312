using System.Globalization;
using AccelSim.Rtl.Resources;

namespace AccelSim.Rtl.Rendering;

/// <summary>
/// The folder syn of a generated folder: scripts for Yosys, OpenSTA and awk, what is predicted of cycles and of each family's resources, and models of primitives.
/// </summary>
internal static class SynthesisScripts
{
    private static readonly string[] Scripts =
    [
        "check.ys", "synth-xilinx.ys", "synth-7series.ys", "synth-ecp5.ys", "synth-ice40.ys", "pnr-ice40.ys", "asic.ys", "asic.constr", "asic.tcl", "summary.awk", "report.awk",
    ];

    /// <summary>The Makefile's target for a family.</summary>
    public static string TargetOf(FabricFamily family) => family switch
    {
        FabricFamily.UltraScalePlus => "synth-xilinx",
        FabricFamily.Series7 => "synth-7series",
        FabricFamily.Ecp5 => "synth-ecp5",
        _ => "synth-ice40",
    };

    /// <param name="folder">Made by us.</param>
    /// <param name="variables">Of the templates.</param>
    /// <param name="predicted">One for each family.</param>
    /// <param name="firstOutput">Cycles until the first output.</param>
    /// <param name="frame">Cycles of one frame.</param>
    public static void Write(
        string folder, Dictionary<string, object?> variables, IReadOnlyDictionary<FabricFamily, FabricResources> predicted, long firstOutput, long frame)
    {
        foreach (string script in Scripts)
            HardwareSources.Render(script, variables).Save(folder);
        foreach (var model in HardwareSources.Static("primitives/"))
            model.Save(folder);
        var lines = predicted.Select(entry => string.Create(CultureInfo.InvariantCulture,
            $"{TargetOf(entry.Key)} {entry.Value.Dsps} {entry.Value.BlockRams} {entry.Value.Luts} {entry.Value.Registers}\n"));
        File.WriteAllText(Path.Combine(folder, "predicted.txt"), string.Create(CultureInfo.InvariantCulture,
            $"# target, DSP slices, block RAMs, look-up tables, registers; cycles to the first output and of a frame\n{string.Concat(lines)}cycles {firstOutput} {frame}\n"));
    }

    /// <summary>Rows of the README's table.</summary>
    public static IReadOnlyList<object> Rows(IReadOnlyDictionary<FabricFamily, FabricResources> predicted) =>
        [.. predicted.Select(entry => new { Target = TargetOf(entry.Key), entry.Value.Dsps, entry.Value.BlockRams, entry.Value.Luts, entry.Value.Registers })];
}
