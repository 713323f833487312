using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Arrays;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Simulation;
using AccelSim.Studies.Generate;
using AccelSim.Systolic.RegisterLevel;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// The systolic arrays as hardware against the simulator: every sum equals the integer product, and the cycles that the hardware is
/// counted to take equal the closed form and, where an element has no register for its product, the register-level machine.
/// </summary>
public sealed partial class SystolicArrayTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Words of each memory and sums of the testbench; constant, so that arrays share a build whatever their products.</summary>
    private static readonly ArrayMemories Memories = new(1024, 1024, 1024);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>The arrays that Verilator builds, the same each time; ACCELSIM_ARRAY_PRODUCTS asks for more products than the 60 of each.</summary>
    [Fact]
    public async Task Verilator_counts_the_cycles_of_the_simulator()
    {
        RequiredTools.RequireVerilator();
        ArrayDesign[] designs =
        [
            new(StationaryOperand.Weights, 4, 3) { ProductRegister = false, SumDepth = 5 },
            new(StationaryOperand.Weights, 3, 4) { Pipelined = false, SumDepth = 64 },
            new(StationaryOperand.Outputs, 4, 3) { ProductRegister = false },
            new(StationaryOperand.Outputs, 3, 4) { Pipelined = false },
            new(StationaryOperand.Weights, 6, 7) { SumDepth = 16 },
            new(StationaryOperand.Outputs, 7, 6),
        ];
        int products = int.Parse(Environment.GetEnvironmentVariable("ACCELSIM_ARRAY_PRODUCTS") ?? "60", CultureInfo.InvariantCulture);
        await Check(new VerilatorSimulator(new SimulationCache()), designs, products, new Random(1), "seed 1");
    }

    /// <summary>Sixteen random arrays of 1×1 to 8×8 of each kind, four-valued, so that what was never set shows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Arrays_of_every_size_agree_in_Icarus(int seed)
    {
        RequiredTools.RequireIcarus();
        var random = new Random(seed);
        ArrayDesign[] designs =
        [
            .. Enumerable.Range(0, 8).Select(kind => new ArrayDesign((StationaryOperand)(kind & 1), random.Next(1, 9), random.Next(1, 9))
            {
                Pipelined = (kind & 2) != 0,
                ProductRegister = (kind & 4) != 0,
                SumDepth = random.Next(1, 12),
            }),
            new(StationaryOperand.Weights, 1, 1) { SumDepth = 1, ProductRegister = false },
            new(StationaryOperand.Outputs, 1, 1),
        ];
        await Check(new IcarusSimulator(_folder.Path), designs, 12, random, $"seed {seed}");
    }

    /// <summary>Wrong hardware, a wrong sum and a wrong prediction are each noticed.</summary>
    [Theory]
    [InlineData("ws_sequencer.sv", "assign may_load = !loaded_q || start;", "assign may_load = !loaded_q;")]
    [InlineData("ws_sequencer.sv", "Rows'({load_o, 1'b1})", "'1")]
    [InlineData("ws_element.sv", "first_i ? weight_o : active_q", "active_q")]
    [InlineData("column_accumulator.sv", "forwards_q ? forward_q : read_q", "read_q")]
    [InlineData("os_sequencer.sv", "assign free = (outstanding_q != 2'd2);", "assign free = 1'b1;")]
    [InlineData("os_sequencer.sv", "rows - 1'b1", "rows")]
    [InlineData("os_element.sv", "replace ? '0 : to_odd ? odd_q : even_q", "to_odd ? odd_q : even_q")]
    public async Task Broken_hardware_is_noticed(string cell, string right, string wrong)
    {
        RequiredTools.RequireIcarus();
        ArrayDesign[] designs = [new(StationaryOperand.Weights, 3, 2) { SumDepth = 1 }, new(StationaryOperand.Outputs, 3, 2)];
        SourceFile[] sources = [.. Sources(designs, cell, right, wrong)];
        Jobs(designs, 20, new Random(3));
        string output = await Run(new IcarusSimulator(_folder.Path), sources);
        Assert.Contains(cell.StartsWith("os", StringComparison.Ordinal) ? "1 FAIL" : "0 FAIL", output);
        Assert.Contains(cell.StartsWith("os", StringComparison.Ordinal) ? "0 PASS" : "1 PASS", output);
    }

    [Theory]
    [InlineData("golden.hex")]
    [InlineData("jobs.txt")]
    public async Task A_flipped_digit_is_noticed(string file)
    {
        RequiredTools.RequireIcarus();
        ArrayDesign[] designs = [new(StationaryOperand.Weights, 2, 2), new(StationaryOperand.Outputs, 2, 2)];
        Jobs(designs, 1, new Random(4));
        string path = Path.Combine(_folder["0"], file);
        string text = (await File.ReadAllTextAsync(path, Cancellation)).TrimEnd('\n');
        await File.WriteAllTextAsync(path, text[..^1] + (text[^1] == '1' ? '2' : '1') + "\n", Cancellation);
        string output = await Run(new IcarusSimulator(_folder.Path), [.. Sources(designs)]);
        Assert.Contains("0 FAIL", output);
        Assert.Contains("1 PASS", output);
    }

    /// <summary>The folder that an engineer takes away, with an array of each kind: lint, latches, both simulators.</summary>
    [Fact]
    public async Task The_folder_runs_without_us()
    {
        RequiredTools.RequireVerilator();
        RequiredTools.RequireIcarus();
        RequiredTools.Require(ExternalTool.Yosys);
        string target = _folder["array"];
        var cycles = ArrayGeneration.Write(ArrayGeneration.Parse("3x4", "os"), "7,5,9", seed: 1, target);
        await ExternalTool.Make.RequireSuccessAsync(["lint"], target, Patience, cancellation: Cancellation);
        var result = await ExternalTool.Make.RequireSuccessAsync(["icarus"], target, Patience, cancellation: Cancellation);
        Assert.Contains($"cycles={cycles.Total} predicted={cycles.Total} mismatches=0", result.Output);
        Assert.Contains($"| 7×5 by 5×9 | {cycles.Total} |", await File.ReadAllTextAsync(Path.Combine(target, "README.md"), Cancellation));
        ArrayGeneration.Write(ArrayGeneration.Parse("2x2", "ws") with { Pipelined = false }, "3,5,3", seed: 1, target);
        await ExternalTool.Make.RequireSuccessAsync(["lint", "icarus"], target, Patience, cancellation: Cancellation);
    }

    /// <summary>One DSP slice an element, before logic is mapped: the add stays in the slice or outside it, the multiply never does.</summary>
    [Theory]
    [InlineData("ws")]
    [InlineData("os")]
    public async Task An_element_takes_one_dsp_slice(string dataflow)
    {
        RequiredTools.Require(ExternalTool.Yosys);
        string target = _folder["array"];
        ArrayGeneration.Write(ArrayGeneration.Parse("8x8", dataflow), "16,16,16", seed: 1, target);
        const string script = "read_verilog -sv -defer rtl/*.sv; synth_xilinx -family xc7 -top array_top -flatten -noiopad -run begin:coarse; tee -o stat.txt stat";
        await ExternalTool.Yosys.RequireSuccessAsync(["-q", "-p", script], target, Patience, cancellation: Cancellation);
        string stat = await File.ReadAllTextAsync(Path.Combine(target, "stat.txt"), Cancellation);
        Assert.Equal(64, int.Parse(Regex.Match(stat, @"DSP48E1\s+(\d+)").Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Every_array_cell_is_lint_clean_as_it_stands()
    {
        RequiredTools.Require(ExternalTool.Verilator);
        var cells = ArraySources.Cells();
        foreach (var cell in cells)
        {
            Assert.DoesNotContain("lint_off", cell.Text);
            await File.WriteAllTextAsync(_folder[cell.Name], cell.Text, Cancellation);
        }
        string table = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "templates", "verilog", "README.md"), Cancellation);
        foreach (var cell in cells)
        {
            Assert.Contains($"| `{cell.Module}` |", table);
            foreach (string parameters in cell.Module.StartsWith("systolic", StringComparison.Ordinal) ? ["-GRows=4", "-GRows=1 -GColumns=1 -GPipelined=1'b0 -GProductRegister=1'b1"] : new[] { "" })
            {
                await ExternalTool.Verilator.RequireSuccessAsync(
                    ["--lint-only", "-Wall", "--top-module", cell.Module, .. parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. cells.Select(source => source.Name)],
                    _folder.Path, Patience, cancellation: Cancellation);
            }
        }
    }

    [Theory]
    [InlineData("8", "ws", "4,4,4", "The array '8' must be rows and columns, such as 16x16.")]
    [InlineData("8x0", "ws", "4,4,4", "The array '8x0' must be rows and columns, such as 16x16.")]
    [InlineData("8x8", "is", "4,4,4", "The dataflow 'is' has no hardware: ask for ws (weight-stationary) or os (output-stationary).")]
    [InlineData("8x8", "ws", "4,4", "The product '4,4' must be three positive numbers: pixels,depth,filters.")]
    [InlineData("2048x8", "ws", "4,4,4", "An array of 2048×8 cannot be generated: rows and columns are 1 to 1024.")]
    [InlineData("8x8", "os", "1,200000,1", "A sum of 200000 int8 products could overflow 32 bits: the depth is at most 131071.")]
    [InlineData("8x8", "os", "70000,1,1", "A product of 70000×1 by 1×1 is too large: each size is at most 65535.")]
    public void A_wrong_request_names_its_value(string array, string dataflow, string product, string message)
    {
        var error = Assert.ThrowsAny<Exception>(() => ArrayGeneration.Write(ArrayGeneration.Parse(array, dataflow), product, 1, _folder["array"]));
        Assert.True(error is GraphException or RtlException, error.ToString());
        Assert.Equal(message, error.Message);
        Assert.False(Directory.Exists(_folder["array"]));
    }

    /// <summary>Runs random products on arrays side by side in one simulation, and compares what each printed.</summary>
    private async Task Check(ISimulator simulator, ArrayDesign[] designs, int products, Random random, string where)
    {
        var jobs = Jobs(designs, products, random);
        string output = await Run(simulator, [.. Sources(designs)]);
        for (int i = 0; i < designs.Length; i++)
        {
            var counted = Job().Matches(output).Where(match => match.Groups[1].Value == $"{i}").Select(match => match.Groups[2].Value).ToArray();
            Assert.True(counted.Length == products, $"{where}, {designs[i]}: {counted.Length} of {products} products ran\n{output}");
            for (int j = 0; j < products; j++)
            {
                var (product, predicted) = jobs[i][j];
                string what = $"{where}, {designs[i]}, {product.Pixels}×{product.Depth} by {product.Depth}×{product.Filters}";
                Assert.True(counted[j] == string.Create(CultureInfo.InvariantCulture, $"cycles={predicted} predicted={predicted} mismatches=0"), $"{what}: {counted[j]}");
                if (!designs[i].ProductRegister)
                    Assert.True(RegisterLevel(designs[i], product).Cycles == predicted, $"{what}: the register-level machine differs");
            }
            Assert.Contains($"\n{i} PASS", output);
        }
    }

    /// <summary>A folder of random products an array, ragged at every edge, from one vector to several folds.</summary>
    private List<ArrayJob>[] Jobs(ArrayDesign[] designs, int products, Random random) =>
    [
        .. designs.Select((design, index) =>
        {
            List<ArrayJob> jobs = [];
            for (int i = 0; i < products; i++)
            {
                var product = ArrayProduct.Random(Size(design.Rows), Size(design.Rows), Size(design.Columns), random);
                jobs.Add(new ArrayJob(product, ArrayGeneration.CyclesOf(design, product).Total));
            }
            var needed = ArrayJobs.Write(Directory.CreateDirectory(_folder[$"{index}"]).FullName, design, jobs);
            Assert.True(needed.Left <= Memories.Left && needed.Top <= Memories.Top && needed.Golden <= Memories.Golden);
            return jobs;

            int Size(int lanes) => random.Next(4) == 0 ? random.Next(1, 3) : random.Next(1, 3 * lanes + 3);
        }),
    ];

    private static ArrayRun RegisterLevel(ArrayDesign design, ArrayProduct product)
    {
        int[] weights = new int[product.Filters * product.Depth];
        for (int filter = 0; filter < product.Filters; filter++)
        {
            for (int depth = 0; depth < product.Depth; depth++)
                weights[filter * product.Depth + depth] = product.Weight(depth, filter);
        }
        var run = RegisterLevelLayer.Run(
            ArrayGeneration.GridOf(design, product), ArrayGeneration.ScheduleOf(design), [.. product.Inputs.Select(code => (int)code)], weights, Cancellation);
        return run.Array;
    }

    private async Task<string> Run(ISimulator simulator, IReadOnlyList<SourceFile> sources)
    {
        var simulation = await simulator.BuildAsync(sources, Cancellation);
        return "\n" + (await simulator.RunAsync(simulation, _folder.Path, [], Cancellation)).Output;
    }

    private static IEnumerable<SourceFile> Sources(ArrayDesign[] designs, string cell = "", string right = "", string wrong = "")
    {
        foreach (var source in ArraySources.Cells())
        {
            if (source.Name == cell)
            {
                Assert.Contains(right, source.Text);
                yield return source with { Text = source.Text.Replace(right, wrong, StringComparison.Ordinal) };
            }
            else
            {
                yield return source;
            }
        }
        yield return ArraySources.Bench();
        yield return AllOf(designs);
    }

    // Several testbenches in one simulation, each with a folder of its own: one build for all.
    private static SourceFile AllOf(ArrayDesign[] designs)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"module arrays_tb;\n  logic [{designs.Length - 1}:0] done, passed;");
        for (int i = 0; i < designs.Length; i++)
        {
            var design = designs[i];
            text.AppendLine(CultureInfo.InvariantCulture, $"""
                  systolic_bench #(
                    .WeightStationary (1'b{(design.Stationary == StationaryOperand.Weights ? 1 : 0)}), .Rows ({design.Rows}), .Columns ({design.Columns}), .SumDepth ({design.SumDepth}),
                    .LeftDepth ({Memories.Left}), .TopDepth ({Memories.Top}), .GoldenDepth ({Memories.Golden}),
                    .Pipelined (1'b{(design.Pipelined ? 1 : 0)}), .ProductRegister (1'b{design.ProductRegisters}), .Name ("{i}"), .Folder ("{i}")
                  ) u_bench{i} (.done_o (done[{i}]), .passed_o (passed[{i}]));
                """);
        }
        text.AppendLine("  always @(done) if (&done) $finish;\nendmodule");
        return new SourceFile("arrays_tb.sv", text.ToString().ReplaceLineEndings("\n"));
    }

    [GeneratedRegex(@"^(\d+) job=\d+ (cycles=-?\d+ predicted=\d+ mismatches=\d+)$", RegexOptions.Multiline)]
    private static partial Regex Job();
}
