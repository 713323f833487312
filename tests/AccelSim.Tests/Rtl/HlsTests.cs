using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Hls;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;
using AccelSim.Studies.Support;

namespace AccelSim.Tests.Rtl;

/// <summary>Pipelines as HLS C++ against plain loops: the folder that an engineer takes away, compiled without a warning and run.</summary>
public sealed partial class HlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Every kind of stage, random foldings: every byte, and of every loop the turns that the cycle model says.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public Task Random_networks_are_exact_in_bytes_and_turns(int seed, string kind, string compiler, string standard, string goals)
    {
        var network = RandomNetwork.Make(seed, kind);
        return RequireExact(kind, network, new PipelineNetlist(network.Stages, network.RandomFoldings()), compiler, standard, goals);
    }

    /// <summary>Weights from streams, in random blocks of pixels and beats of random width.</summary>
    [Theory]
    [InlineData(1, "g++", "c++14", "sim turns")]
    [InlineData(6, "clang++", "c++17", "sim turns")]
    [InlineData(8, "clang++", "c++14", "turns")]
    public Task Random_networks_with_streamed_weights_are_exact_in_bytes_and_turns(int seed, string compiler, string standard, string goals)
    {
        var network = StreamedWeightTests.Make(seed);
        var netlist = new PipelineNetlist(network.Stages, network.RandomStreamedFoldings());
        Assert.False(netlist.Weights.IsEmpty);
        return RequireExact("streamed weights", network, netlist, compiler, standard, goals);
    }

    private async Task RequireExact(string kind, RandomNetwork network, PipelineNetlist netlist, string compiler, string standard, string goals)
    {
        RequiredTools.Require(ExternalTool.Make, compiler == "g++" ? ExternalTool.CppCompiler : ExternalTool.Clang);
        string place = $"{kind}, seed {network.Seed}, {string.Join(" ", netlist.Stages.Select(stage => stage.Folding))}";
        var vectors = network.Vectors();
        HlsFolder.Write(netlist, vectors, Target, _folder["hls"], Cancellation);
        string[] targets = goals.Split(' ');
        string printed = await Make([.. targets, $"CXX={compiler}", $"STD={standard}"]);
        Assert.Equal(targets.Length, printed.Split('\n').Count(line => line == "PASS"));
        // The frames with a wrong TLAST, one for each stream that comes in, are compared as well.
        if (targets.Contains("sim"))
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"layer=out elements={vectors.Result.Shape.Elements / vectors.Frames * (vectors.Frames + 1 + netlist.Weights.Length)} mismatches=0 "), printed);
        var counted = Turns().Matches(printed).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value} {match.Groups[3].Value}").Order(StringComparer.Ordinal);
        var predicted = netlist.Parts.OfType<StagePart>()
            .SelectMany(stage => StageTurns.Of(stage, netlist).Select(unit => string.Create(CultureInfo.InvariantCulture, $"{stage.Number} {unit.Name} {unit.Turns}"))).Order(StringComparer.Ordinal);
        Assert.True(predicted.SequenceEqual(counted), $"{place}: predicted {string.Join(", ", predicted)}; counted {string.Join(", ", counted)}");
    }

    public static TheoryData<int, string, string, string, string> Networks => new()
    {
        { 1, "classifier", "g++", "c++14", "sim turns" },
        { 2, "LeNet", "clang++", "c++17", "sim turns" },
        { 3, "inverted residual", "g++", "c++17", "turns" },
        { 8, "pools", "clang++", "c++14", "turns" },
        { 11, "blocks", "clang++", "c++17", "turns" },
        { 12, "squeeze and excite in a residual", "g++", "c++14", "turns" },
        { 13, "slices and pads", "clang++", "c++17", "turns" },
        { 14, "concat", "g++", "c++17", "sim turns" },
    };

    /// <summary>The same over more seeds of every kind, as many as ACCELSIM_HLS_SWEEP asks for.</summary>
    [Fact]
    public async Task A_sweep_of_seeds_is_exact()
    {
        int seeds = int.TryParse(Environment.GetEnvironmentVariable("ACCELSIM_HLS_SWEEP"), CultureInfo.InvariantCulture, out int asked) ? asked : 0;
        var kinds = RandomNetwork.Kinds;
        for (int seed = 1000; seed < 1000 + seeds; seed++)
        {
            bool clang = seed % 2 == 1;
            string compiler = clang ? "clang++" : "g++", standard = seed % 3 == 0 ? "c++14" : "c++17";
            if (seed % (kinds.Length + 1) < kinds.Length)
                await Random_networks_are_exact_in_bytes_and_turns(seed, kinds[seed % (kinds.Length + 1)], compiler, standard, "sim turns");
            else
                await Random_networks_with_streamed_weights_are_exact_in_bytes_and_turns(seed, compiler, standard, "sim turns");
        }
    }

    /// <summary>A block alone, as --layer writes it, has the frames of the Verilog's block.</summary>
    [Fact]
    public async Task A_block_alone_is_exact()
    {
        RequiredTools.Require(ExternalTool.Make, ExternalTool.CppCompiler);
        var sample = new RandomBlock(new BlockShape(7, 6, 4, 6, 5, 2, Padding.All(2)) { DepthwiseTable = true, PointwiseWeightBits = 9 }, seed: 3, frames: 2);
        var vectors = sample.Vectors();
        var netlist = new PipelineNetlist(StageGraph.Of(sample.Block.Alone()), new BlockFolding(2, 25, 4, 3).Stages);
        HlsFolder.Write(netlist, new NetworkVectors(vectors.Input, vectors.Result), Target, _folder["hls"], Cancellation);
        Assert.Contains("\nPASS\n", await Make("sim"));
        BlockFolder.Write(sample.Block, new BlockFolding(2, 25, 4, 3), vectors, _folder["verilog"]);
        foreach (string file in new[] { "input.hex", "golden.hex" })
            Assert.Equal(File.ReadAllText(Path.Combine(_folder["verilog"], "data", file)), File.ReadAllText(Path.Combine(_folder["hls"], "data", file)));
    }

    /// <summary>The testbench fails on a wrong byte, on files that are not whole, and on hardware that computes or counts wrongly.</summary>
    [Fact]
    public async Task Faults_are_caught()
    {
        RequiredTools.Require(ExternalTool.Make, ExternalTool.CppCompiler);
        var network = RandomNetwork.Make(10, "one pixel");
        HlsFolder.Write(new PipelineNetlist(network.Stages, [new(3, 1, 5), new(5, 1, 1)]), network.Vectors(), Target, _folder["hls"], Cancellation);
        Assert.Contains("\nPASS\n", await Make("sim"));
        string golden = Path.Combine(_folder["hls"], "data", "golden.hex"), images = Path.Combine(_folder["hls"], "data", "input.hex");
        string[] beats = File.ReadAllLines(golden), pixels = File.ReadAllLines(images);
        // The last beat is of the last frame, which is run once.
        string flipped = (Convert.ToByte(beats[^1], 16) ^ 1).ToString("x2", CultureInfo.InvariantCulture);
        Assert.EndsWith($"mismatches=1 first={beats.Length - 1} expected={(sbyte)Convert.ToByte(flipped, 16)} got={(sbyte)Convert.ToByte(beats[^1], 16)}\nFAIL mismatches\n", await Fails(golden, [.. beats[..^1], flipped]));
        Assert.EndsWith($"FAIL golden.hex has {beats.Length - 1} beats, not {beats.Length}\n", await Fails(golden, beats[..^1]));
        Assert.EndsWith($"FAIL golden.hex line 2 is no beat of 1 codes\n", await Fails(golden, [beats[0], "0g", .. beats[2..]]));
        Assert.EndsWith($"FAIL golden.hex has {beats.Length} beats, not {beats.Length - 2}\n", await Fails(images, pixels[..^1]));
        Assert.EndsWith("FAIL mismatches\n", await Mutant("cells/round_clamp.h", "return result;", "return result + 1;"));
        Assert.EndsWith("FAIL frame 0 ends after 1 beats\n", await Mutant("cells/frame_marker.h", "    m_axis.write(axis);", "    if (axis.last == 0) m_axis.write(axis);"));
        Assert.EndsWith("FAIL the pipeline left a beat of the image\n", await Mutant("cells/frame_marker.h", "= s_axis.read();", "= s_axis.read();\n    if (axis.last == 1) s_axis.write(axis);"));
    }

    /// <summary>So it does for streamed weights, channels that are joined, and products that share a multiplier.</summary>
    [Fact]
    public async Task Faults_of_streamed_weights_and_of_the_cells_beside_are_caught()
    {
        RequiredTools.Require(ExternalTool.Make, ExternalTool.CppCompiler);
        var network = new RandomNetwork(3, 2, 4, 2, 2).Pointwise(4);
        string fork = network.Last;
        network.Pointwise(2).Concat(fork);
        var netlist = new PipelineNetlist(network.Stages, [new(2, 1, 2) { Streaming = new WeightStreaming(2, 2) }, new(2, 1, 2) { Packed = true }, new(2, 1, 1)]);
        HlsFolder.Write(netlist, network.Vectors(), Target, _folder["hls"], Cancellation);
        Assert.Contains("\nPASS\n", await Make("sim"));
        string weights = Path.Combine(_folder["hls"], "data", "w00_weights.hex");
        string[] beats = File.ReadAllLines(weights);
        Assert.EndsWith("FAIL mismatches\n", await Fails(weights, [.. beats[..3], beats[3] == "7f7f" ? "8080" : "7f7f", .. beats[4..]]));
        Assert.EndsWith("FAIL w00_weights.hex has 7 beats, not 8\n", await Fails(weights, beats[..^1]));
        Assert.EndsWith("FAIL the pipeline left a beat of the weights w00\n", await Mutant("tb/net_tb.cpp", "W00Passes, wrong", "W00Passes + 1, wrong"));
        // The run without the TLAST of the weights is not marked; a mark where no TLAST is wrong.
        Assert.EndsWith("FAIL TUSER of the result is wrong\n", await Mutant("cells/frame_marker.h", "if (mark_b == 1) {", "if (mark_b == 2) {"));
        Assert.EndsWith("FAIL TUSER of the result is wrong\n", await Mutant("src/net_top.cpp", "<W00Lanes, W00Beats, W00Passes>", "<W00Lanes, W00Beats * W00Passes>"));
        Assert.EndsWith("FAIL mismatches\n", await Mutant("cells/pixel_order.h", "write_place = write_place + (PixelBeats - GroupBeats);", ""));
        Assert.EndsWith("FAIL mismatches\n", await Mutant("cells/packed_multiplier.h", "product >> ProductWidth;", "product >> (ProductWidth - 1);"));
        Assert.EndsWith("FAIL mismatches\n", await Mutant("cells/concat_stage.h", "zero       = C::ZeroPointB;", ""));
    }

    /// <summary>What the testbench prints with a file changed, which must make it fail.</summary>
    private async Task<string> Fails(string file, string[] lines)
    {
        string text = File.ReadAllText(file);
        File.WriteAllLines(file, lines);
        var result = await ExternalTool.Make.RunAsync(["sim", "OPT=-O0"], _folder["hls"], Patience, cancellation: Cancellation);
        File.WriteAllText(file, text);
        Assert.NotEqual(0, result.ExitCode);
        return result.Output;
    }

    private async Task<string> Mutant(string source, string from, string to)
    {
        string file = Path.Combine(_folder["hls"], source), text = File.ReadAllText(file);
        Assert.Contains(from, text);
        return await Fails(file, [text.Replace(from, to, StringComparison.Ordinal)]);
    }

    /// <summary>Our stand-in gives what the vendor's definitions say: widths by operator, wrapping, sign, ranges of wide numbers; and a packed multiplier both products.</summary>
    [Theory]
    [InlineData("g++", "c++14")]
    [InlineData("clang++", "c++17")]
    public async Task Integers_of_the_stand_in_are_the_vendors(string compiler, string standard)
    {
        var tool = compiler == "g++" ? ExternalTool.CppCompiler : ExternalTool.Clang;
        RequiredTools.Require(tool);
        foreach (var header in HlsSources.Compatibility().Concat(HlsSources.Cells().Where(cell => cell.Name is "lanes.h" or "packed_multiplier.h")))
            File.WriteAllText(_folder[header.Name], header.Text);
        File.WriteAllText(_folder["integers.cpp"], IntegerChecks);
        var built = await tool.RequireSuccessAsync(
            [$"-std={standard}", "-Wall", "-Wextra", "-Wno-unknown-pragmas", .. compiler == "g++" ? ["-fsanitize=undefined", "-fno-sanitize-recover"] : Array.Empty<string>(), "-o", "integers", "integers.cpp"], _folder.Path, Patience, cancellation: Cancellation);
        Assert.Equal("", built.Error);
        var run = await new ExternalTool("env", "coreutils").RequireSuccessAsync(["./integers"], _folder.Path, Patience, cancellation: Cancellation);
        Assert.Equal("24000 checks\n", run.Output);
    }

    [Fact]
    public async Task A_missing_compiler_is_named_with_its_package()
    {
        RequiredTools.Require(ExternalTool.Make);
        var network = RandomNetwork.Make(10, "one pixel");
        HlsFolder.Write(new PipelineNetlist(network.Stages, network.RandomFoldings()), network.Vectors(), Target, _folder["hls"], Cancellation);
        var result = await ExternalTool.Make.RunAsync(["sim", "CXX=g++-99"], _folder["hls"], Patience, cancellation: Cancellation);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("'g++-99' is not installed: apt-get install -y --no-install-recommends g++-99", result.Error);
        if (!new ExternalTool("vitis_hls", "").IsInstalled)
            Assert.Contains("'vitis_hls' is not installed: it comes with AMD Vitis", (await ExternalTool.Make.RunAsync(["hls"], _folder["hls"], Patience, cancellation: Cancellation)).Error);
    }

    [Fact]
    public void Every_cell_states_its_contract_and_is_in_the_table()
    {
        string table = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "templates", "hls", "README.md"));
        foreach (var cell in HlsSources.Cells())
        {
            string name = Path.GetFileNameWithoutExtension(cell.Name);
            Assert.Contains($"| `{name}` |", table);
            Assert.StartsWith("// ", cell.Text, StringComparison.Ordinal);
            Assert.All(cell.Text.Split('\n'), line => Assert.True(line.Length <= 120, $"{cell.Name}: {line}"));
        }
    }

    /// <summary>What support says yes to is generated, cells and all, for every kind of network, its weights streamed where they may be.</summary>
    [Fact]
    public void What_support_says_yes_to_is_generated()
    {
        string[] cells = [.. HlsSources.Cells().Select(cell => cell.Name)];
        string[] kinds = [.. RandomNetwork.Kinds];
        for (int seed = 0; seed < kinds.Length; seed++)
        {
            var network = RandomNetwork.Make(seed, kinds[seed]);
            Assert.All(SupportMatrix.Of(network.Graph).Rows, row => Assert.Null(row.Reasons[SupportMatrix.Backends.IndexOf("hls")]));
            HlsFolder.Write(new PipelineNetlist(network.Stages, network.RandomStreamedFoldings()), network.Vectors(), Target, _folder["hls"], Cancellation);
            string top = File.ReadAllText(Path.Combine(_folder["hls"], "src", "net_top.cpp"));
            Assert.All(Includes().Matches(top).Select(match => match.Groups[1].Value),
                file => Assert.True(cells.Contains(file) || File.Exists(Path.Combine(_folder["hls"], "src", file)), $"{kinds[seed]}: {file}"));
        }
    }

    [Fact]
    public void A_control_port_is_refused()
    {
        var network = RandomNetwork.Make(10, "one pixel");
        var netlist = new PipelineNetlist(network.Stages, network.RandomFoldings()) { HasControlPort = true };
        var error = Assert.Throws<RtlException>(() => HlsFolder.Write(netlist, network.Vectors(), Target, _folder["hls"], Cancellation));
        Assert.StartsWith("The C++ has no AXI4-Lite port", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("leave --axi-lite out, or generate Verilog (--target verilog).", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["hls"]));
    }

    /// <summary>A name that ends in a backslash or a trigraph would take the next line into its comment.</summary>
    [Theory]
    [InlineData("block\\", "// block/")]
    [InlineData("block??/", "// block? ?/")]
    [InlineData("block\nint x;", "// block int x;")]
    public void A_name_stays_in_its_comment(string name, string comment) => Assert.Equal(comment, HlsSources.Comment(name));

    [Fact]
    public void A_beat_wider_than_an_integer_may_be_is_refused()
    {
        var network = new RandomNetwork(1, 1, 600, 1, 1).Pointwise(2);
        var netlist = new PipelineNetlist(network.Stages, [new(600, 1, 1)]);
        var error = Assert.Throws<RtlException>(() => HlsFolder.Write(netlist, network.Vectors(), Target, _folder["hls"], Cancellation));
        Assert.StartsWith("A beat of 'random' has 4800 bits, but Vitis HLS allows 4096 for an arbitrary-precision integer", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["hls"]));
    }

    private static HlsTarget Target => new("xczu9eg-ffvb1156-2-e", 200e6);

    /// <summary>What the goals print; the compilers must say nothing.</summary>
    private async Task<string> Make(params string[] arguments)
    {
        var result = await ExternalTool.Make.RequireSuccessAsync(["OPT=-O0", .. arguments], _folder["hls"], Patience, cancellation: Cancellation);
        Assert.Equal("", result.Error);
        return result.Output;
    }

    private const string IntegerChecks = """
        #include "ap_int.h"
        #include "ap_axi_sdata.h"
        #include "hls_stream.h"
        #include "packed_multiplier.h"

        // Widths: a product has the sum of them, a sum one more than the wider, a difference is signed; an unsigned operand counts
        // one more beside a signed one; a C integer counts as one of its own width, a bool as one bit.
        #define WIDTH(expression, bits, sign) \
          static_assert(decltype(expression)::width == bits, #expression); \
          static_assert(std::is_base_of<ap_int_base<bits, sign>, decltype(expression)>::value, #expression)
        WIDTH(ap_int<8>() * ap_int<9>(), 17, true);
        WIDTH(ap_int<32>() * ap_uint<16>(), 48, true);
        WIDTH(ap_uint<5>() * ap_uint<3>(), 8, false);
        WIDTH(ap_int<8>() + ap_int<8>(), 9, true);
        WIDTH(ap_uint<8>() + ap_uint<3>(), 9, false);
        WIDTH(ap_int<8>() + ap_uint<8>(), 10, true);
        WIDTH(ap_uint<8>() + ap_int<8>(), 10, true);
        WIDTH(ap_uint<8>() - ap_uint<3>(), 9, true);
        WIDTH(ap_int<12>() - ap_uint<3>(), 13, true);
        WIDTH(ap_int<8>() + 1, 33, true);
        WIDTH(ap_uint<8>() + 1u, 33, false);
        WIDTH(ap_uint<8>() + true, 9, false);
        WIDTH(1 - ap_uint<4>(), 33, true);
        WIDTH(ap_int<12>() >> ap_uint<6>(), 12, true);
        WIDTH(~ap_uint<7>(), 7, false);
        static_assert(sizeof(ap_int<8>) == 1 && sizeof(ap_uint<24>) == 4, "a code is a byte");

        static uint64_t state = 88172645463325252u;

        static int64_t number() {
          state ^= state << 13;
          state ^= state >> 7;
          state ^= state << 17;
          return static_cast<int64_t>(state) >> (state % 60);
        }

        // The value of the lowest bits of a number.
        static __int128 wrapped(__int128 value, int bits, bool sign) {
          const __int128 range = __int128(1) << bits;
          value = ((value % range) + range) % range;
          return sign && value >= range / 2 ? value - range : value;
        }

        static long checks = 0;

        static void require(bool holds, const char* what) {
          if (!holds) {
            std::cout << "wrong: " << what << std::endl;
            std::exit(1);
          }
          checks++;
        }

        int main() {
          for (int i = 0; i < 1000; i++) {
            const int64_t x = number(), y = number();
            const ap_int<13> a = x;
            const ap_uint<11> b = y;
            const __int128 p = wrapped(x, 13, true), q = wrapped(y, 11, false);
            require(int64_t(a) == p, "signed value");
            require(uint64_t(b) == q, "unsigned value");
            require(int64_t(a * b) == p * q, "product");
            require(int64_t(a + b) == p + q, "sum");
            require(int64_t(b - a) == q - p, "difference");
            require(int64_t(ap_int<9>(a + b)) == wrapped(p + q, 9, true), "wrapped sum");
            ap_int<14> total = a;
            total += b;
            require(int64_t(total) == wrapped(p + q, 14, true), "sum in place");
            require(int64_t(a >> ap_uint<4>(y & 7)) == p >> (y & 7), "arithmetic shift");
            require(int64_t(a >> 3) == p >> 3, "shift by a C integer");
            require((a < b) == (p < q) && (a >= b) == (p >= q) && (a == b) == (p == q) && (b != 7) == (q != 7) && (-3 < a) == (-3 < p), "comparison");
            require(ap_uint<11>(~b) == ap_uint<11>(2047 - q == 0 ? 0 : uint64_t(2047 - q)), "complement");
            ap_uint<11> c = b;
            c++;
            require(uint64_t(c) == (q + 1) % 2048, "increment");
            ap_uint<200> wide = 0;
            const int low = static_cast<int>(y & 127);
            wide.range(low + 12, low) = a;
            const ap_int<13> back = wide.range(low + 12, low);
            require(back == a, "range of a wide number");
            require(low == 0 || ap_uint<1>(wide.range(low - 1, low - 1)) == 0, "bit below a range");
            require(ap_uint<1>(wide.range(low + 13, low + 13)) == 0, "bit above a range");
            ap_uint<70> ones = -1;
            require(uint64_t(ap_uint<64>(ones.range(63, 0))) == ~uint64_t(0) && ap_uint<6>(ones.range(69, 64)) == 63, "minus one is all ones");
            ones = ~ones;
            require(ap_uint<35>(ones.range(69, 35)) == 0 && ap_uint<35>(ones.range(34, 0)) == 0, "complement of a wide number");
            hls::stream<ap_int<13> > stream("stream");
            ap_int<13> first = 1;
            require(!stream.read_nb(first) && stream.empty(), "empty stream");
            stream.write(a);
            require(stream.read_nb(first) && first == a, "beat of a stream");
            const ap_int<8> shared = x, first8 = y, second8 = x >> 8;
            ap_int<16> low16, high16;
            packed_multiplier(shared, first8, second8, low16, high16);
            require(low16 == shared * first8, "lower product of a packed multiplier");
            require(high16 == shared * second8, "upper product of a packed multiplier");
            const ap_int<9> first9 = y, second9 = x >> 8;
            ap_int<17> low17, high17;
            packed_multiplier(shared, first9, second9, low17, high17);
            require(low17 == shared * first9, "lower product of a packed multiplier of 9 bits");
            require(high17 == shared * second9, "upper product of a packed multiplier of 9 bits");
            ap_axiu<24, 1, 0, 0> axis;
            axis.keep = -1;
            require(axis.keep == 7 && ap_axiu<24, 0, 0, 0>::Bytes == 3, "a keep bit a byte");
          }
          std::cout << checks << " checks" << std::endl;
        }
        """;

    [GeneratedRegex("""^#include "(.+)"$""", RegexOptions.Multiline)]
    private static partial Regex Includes();

    [GeneratedRegex(@"^stage=(\d+) unit=(\w+) turns=(\d+)$", RegexOptions.Multiline)]
    private static partial Regex Turns();
}
