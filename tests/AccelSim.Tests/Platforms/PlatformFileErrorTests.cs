using System.Text;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Platforms;

/// <summary>The text that a user reads, whole, for each way in which a file can be wrong.</summary>
public sealed class PlatformFileErrorTests
{
    private const string Good = """
        name: mini
        kind: asic
        title: Mini
        description: A small array.
        sources:
          us: { text: chosen for the test, confidence: assumption }
        clock: { value: 1 GHz, source: us }
        array:
          rows: { value: 8, source: us }
          columns: { value: 8, source: us }
          stationary: { value: weight, source: us }
          folds: { value: serial, source: us }
        vector_unit:
          lanes: { value: 8, source: us }
        memories:
          - name: buffer
            holds: [activations, weights]
            size: { value: 64 KiB, source: us }
            double_buffered: { value: true, source: us }
        dram:
          bandwidth: { value: 8 GB/s, source: us }
        """;

    [Fact]
    public void The_file_that_the_other_tests_spoil_is_legal()
    {
        var platform = Assert.IsType<AsicPlatform>(PlatformFile.Parse(Good, "mini.yaml"));
        Assert.Equal(8, platform.Array.Rows.Value);
        Assert.Null(platform.PowerWatts);
    }

    [Fact]
    public void A_memory_may_say_how_it_is_built_and_a_dram_how_it_is_reached()
    {
        string text = Good
            .Replace(
                "double_buffered: { value: true, source: us }",
                "double_buffered: { value: false, source: us }\n    fifo: { value: true, source: us }\n    banks: { value: 4, source: us }\n    bank_width: { value: 16 B, source: us }\n    ports: { value: 2, source: us }\n    read_energy: { value: 1.5 pJ/B, source: us }\n    write_energy: { value: 2 pJ/B, source: us }",
                StringComparison.Ordinal)
            .Replace("8 GB/s, source: us }", "8 GB/s, source: us }\n  burst: { value: 64 B, source: us }\n  efficiency: { value: 80 %, source: us }\n  latency: { value: 100 ns, source: us }", StringComparison.Ordinal);
        var hierarchy = PlatformModels.MemoryOf(Assert.IsType<AsicPlatform>(PlatformFile.Parse(text, "mini.yaml")));
        var level = Assert.Single(hierarchy.Levels);
        Assert.Equal(
            new MemoryLevel("buffer", MemoryContents.Activations | MemoryContents.Weights, 65536, Buffering.Fifo)
            {
                Banks = 4, WidthBytes = 16, Ports = 2, ReadPicojoulesPerByte = 1.5, WritePicojoulesPerByte = 2,
            },
            level);
        Assert.Equal(128, level.BytesPerCycle);
        Assert.Equal((8e9, 64, 0.8), (hierarchy.Dram.BytesPerSecond, hierarchy.Dram.BurstBytes, Math.Round(hierarchy.Dram.Efficiency, 12)));
        // What the file does not say.
        var plain = PlatformModels.MemoryOf(Assert.IsType<AsicPlatform>(PlatformFile.Parse(Good, "mini.yaml")));
        Assert.Equal(new MemoryLevel("buffer", MemoryContents.Activations | MemoryContents.Weights, 65536), Assert.Single(plain.Levels));
        Assert.Equal(new Dram(8e9), plain.Dram);
    }

    [Theory]
    // A value of the wrong type, out of range, or with the wrong unit.
    [InlineData("rows: { value: 8,", "rows: { value: eight,", "mini.yaml:9: array.rows: 'eight' is not a whole number; allowed: a whole number from 1 to 4096")]
    [InlineData("rows: { value: 8,", "rows: { value: 0,", "mini.yaml:9: array.rows: '0' is out of range; allowed: a whole number from 1 to 4096")]
    [InlineData("rows: { value: 8,", "rows: { value: 99999999999999999999,", "mini.yaml:9: array.rows: '99999999999999999999' is not a whole number; allowed: a whole number from 1 to 4096")]
    [InlineData("rows: { value: 8,", "rows: { value: [8],", "mini.yaml:9: array.rows.value: is a list; allowed: text")]
    [InlineData("1 GHz", "1000", "mini.yaml:7: clock: '1000' has no unit; allowed: a frequency from 1 kHz to 10 THz in Hz, kHz, MHz, GHz or THz")]
    [InlineData("1 GHz", "1 ghz", "mini.yaml:7: clock: '1 ghz' has the unknown unit 'ghz'; did you mean 'GHz'?; allowed: a frequency from 1 kHz to 10 THz in Hz, kHz, MHz, GHz or THz")]
    [InlineData("1 GHz", "64 KiB", "mini.yaml:7: clock: '64 KiB' is not a frequency: its unit is 'KiB'; allowed: a frequency from 1 kHz to 10 THz in Hz, kHz, MHz, GHz or THz")]
    [InlineData("1 GHz", "1000 THz", "mini.yaml:7: clock: '1000 THz' is out of range; allowed: a frequency from 1 kHz to 10 THz in Hz, kHz, MHz, GHz or THz")]
    [InlineData("1 GHz", "-1 GHz", "mini.yaml:7: clock: '-1 GHz' is out of range; allowed: a frequency from 1 kHz to 10 THz in Hz, kHz, MHz, GHz or THz")]
    [InlineData("1 GHz", "1e999 GHz", "mini.yaml:7: clock: '1e999 GHz' is not a number with a unit; allowed: a frequency from 1 kHz to 10 THz in Hz, kHz, MHz, GHz or THz")]
    [InlineData("1 GHz", "fast", "mini.yaml:7: clock: 'fast' is not a number with a unit; allowed: a frequency from 1 kHz to 10 THz in Hz, kHz, MHz, GHz or THz")]
    [InlineData("64 KiB", "64 kB", "mini.yaml:18: memories[0].size: '64 kB' is not a size: its unit is 'kB'; allowed: a size from 64 B to 931.322575 GiB in B, KiB, MiB or GiB")]
    [InlineData("value: weight,", "value: wieght,", "mini.yaml:11: array.stationary.value: 'wieght' is not known; did you mean 'weight'?; allowed: output, weight or input")]
    [InlineData("value: true,", "value: yes,", "mini.yaml:19: memories[0].double_buffered.value: 'yes' is not known; allowed: false or true")]
    // Sources.
    [InlineData("clock: { value: 1 GHz, source: us }", "clock: 1 GHz", "mini.yaml:7: clock: '1 GHz' has no source; allowed: { value: 1 GHz, source: KEY }, KEY being an entry of 'sources'")]
    [InlineData("clock: { value: 1 GHz, source: us }", "clock: { value: 1 GHz }", "mini.yaml:7: clock.source: is missing; allowed: us")]
    [InlineData("clock: { value: 1 GHz, source: us }", "clock: { value: 1 GHz, source: them }", "mini.yaml:7: clock.source: 'them' is not an entry of 'sources'; allowed: us")]
    [InlineData("clock: { value: 1 GHz, source: us }", "clock:", "mini.yaml:7: clock: is empty; allowed: { value: VALUE, source: KEY }, KEY being an entry of 'sources'")]
    [InlineData("confidence: assumption", "confidence: sure", "mini.yaml:6: sources.us.confidence: 'sure' is not known; allowed: verified, memory or assumption")]
    [InlineData("  us: { text: chosen for the test, confidence: assumption }", "  us: { text: chosen for the test, confidence: assumption }\n  paper: { text: nobody, confidence: memory }", "mini.yaml:5: sources.paper: is cited by no figure; remove it or cite it")]
    // Keys.
    [InlineData("  columns:", "  colums:", "mini.yaml:8: array.columns: is missing; allowed: { value: VALUE, source: KEY }, KEY being an entry of 'sources'\nmini.yaml:10: array.colums: is not a known key; did you mean 'columns'?")]
    [InlineData("dram:", "power: { value: 1 W, source: us }\ncolour: blue\ndram:", "mini.yaml:21: colour: is not a known key; allowed: aliases, array, arrays, calibration, clock, depthwise_engine, description, dram, energy, fuse_depthwise, kind, memories, name, power, process, sources, sparsity, title, vector_unit")]
    [InlineData("  columns:", "  rows: { value: 9, source: us }\n  columns:", "mini.yaml:10: array.rows: is given twice; the first is on line 9")]
    [InlineData("name: mini", "name: maxi", "mini.yaml:1: name: 'maxi' differs from the file's name; allowed: mini")]
    [InlineData("kind: asic", "kind: asics", "mini.yaml:2: kind: 'asics' is not known; did you mean 'asic'?; allowed: gpu, cpu, fpga, asic or engine")]
    [InlineData("kind: asic", "kind: cpus", "mini.yaml:2: kind: 'cpus' is not known; did you mean 'cpu'?; allowed: gpu, cpu, fpga, asic or engine")]
    [InlineData("kind: asic\n", "", "mini.yaml:1: kind: is missing; allowed: gpu, cpu, fpga, asic or engine")]
    [InlineData("title: Mini", "title:", "mini.yaml:3: title: '' is empty; allowed: text")]
    [InlineData("holds: [activations, weights]", "holds: [activations]", "mini.yaml:15: memories: has no memory that holds weights; allowed: at least one with 'weights' in 'holds'")]
    [InlineData("holds: [activations, weights]", "holds: all", "mini.yaml:15: memories: has no memory that holds activations; allowed: at least one with 'activations' in 'holds'\nmini.yaml:15: memories: has no memory that holds weights; allowed: at least one with 'weights' in 'holds'\nmini.yaml:17: memories[0].holds: 'all' is a single value; allowed: a list of activations, weights or accumulators")]
    [InlineData("vector_unit:\n  lanes: { value: 8, source: us }", "vector_unit: 8", "mini.yaml:13: vector_unit: '8' is a single value; allowed: a mapping")]
    // Memories.
    [InlineData("double_buffered: { value: true, source: us }", "double_buffered: { value: true, source: us }\n    fifo: { value: true, source: us }", "mini.yaml:20: memories[0].fifo: 'true' contradicts double_buffered; allowed: one of the two")]
    [InlineData("double_buffered: { value: true, source: us }", "double_buffered: { value: true, source: us }\n    banks: { value: 0, source: us }", "mini.yaml:20: memories[0].banks: '0' is out of range; allowed: a whole number from 1 to 65536")]
    [InlineData("double_buffered: { value: true, source: us }", "double_buffered: { value: true, source: us }\n    bank_width: { value: 16, source: us }", "mini.yaml:20: memories[0].bank_width: '16' has no unit; allowed: a size from 0.125 B to 64 KiB in B, KiB, MiB or GiB")]
    [InlineData("memories:", "memories:\n  - name: buffer\n    holds: [accumulators]\n    size: { value: 64 KiB, source: us }\n    double_buffered: { value: true, source: us }", "mini.yaml:15: memories: 'buffer' is the name of two memories; allowed: a name of its own for each, since reports go by it")]
    [InlineData("8 GB/s, source: us }", "8 GB/s, source: us }\n  efficiency: { value: 80, source: us }", "mini.yaml:22: dram.efficiency: '80' has no unit; allowed: a share from 1 % to 100 % in %")]
    [InlineData("8 GB/s, source: us }", "8 GB/s, source: us }\n  burst: { value: 1 MiB, source: us }", "mini.yaml:22: dram.burst: '1 MiB' is out of range; allowed: a size from 1 B to 64 KiB in B, KiB, MiB or GiB")]
    // Several arrays, a depthwise engine, sparsity.
    [InlineData("dram:", "arrays:\n  count: { value: 0, source: us }\n  divide: { value: pixel, source: us }\ndram:", "mini.yaml:21: arrays.count: '0' is out of range; allowed: a whole number from 1 to 1024\nmini.yaml:22: arrays.divide.value: 'pixel' is not known; did you mean 'pixels'?; allowed: auto, output_channels, pixels, groups or images")]
    [InlineData("dram:", "depthwise_engine:\n  channels: { value: 16, source: us }\n  tap: { value: 9, source: us }\ndram:", "mini.yaml:20: depthwise_engine.taps: is missing; allowed: { value: VALUE, source: KEY }, KEY being an entry of 'sources'\nmini.yaml:22: depthwise_engine.tap: is not a known key; did you mean 'taps'?")]
    [InlineData("dram:", "sparsity:\n  kept: { value: 4, source: us }\n  of: { value: 4, source: us }\ndram:", "mini.yaml:21: sparsity.kept: '4' keeps every weight of a block; allowed: 1 to 3, fewer than 'of'")]
    [InlineData("  folds:", "  grouped: { value: columns, source: us }\n  folds:", "mini.yaml:12: array.grouped.value: 'columns' is not known; allowed: auto, one_group_a_fold, groups_across_columns or pixels_across_columns")]
    // Not the YAML of a platform file.
    [InlineData("name: mini", "name: [mini", "mini.yaml:1: is not YAML: a bracket, brace or quotation mark is not closed")]
    [InlineData("name: mini", "\tname: mini", "mini.yaml:1: is indented with a tab; YAML indents with spaces")]
    [InlineData("clock: { value: 1 GHz, source: us }", "clock: &c { value: 1 GHz, source: us }", "mini.yaml:7: uses an anchor or alias; write the value out where it is needed")]
    [InlineData("dram:", "power: *c\ndram:", "mini.yaml:20: uses an anchor or alias; write the value out where it is needed")]
    [InlineData("dram:", "---\ndram:", "mini.yaml:20: has a second document; a platform file has one")]
    public void The_message_says_where_what_and_what_instead(string good, string bad, string message)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var error = Assert.Throws<PlatformFileException>(() => PlatformFile.Parse(Good.Replace(good, bad, StringComparison.Ordinal), "mini.yaml"));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void All_errors_of_a_file_are_reported_at_once()
    {
        string bad = Good
            .Replace("1 GHz", "1", StringComparison.Ordinal)
            .Replace("rows: { value: 8,", "rows: { value: -3,", StringComparison.Ordinal)
            .Replace("bandwidth:", "bandwith:", StringComparison.Ordinal);
        var error = Assert.Throws<PlatformFileException>(() => PlatformFile.Parse(bad, "mini.yaml"));
        Assert.Equal([7, 9, 20, 21], error.Errors.Select(e => e.Line));
        Assert.Equal(["clock", "array.rows", "dram.bandwidth", "dram.bandwith"], error.Errors.Select(e => e.Key));
    }

    [Fact]
    public void UltraRam_needs_its_size()
    {
        string text = """
            name: f
            kind: fpga
            title: F
            description: D
            sources: { us: { text: test, confidence: assumption } }
            clock: { value: 1 MHz, source: us }
            family: { value: ice40, source: us }
            fabric:
              lut: { value: 1, source: us }
              dsp: { value: 0, source: us }
              int8_macs_per_dsp: { value: 1, source: us }
              block_ram: { value: 0, source: us }
              block_ram_size: { value: 4 Kibit, source: us }
              ultra_ram: { value: 4, source: us }
            dram: { bandwidth: { value: 1 MB/s, source: us } }
            """;
        var error = Assert.Throws<PlatformFileException>(() => PlatformFile.Parse(text, "f.yaml"));
        Assert.Equal("f.yaml:14: fabric.ultra_ram: needs its partner; allowed: both 'ultra_ram' and 'ultra_ram_size', or neither", error.Message);
    }

    [Theory]
    [InlineData("", "x.yaml:1: is empty")]
    [InlineData("# only a comment\n", "x.yaml:1: is empty")]
    [InlineData("just words", "x.yaml:1: is not a platform file: its top is not a mapping of keys")]
    [InlineData("- a\n- b", "x.yaml:1: is not a platform file: its top is not a mapping of keys")]
    public void What_is_no_platform_file_at_all_is_named(string text, string message) =>
        Assert.Equal(message, Assert.Throws<PlatformFileException>(() => PlatformFile.Parse(text, "x.yaml")).Message);

    [Fact]
    public void Deep_nesting_ends_in_an_error_and_not_in_a_stack_overflow()
    {
        string text = "name: " + new string('[', 50_000);
        Assert.Equal("x.yaml:1: nests deeper than 16 levels", Assert.Throws<PlatformFileException>(() => PlatformFile.Parse(text, "x.yaml")).Message);
    }

    [Fact]
    public void Control_characters_and_long_values_do_not_reach_the_terminal()
    {
        string bad = Good.Replace("value: 1 GHz", "value: \"\\e[31m" + new string('9', 500) + "\"", StringComparison.Ordinal);
        string message = Assert.Throws<PlatformFileException>(() => PlatformFile.Parse(bad, "mini.yaml")).Message;
        Assert.DoesNotContain('\e', message);
        Assert.InRange(message.Length, 50, 300);
    }

    [Theory]
    [InlineData(300 * 1024, 'a', "is larger than 256 KiB; a platform file is a page of text")]
    [InlineData(100, '\0', "is a binary file; a platform file is YAML text")]
    [InlineData(100, '\xff', "is not UTF-8 text")]
    public void Huge_and_binary_files_are_refused(int size, char fill, string problem)
    {
        string path = Path.Combine(Path.GetTempPath(), $"accelsim-{Guid.NewGuid():N}.yaml");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(new string(fill, size)));
        try
        {
            Assert.Equal($"{path}: {problem}", Assert.Throws<PlatformFileException>(() => PlatformFile.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Whatever bytes come, the answer is a platform or an error of ours.
    [Fact]
    public void Random_damage_never_escapes_as_another_exception()
    {
        var random = new Random(20261124);
        for (int round = 0; round < 2000; round++)
        {
            var text = new StringBuilder(Good);
            for (int edit = random.Next(1, 6); edit > 0; edit--)
            {
                int at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at));
                else
                    text.Insert(at, (char)random.Next(9, 127));
            }
            string damaged = text.ToString();
            var error = Record.Exception(() => PlatformFile.Parse(damaged, "mini.yaml"));
            Assert.True(error is null or PlatformFileException, $"round {round}: {error}\n{damaged}");
        }
    }
}
