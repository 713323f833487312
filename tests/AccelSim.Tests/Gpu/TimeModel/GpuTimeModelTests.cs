using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Training;
using AccelSim.Models;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Gpu.TimeModel;

public sealed class GpuTimeModelTests
{
    /// <summary>Ten multiprocessors of 100 MACs a cycle at 1 GHz, 100 GB/s, 1 MB of cache.</summary>
    private static readonly GpuSpecification Device = new("test card", 1e9, 10, 1e12, 8e12, 1e11, 1_000_000) { Float16MacsPerSecond = 4e12 };

    private static readonly SoftwareProfile Plain = new("plain", KernelFusion.None, LaunchCost.Serial, 0.5, 0.8, 1e-6);

    private static readonly SoftwareProfile Engine = new("engine", KernelFusion.Epilogue, LaunchCost.Serial, 0.5, 0.8, 1e-6);

    private static readonly SoftwareProfile Compiler = new("compiler", KernelFusion.Elementwise, LaunchCost.Overlapped, 0.5, 0.8, 1e-6);

    [Fact]
    public void A_full_wave_of_the_largest_tiles_reaches_the_efficiency()
    {
        var estimate = GpuTimeModel.Estimate(Device, Plain, Pointwise(1000, 256, 1280), NumberFormat.Float32);
        var timing = Assert.Single(estimate.Kernels).Timing;
        Assert.Equal(256 * 1280 * 1000 / (1e12 * 0.5), timing.Compute / 1e9, 1e-9);
        long bytes = 4L * (1000 * 1280 + 256 * 1280 + 256 * 1000);
        // The norm of order 1.5 of both; what compute does not hide of it is the stall.
        double compute = 256 * 1280 * 1000 / (1e12 * 0.5), memory = bytes / (1e11 * 0.8);
        double both = Math.Pow(Math.Pow(compute, 1.5) + Math.Pow(memory, 1.5), 1 / 1.5);
        Assert.Equal(both - compute, timing.Stalls[StallCause.DramBandwidth] / 1e9, 1e-9);
        Assert.InRange(both, Math.Max(compute, memory), compute + memory);
        Assert.Equal(1000, timing.Stalls[StallCause.Launch]);
        Assert.Equal(GpuLimit.Compute, estimate.Kernels[0].Limit);
        Assert.Equal(Provenance.Modelled, timing.Provenance);
        Assert.Equal(timing.Seconds, estimate.Seconds, 1e-12);
    }

    [Fact]
    public void Each_format_runs_on_its_unit_and_moves_its_bytes()
    {
        var graph = Pointwise(1024, 256, 1280);
        GpuEstimate Of(NumberFormat format) => GpuTimeModel.Estimate(Device, Plain, graph, format);
        var (single, half, bytes) = (Of(NumberFormat.Float32).Kernels[0].Timing, Of(NumberFormat.Float16).Kernels[0].Timing, Of(NumberFormat.Int8).Kernels[0].Timing);
        Assert.Equal(4.0, (double)single.Compute / half.Compute, 0.01);
        Assert.Equal(2.0, (double)half.Compute / bytes.Compute, 0.01);
        Assert.Equal(single.Traffic[0].ReadBytes, 2 * half.Traffic[0].ReadBytes);
        Assert.Equal(single.Traffic[0].WrittenBytes, 4 * bytes.Traffic[0].WrittenBytes);
        Assert.Equal(single.Compute, Of(NumberFormat.Tf32).Kernels[0].Timing.Compute);
    }

    [Fact]
    public void Matrix_units_pad_channels_and_vector_units_do_not()
    {
        long Compute(int channels, NumberFormat format) => GpuTimeModel.Estimate(Device, Plain, Pointwise(channels, 256, 1280), format).Kernels[0].Timing.Compute;
        Assert.Equal(Compute(24, NumberFormat.Float16), Compute(17, NumberFormat.Float16));
        Assert.True(Compute(25, NumberFormat.Float16) > Compute(24, NumberFormat.Float16));
        Assert.True(Compute(24, NumberFormat.Float32) > Compute(17, NumberFormat.Float32));
    }

    /// <summary>conv, norm, relu, conv, norm, add(relu), relu: a residual block without its shortcut's layers.</summary>
    [Fact]
    public void Stacks_fuse_what_they_say()
    {
        var builder = new GraphBuilder("block");
        string x = builder.Input("x", Shape.Of(1, 8, 16, 16));
        string a = builder.Activation("a/relu", builder.BatchNormalization("a/bn", builder.Convolution("a", x, 8, 3, 1, 1, 1, bias: false), 1e-5), ActivationKind.Relu);
        string b = builder.BatchNormalization("b/bn", builder.Convolution("b", a, 8, 3, 1, 1, 1, bias: false), 1e-5);
        string sum = builder.Activation("relu", builder.Layer("add", new Add(), [b, x]), ActivationKind.Relu);
        var graph = builder.Build(builder.Layer("flatten", new Flatten(), [sum]));

        string Kernels(SoftwareProfile stack) => string.Join(" | ", GpuTimeModel.Estimate(Device, stack, graph, NumberFormat.Float32).Kernels.Select(kernel => string.Join(' ', kernel.Layers)));
        Assert.Equal("a | a/bn | a/relu | b | b/bn | add | relu", Kernels(Plain));
        Assert.Equal("a | a/bn a/relu | b | b/bn add relu", Kernels(Compiler));
        Assert.Equal("a a/bn a/relu | b b/bn add relu", Kernels(Engine));

        // The fused end reads the convolution's input, the shortcut and constants, and writes the sum once.
        var last = GpuTimeModel.Estimate(Device, Engine, graph, NumberFormat.Float32).Kernels[1].Timing;
        const int map = 4 * 8 * 16 * 16;
        Assert.Equal(new Traffic("L2", 2 * map + 4 * (8 * 8 * 9 + 4 * 8), map), last.Traffic.Single());
        Assert.Equal("b", last.Layer);
        Assert.EndsWith("; one kernel with b/bn, add, relu", last.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_with_two_readers_is_written_for_the_other()
    {
        var builder = new GraphBuilder("two readers");
        string x = builder.Input("x", Shape.Of(1, 8, 16, 16));
        string a = builder.Convolution("a", x, 8, 3, 1, 1, 1, bias: false);
        string relu = builder.Activation("relu", a, ActivationKind.Relu);
        var graph = builder.Build(builder.Layer("add", new Add(), [relu, a]));
        Assert.Equal(["a", "relu", "add"], GpuTimeModel.Estimate(Device, Engine, graph, NumberFormat.Float32).Kernels.Take(1).SelectMany(kernel => kernel.Layers)
            .Concat(GpuTimeModel.Estimate(Device, Engine, graph, NumberFormat.Float32).Kernels.Skip(1).SelectMany(kernel => kernel.Layers)));
        Assert.Equal(3, GpuTimeModel.Estimate(Device, Engine, graph, NumberFormat.Float32).Kernels.Count);
    }

    /// <summary>A processor computes and loads in one stream of instructions.</summary>
    [Fact]
    public void A_CPU_hides_nothing()
    {
        var graph = Pointwise(1000, 256, 1280);
        var gpu = GpuTimeModel.Estimate(Device with { LastLevelCacheBytes = 1 }, Plain, graph, NumberFormat.Float32).Kernels[0].Timing;
        var cpu = GpuTimeModel.Estimate(Device with { LastLevelCacheBytes = 1, IsCpu = true }, Plain, graph, NumberFormat.Float32).Kernels[0].Timing;
        Assert.Equal(4 * (1000 * 1280 + 256 * 1280 + 256 * 1000) / (1e11 * 0.8), cpu.Stalls[StallCause.DramBandwidth] / 1e9, 2e-9);
        Assert.True(cpu.Stalls[StallCause.DramBandwidth] > gpu.Stalls[StallCause.DramBandwidth]);
    }

    [Fact]
    public void Mixed_precision_casts_each_weight_in_a_kernel_of_its_own()
    {
        var graph = Pointwise(1000, 256, 1280);
        var casts = Plain with { CastsWeights = true };
        Assert.Equal(2, GpuTimeModel.Estimate(Device, casts, graph, NumberFormat.Float16).Launches);
        Assert.Equal(1, GpuTimeModel.Estimate(Device, casts, graph, NumberFormat.Float32).Launches);
        Assert.True(GpuTimeModel.Estimate(Device, casts, graph, NumberFormat.Float16).Seconds > 1e-6 + GpuTimeModel.Estimate(Device, Plain, graph, NumberFormat.Float16).Seconds);
    }

    /// <summary>100 float lanes a multiprocessor, 64 integer ones where there are matrix units.</summary>
    [Theory]
    [InlineData(4e12, 3)]
    [InlineData(8e12, 3 * 100.0 / 64)]
    public void Int8_depthwise_layers_run_on_the_integer_lanes(double int8, double slots)
    {
        var builder = new GraphBuilder("depthwise");
        var graph = builder.Build(builder.Convolution("y", builder.Input("x", Shape.Of(1, 640, 32, 32)), 640, 3, 1, 1, 640, bias: false));
        var timing = GpuTimeModel.Estimate(Device with { Int8MacsPerSecond = int8 }, Plain, graph, NumberFormat.Int8).Kernels[0].Timing;
        Assert.Equal(slots * 9 * 640 * 32 * 32 / (1e12 * 0.5), timing.Compute / 1e9, 2e-9);
    }

    [Fact]
    public void Compiled_means_over_the_image_read_at_a_third()
    {
        var builder = new GraphBuilder("mean");
        var graph = builder.Build(builder.Layer("y", new GlobalAveragePool(), [builder.Input("x", Shape.Of(64, 256, 56, 56))]));
        long Waits(SoftwareProfile stack) => GpuTimeModel.Estimate(Device, stack, graph, NumberFormat.Float32).Kernels[0].Timing.Stalls[StallCause.DramBandwidth];
        // Work hides a part of both waits, and a larger part of the shorter one.
        Assert.InRange((double)Waits(Compiler) / Waits(Plain), 3, 3.1);
    }

    [Fact]
    public void A_host_that_runs_ahead_costs_nothing_until_it_is_the_slower()
    {
        var graph = Pointwise(1000, 256, 1280);
        var ahead = Plain with { Launch = LaunchCost.Overlapped };
        var small = GpuTimeModel.Estimate(Device, ahead, graph, NumberFormat.Float32);
        Assert.Equal(0, small.Kernels[0].Timing.Stalls[StallCause.Launch]);
        var slow = GpuTimeModel.Estimate(Device, ahead with { LaunchSeconds = 1e-2 }, graph, NumberFormat.Float32);
        Assert.Equal(1e-2, slow.Seconds, 1e-8);
        Assert.Equal(GpuLimit.Launch, slow.Limit);
        Assert.Equal(1, slow.ShareOf(GpuLimit.Launch));
    }

    [Fact]
    public void Better_hardware_is_never_slower_and_larger_batches_never_less_efficient_than_one()
    {
        var graph = TestNetwork.Folded(batch: 16);
        foreach (var stack in new[] { Plain, Engine, Compiler })
        {
            foreach (var format in Enum.GetValues<NumberFormat>())
            {
                double basis = GpuTimeModel.Estimate(Device, stack, graph, format).Seconds;
                foreach (var better in new[]
                {
                    Device with { Float32MacsPerSecond = 2e12, Float16MacsPerSecond = 8e12, Int8MacsPerSecond = 16e12 },
                    Device with { DramBytesPerSecond = 2e11 },
                    Device with { LastLevelCacheBytes = 100_000_000 },
                })
                {
                    // Each kernel's parts are rounded up to whole cycles.
                    Assert.True(GpuTimeModel.Estimate(better, stack, graph, format).Seconds <= basis + 3e-9 * graph.Layers.Length, $"{stack.Name} {format} {better}");
                }
                Assert.True(GpuTimeModel.Estimate(Device, stack with { LaunchSeconds = 1e-7 }, graph, format).Seconds <= basis + 3e-9 * graph.Layers.Length);
                Assert.True(GpuTimeModel.Estimate(Device, stack with { MemoryEfficiency = 0.9 }, graph, format).Seconds <= basis + 3e-9 * graph.Layers.Length);
                var many = GpuTimeModel.Estimate(Device, stack, graph, format);
                Assert.InRange(many.Utilization, GpuTimeModel.Estimate(Device, stack, TestNetwork.Folded(), format).Utilization, stack.ComputeEfficiency);
            }
        }
    }

    /// <summary>No operator is left out: each of a random layer computes, moves and launches. Only a view is free.</summary>
    [Fact]
    public void Every_operator_is_charged_for_what_it_does()
    {
        foreach (string name in RandomCase.FloatOperators.Except(["flatten", "reshape"]))
        {
            var kernel = GpuTimeModel.Estimate(Device, Plain, RandomCase.Float(name, seed: 3).Graph, NumberFormat.Float32).Kernels[^1];
            Assert.True(kernel.Timing.Compute > 0, name);
            Assert.True(kernel.Timing.Stalls[StallCause.Launch] >= 1000, name);
            Assert.True(kernel.Timing.Traffic.Single() is { ReadBytes: > 0, WrittenBytes: > 0 }, name);
        }
    }

    [Theory]
    [InlineData(RecurrentCell.Lstm, 4, 1)]
    [InlineData(RecurrentCell.Gru, 3, 2)]
    public void A_recurrent_layer_is_launched_step_by_step(RecurrentCell cell, int gates, int kernels)
    {
        var graph = new LayerGraph(
            "recurrent",
            [new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(50, 1, 8)))],
            [new Constant("w", new TensorType(ElementType.Float32, Shape.Of(gates * 8, 8))), new Constant("r", new TensorType(ElementType.Float32, Shape.Of(gates * 8, 8)))],
            [new Layer("y", new Recurrent(cell), ["x"], ["w", "r"])],
            ["y"]);
        var estimate = GpuTimeModel.Estimate(Device, Plain, graph, NumberFormat.Float32);
        Assert.Equal(1 + 50 * kernels, estimate.Launches);
        Assert.Equal(GpuLimit.Launch, estimate.Limit);
    }

    [Fact]
    public void A_training_step_takes_about_three_forward_passes()
    {
        var network = NetworkZoo.Find("resnet18").Build(new NetworkOptions(Batch: 64)).WithSeededWeights(1);
        var step = TrainingStep.Of(network, new TrainingStepOptions()).Graph;
        double forward = GpuTimeModel.Estimate(Device, Plain, network, NumberFormat.Float16).Seconds;
        Assert.InRange(GpuTimeModel.Estimate(Device, Plain, step, NumberFormat.Float16).Seconds / forward, 2, 6);
    }

    [Fact]
    public void Winograd_saves_multiplications_of_float32_alone()
    {
        var builder = new GraphBuilder("3x3");
        var graph = builder.Build(builder.Convolution("y", builder.Input("x", Shape.Of(1, 64, 32, 32)), 64, 3, 1, 1, 1, bias: false));
        double Compute(SoftwareProfile stack, NumberFormat format) => GpuTimeModel.Estimate(Device, stack, graph, format).Kernels[0].Timing.Compute;
        var winograd = Plain with { Winograd = true };
        Assert.Equal(2.25, Compute(Plain, NumberFormat.Float32) / Compute(winograd, NumberFormat.Float32), 0.01);
        Assert.Equal(Compute(Plain, NumberFormat.Float16), Compute(winograd, NumberFormat.Float16));
    }

    [Fact]
    public void Power_limits_the_clock_by_the_root_of_what_is_missing()
    {
        Assert.Equal(1, SustainedClock.Share(Device));
        // 16 int8 TOPS at 10 nm: 10 TOPS·nm/W pay for them with 16 W.
        var limited = Device with { PowerWatts = 4, ProcessNanometres = 10 };
        Assert.Equal(0.5, SustainedClock.Share(limited), 1e-12);
        Assert.Equal(1, SustainedClock.Share(limited with { PowerWatts = 17 }));
    }

    [Fact]
    public void A_figure_that_is_not_positive_is_named()
    {
        var error = Assert.Throws<GpuException>(() => GpuTimeModel.Estimate(Device with { DramBytesPerSecond = 0 }, Plain, TestNetwork.Folded(), NumberFormat.Float32));
        Assert.Equal("The DRAM bandwidth of 'test card' must be positive, but is 0.", error.Message);
        error = Assert.Throws<GpuException>(() => GpuTimeModel.Estimate(Device, Plain with { ComputeEfficiency = double.NaN }, TestNetwork.Folded(), NumberFormat.Float32));
        Assert.Equal("The compute efficiency of 'plain' must be positive, but is NaN.", error.Message);
    }

    private static LayerGraph Pointwise(int inputs, int outputs, int pixels) => new(
        "pointwise",
        [new GraphInput("x", new TensorType(ElementType.Float32, Shape.Of(1, inputs, 1, pixels)))],
        [new Constant("w", new TensorType(ElementType.Float32, Shape.Of(outputs, inputs, 1, 1)))],
        [new Layer("y", new Convolution(Size2.Square(1), Size2.Square(1), Padding.None), ["x"], ["w"])],
        ["y"]);
}
