using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Systolic;
using AccelSim.Systolic.Mapping;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Systolic;

/// <summary>Pruned weights on an array that holds only those that are kept.</summary>
public sealed class SparsityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_pruned_graph_computes_the_bytes_of_plain_loops_from_the_kept_weights_alone()
    {
        int compressed = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var sample = RandomCase.Integer(random.Next(2) == 0 ? "convolution" : "fully-connected", 5000 + seed);
            int of = random.Next(2, 9);
            var sparsity = new WeightSparsity(random.Next(1, of), of);
            sample = sample with { Graph = StructuredPruning.Apply(sample.Graph, sparsity.Kept, sparsity.Of) };
            var array = TestArrays.Of(random.Next(1, 33), random.Next(1, 33), (Dataflow)random.Next(3)) with { Sparsity = sparsity };
            using var naive = new NaiveBackend().Compile(sample.Graph);
            using var sparse = new SystolicSimulator(array).Compile(sample.Graph);
            string output = sample.Graph.Outputs[0];
            Assert.True(
                naive.Run(sample.Inputs, cancellation: Cancellation)[output].Int8.SequenceEqual(sparse.Run(sample.Inputs, cancellation: Cancellation)[output].Int8),
                $"seed {seed}: {sparsity} on {array}");
            compressed += new SystolicSimulator(array).MappingOf(sample.Graph, sample.Graph.Layers[0])!.Sparsity is null ? 0 : 1;
        }
        Assert.InRange(compressed, 150, 300);
    }

    /// <summary>By hand: magnitudes 1 3 2 5 of a block, 4 4 0 1 of the next, and a block of two that keeps both.</summary>
    [Fact]
    public void Pruning_keeps_the_largest_magnitudes_of_each_block()
    {
        var shape = Shape.Of(1, 10);
        var graph = new LayerGraph(
            "fc",
            [new GraphInput("x", new TensorType(ElementType.Float32, shape))],
            [new Constant("w", new TensorType(ElementType.Float32, shape), Tensor.Of(shape, [1, -3, 2, 5, 4, -4, 0, 1, 0.5f, 7]))],
            [new Layer("y", new FullyConnected(), ["x"], ["w"])],
            ["y"]);
        Assert.Equal([0, -3, 0, 5, 4, -4, 0, 0, 0.5f, 7], StructuredPruning.Apply(graph, 2, 4).Constants["w"].Value.Float32.ToArray());
        Assert.Equal([0, 0, 0, 5, 4, 0, 0, 0, 0, 7], StructuredPruning.Apply(graph, 1, 4).Constants["w"].Value.Float32.ToArray());
    }

    [Fact]
    public void A_graph_that_was_not_pruned_is_refused_and_told_what_to_do()
    {
        var sample = RandomCase.Integer("fully-connected", 1);
        int depth = (int)(sample.Graph.TypeOf("weight").Shape.Elements / sample.Graph.TypeOf("weight").Shape[0]);
        var array = TestArrays.Of(4, 4, Dataflow.WeightStationary) with { Sparsity = new WeightSparsity(1, Math.Min(depth, 64)) };
        var error = Assert.Throws<SparsityException>(() => new SystolicSimulator(array).Compile(sample.Graph));
        Assert.Matches(@"^Layer 'layer' is not 1:\d+ sparse: filter \d+ has \d+ weights that are not zero of the \d+ from 0; prune the graph first \(StructuredPruning\), or take the sparsity from the array\.$", error.Message);
    }

    /// <summary>2:4 of int8 stores 8·½ + 2·½ bits where 8 were: five eighths; the array loads half as many weights and two bits with each.</summary>
    [Fact]
    public void Two_of_four_halve_the_folds_and_move_five_eighths_of_the_weights()
    {
        var builder = new GraphBuilder("test");
        var graph = TimedGraphs.Quantized(builder.Build(builder.Convolution("conv", builder.Input("x", Shape.Of(1, 64, 16, 16)), 64, 1, bias: true)));
        var array = TestArrays.Of(16, 16, Dataflow.WeightStationary, FoldSchedule.Pipelined);
        var dense = new SystolicSimulator(array).Time(graph).Single();
        var sparse = new SystolicSimulator(array with { Sparsity = new WeightSparsity(2, 4) }).Time(graph).Single();
        Assert.Equal((dense.Compute / 2, dense.Macs, 2 * dense.MacsPerCycle), (sparse.Compute, sparse.Macs, sparse.MacsPerCycle));
        Assert.Equal(64 * 64 * 5 / 8, Read(sparse, "weights"));
        Assert.Equal(64 * 64, Read(dense, "weights"));
        Assert.Equal(Read(dense, "activations"), Read(sparse, "activations"));
        Assert.StartsWith("16×16 weight-stationary: 2:4 sparse weights, depth 64 kept as 32 with 2 bits a weight that say which inputs; 8 folds", sparse.Note, StringComparison.Ordinal);
        Assert.InRange(sparse.Utilization, dense.Utilization / 2, 1);

        static long Read(LayerTiming timing, string level) => timing.Traffic.Single(traffic => traffic.Level == level).ReadBytes;
    }
}
