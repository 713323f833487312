using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Rtl.Simulation;
using AccelSim.Systolic.Fpga;

namespace AccelSim.Tests.Systolic;

/// <summary>The costs of processing elements and requantizers against what Yosys makes of them.</summary>
public sealed class ElementSynthesisTests
{
    // The first row has no sum to add to, and Yosys takes its adders away: at most a sum and a product's 16 bits a column.
    private const int AdderBitsOfFirstRow = 48;

    [Theory]
    [InlineData("plain_array", "synth_ecp5", "ecp5", 16, 4)]
    [InlineData("packed_array", "synth_xilinx -family xcup -flatten -noiopad", "ultrascale_plus", 16, 4)]
    [InlineData("plain_array", "synth_xilinx -family xc7 -flatten -noiopad", "series7", 16, 4)]
    public async Task An_array_of_elements_costs_what_the_model_says(string module, string synthesis, string family, int macs, int columns)
    {
        FpgaPrimitives model = Family(family);
        Dictionary<string, long> cells = await Synthesize(module, synthesis);
        Assert.Equal(macs / model.Int8MacsPerDsp, Of(cells, "DSP48E1", "DSP48E2", "MULT18X18D"));
        long luts = Luts(cells), modelled = (long)(macs * model.LutsPerMac);
        Assert.InRange(modelled, luts, luts + (AdderBitsOfFirstRow * columns));
        long registers = Of(cells, "FDRE", "FDSE", "TRELLIS_FF");
        Assert.InRange(macs * model.RegistersPerMac, registers, registers + (32 * columns));
    }

    [Theory]
    [InlineData("synth_xilinx -family xcup -flatten -noiopad", "ultrascale_plus")]
    [InlineData("synth_xilinx -family xc7 -flatten -noiopad", "series7")]
    public async Task A_requantizer_takes_two_slices(string synthesis, string family)
    {
        RequantizerCost model = Family(family).Requantizer;
        Dictionary<string, long> cells = await Synthesize("requantizer", synthesis);
        Assert.Equal(model.Dsps, Of(cells, "DSP48E1", "DSP48E2"));
        Assert.InRange(Luts(cells), 0.9 * model.Luts, 1.1 * model.Luts);
    }

    private static FpgaPrimitives Family(string name) => name switch
    {
        "series7" => FpgaPrimitives.Series7,
        "ultrascale_plus" => FpgaPrimitives.UltraScalePlus,
        _ => FpgaPrimitives.Ecp5,
    };

    // A CCU2C of ECP5 is two look-up tables with their carries.
    private static long Luts(Dictionary<string, long> cells) =>
        Of(cells, "LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6") + (2 * Of(cells, "CCU2C"));

    private static long Of(Dictionary<string, long> cells, params string[] names) => names.Sum(name => cells.GetValueOrDefault(name));

    private static async Task<Dictionary<string, long>> Synthesize(string module, string synthesis)
    {
        RequiredTools.Require(ExternalTool.Yosys);
        string source = Path.Combine(SharedData.RepositoryRoot, "tests", "AccelSim.Tests", "Systolic", "Verilog", $"{module}.sv");
        ToolResult result = await ExternalTool.Yosys.RequireSuccessAsync(
            ["-Q", "-T", "-p", $"read_verilog -sv {source}; {synthesis} -top {module}; stat"], Path.GetTempPath(), TimeSpan.FromMinutes(4), cancellation: TestContext.Current.CancellationToken);
        string statistics = result.Output[result.Output.LastIndexOf("Number of cells", StringComparison.Ordinal)..];
        return Regex.Matches(statistics, @"^\s+([A-Z][A-Z0-9_]+)\s+(\d+)\s*$", RegexOptions.Multiline)
            .ToDictionary(match => match.Groups[1].Value, match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }
}
