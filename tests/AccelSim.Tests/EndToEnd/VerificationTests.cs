using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Reference;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;
using AccelSim.Studies.Compare;
using AccelSim.Studies.Networks;
using AccelSim.Studies.Verify;
using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.EndToEnd;

/// <summary>The closed loop on the default network, and that it notices the smallest fault in any backend, at the right layer.</summary>
public sealed class VerificationTests : IClassFixture<VerificationTests.Fixture>
{
    private const string FaultyLayer = "block5/pointwise";
    private readonly Fixture _fixture;

    public VerificationTests(Fixture fixture) => _fixture = fixture;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_default_network_agrees_on_every_backend()
    {
        var report = await Verifier(block: null).RunAsync(_fixture.Network, cancellation: Cancellation);
        Assert.True(report.Agrees, $"{report.Disagreeing.FirstOrDefault()?.Layer} differs");
        Assert.Equal(13, report.Layers.Count(layer => layer.Rtl is not null));
        Assert.All(report.Layers.Where(layer => layer.Rtl is not null), layer => Assert.Equal(layer.Rtl!.PredictedFrame, layer.Rtl.MeasuredFrame));
        Assert.All(report.EndToEnd, row => Assert.Equal(row.Images, row.SameAsReference));
        Assert.Equal(["gpu cpu", "systolic array", "rtl"], report.Layers.SelectMany(layer => layer.Comparisons).Where(comparison => comparison.Precision == ElementType.Int8).Select(comparison => comparison.Backend).Distinct());
    }

    [Theory]
    [InlineData("gpu cpu")]
    [InlineData("systolic array")]
    public async Task One_flipped_weight_bit_in_one_backends_copy_is_found_at_its_layer(string backend)
    {
        var verifier = Verifier(block: "none");
        var faulty = new Verifier
        {
            IntegerBackends = [.. verifier.IntegerBackends.Select(candidate => candidate.Name == backend
                ? new FaultyBackend(candidate, graph => Faults.FlipWeightBit(graph, FaultyLayer, 5, 6))
                : candidate)],
        };
        var report = await faulty.RunAsync(_fixture.Network, cancellation: Cancellation);
        Assert.False(report.Agrees);
        AssertFoundFirst(report, FaultyLayer, backend);
    }

    [Fact]
    public async Task One_flipped_bit_of_a_float_weight_is_found_at_its_layer()
    {
        var faulty = new Verifier { FloatBackends = [new FaultyBackend(_fixture.Gpu, graph => Faults.FlipWeightBit(graph, FaultyLayer, 5, 23))] };
        AssertFoundFirst(await faulty.RunAsync(_fixture.Network, cancellation: Cancellation), FaultyLayer, "gpu cpu");
    }

    public static TheoryData<string, string> RtlFaults => new()
    {
        { "weight", "block5/depthwise" },
        { "weight", "block5/pointwise" },
        { "multiplier", "block5/depthwise" },
        { "multiplier", "block5/pointwise" },
        { "golden", "block5/depthwise" },
        { "golden", "block5/pointwise" },
    };

    [Theory]
    [MemberData(nameof(RtlFaults))]
    public async Task One_fault_in_the_hardware_or_its_golden_data_is_found_at_its_layer(string fault, string layer)
    {
        RequiredTools.RequireVerilator();
        BlockSimulation healthy = _fixture.Simulate;
        BlockSimulation faulty = (block, folding, vectors, stalls, cancellation) =>
        {
            if (fault == "golden")
                return healthy(block, folding, FlipGolden(vectors, layer == block.Pointwise.Name), stalls, cancellation);
            var altered = VisibleFault(fault, layer, layer == block.Pointwise.Name ? vectors.Result : vectors.DepthwiseResult);
            return healthy(DepthwiseSeparableBlock.Containing(altered, layer), folding, vectors, stalls, cancellation);
        };
        var report = await new Verifier { Blocks = new BlockVerification(faulty, [layer]) }.RunAsync(_fixture.Network, cancellation: Cancellation);
        AssertFoundFirst(report, layer, "rtl");
    }

    /// <summary>A block whose result ends early must not pass because what came was right.</summary>
    [Fact]
    public async Task A_stream_that_falls_silent_is_a_mismatch()
    {
        BlockSimulation silent = (_, _, _, _, _) => Task.FromResult(new CoSimulationReport(
            false, "FAIL timeout", new LayerCheck("block5/depthwise", 1, 0, null), new LayerCheck("block5/pointwise", 0, 0, null), null, new BlockCycles(1, [1]), true, false));
        var report = await new Verifier { Blocks = new BlockVerification(silent, ["block5/pointwise"]) }.RunAsync(_fixture.Network, cancellation: Cancellation);
        AssertFoundFirst(report, "block5/pointwise", "rtl");
    }

    private Verifier Verifier(string? block)
    {
        if (block is null)
            RequiredTools.RequireVerilator();
        return new Verifier
        {
            FloatBackends = [_fixture.Gpu],
            IntegerBackends = [_fixture.Gpu, _fixture.Simulator],
            Timing = _fixture.Simulator.Time,
            Blocks = block == "none" ? null : new BlockVerification(_fixture.Simulate, null),
        };
    }

    /// <summary>The first weight or channel whose fault changes the layer's value on the first image: many are hidden by zero inputs and clamps.</summary>
    private LayerGraph VisibleFault(string fault, string layer, Tensor healthy)
    {
        var graph = _fixture.Network.Quantized.WithBatch(1);
        var inputs = new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = _fixture.FirstImage };
        for (int i = 0; ; i++)
        {
            var altered = fault == "weight" ? Faults.FlipWeightBit(graph, layer, i, 6) : Faults.ChangeMultiplier(graph, layer, i);
            using var reference = new ReferenceBackend().Compile(altered);
            if (!reference.Run(inputs, everyLayer: true)[layer].Int8.SequenceEqual(healthy.Int8))
                return altered;
        }
    }

    private static BlockVectors FlipGolden(BlockVectors vectors, bool result)
    {
        return result ? vectors with { Result = Flip(vectors.Result) } : vectors with { DepthwiseResult = Flip(vectors.DepthwiseResult) };

        static Tensor Flip(Tensor tensor)
        {
            sbyte[] codes = tensor.Int8.ToArray();
            codes[codes.Length / 2] ^= 1;
            return Tensor.Of(tensor.Shape, codes);
        }
    }

    private static void AssertFoundFirst(VerificationReport report, string layer, string backend)
    {
        var first = report.Disagreeing.First();
        Assert.Equal(layer, first.Layer);
        Assert.Equal([backend], first.Comparisons.Where(comparison => !comparison.Agrees).Select(comparison => comparison.Backend));
    }

    /// <summary>The default network on two images; the CPU accelerator, so that no device need be there.</summary>
    public sealed class Fixture : IDisposable
    {
        public Fixture()
        {
            Network = PreparedNetwork.Prepare(new NetworkRequest
            {
                NetworkOrFile = PreparedNetwork.DefaultNetwork,
                Options = new NetworkOptions(Width: PreparedNetwork.DefaultWidth, Resolution: PreparedNetwork.DefaultResolution),
                SampleCount = 2,
            });
            Gpu = GpuBackend.Open("cpu", new GpuOptions(CheckWrites: true));
            Simulator = new SystolicSimulator(new ArrayConfiguration(
                "array", 16, 16, Dataflow.WeightStationary, FoldSchedule.Pipelined, 1e9, 16, MemoryHierarchy.Split(1 << 16, 1 << 16, new Dram(1e10))));
            Simulate = new CoSimulator(new VerilatorSimulator(new SimulationCache())).RunAsync;
        }

        public PreparedNetwork Network { get; }

        public GpuBackend Gpu { get; }

        /// <summary>The first image as int8 codes, batch 1.</summary>
        public Tensor FirstImage => Network.Quantized.Inputs[0].Type.Quantization!.Value.Encode(Network.Samples.Images.Batch(0, 1));

        public SystolicSimulator Simulator { get; }

        public BlockSimulation Simulate { get; }

        public void Dispose() => Gpu.Dispose();
    }
}
