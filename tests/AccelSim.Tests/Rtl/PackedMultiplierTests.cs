using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>One multiplier that does the work of two: every one of the 2^24 triples of int8 is tried, which is a proof; and a mutant of it fails.</summary>
public sealed class PackedMultiplierTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string Bench = """
        #include "Vpacked_multiplier.h"
        #include <cstdint>
        #include <cstdio>

        int main() {
          Vpacked_multiplier cell;
          cell.clk_i = 0;
          cell.eval();
          for (int a = -128; a < 128; a++)
            for (int high = -128; high < 128; high++)
              for (int low = -128; low < 128; low++) {
                cell.a_i = a & 0xff;
                cell.packed_i = static_cast<uint32_t>((high - (low < 0)) & 0x1ff) << 8 | (low & 0xff);
                cell.clk_i = 1;
                cell.eval();
                cell.clk_i = 0;
                cell.eval();
                if (static_cast<int16_t>(cell.low_o) != a * low || static_cast<int16_t>(cell.high_o) + cell.carry_o != a * high) {
                  std::printf("differs at a = %d, high = %d, low = %d\n", a, high, low);
                  return 1;
                }
              }
          std::printf("equal for all 16777216\n");
          return 0;
        }
        """;

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_equals_two_plain_multipliers_for_every_input() => Assert.Contains("equal for all 16777216", await Run(text => text));

    [Fact]
    public async Task Without_the_carry_it_does_not() =>
        Assert.Contains("differs at", await Run(text => text.Replace("assign carry_o = product_q[ProductWidth-1]", "assign carry_o = product_q[ProductWidth]", StringComparison.Ordinal)));

    private async Task<string> Run(Func<string, string> edit)
    {
        RequiredTools.RequireVerilator();
        string cell = HardwareSources.Cells().Single(source => source.Name == "packed_multiplier.sv").Text;
        await File.WriteAllTextAsync(_folder["packed_multiplier.sv"], edit(cell), Cancellation);
        await File.WriteAllTextAsync(_folder["bench.cpp"], Bench, Cancellation);
        var environment = new Dictionary<string, string>();
        if (ExternalTool.CompilerCache.IsInstalled)
            environment["OBJCACHE"] = ExternalTool.CompilerCache.Name;
        await ExternalTool.Verilator.RequireSuccessAsync(
            ["--cc", "--exe", "--build", "-O3", "-CFLAGS", "-O1", "--top-module", "packed_multiplier", "-Mdir", "obj", "bench.cpp", "packed_multiplier.sv"],
            _folder.Path, Patience, environment, Cancellation);
        return (await ExternalTool.RunProcessAsync(_folder["obj/Vpacked_multiplier"], [], _folder.Path, Patience, null, Cancellation)).Output;
    }
}
