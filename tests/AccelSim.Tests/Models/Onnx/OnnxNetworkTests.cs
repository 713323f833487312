using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Graph.Training;
using AccelSim.Models;
using AccelSim.Models.Onnx.Export;
using AccelSim.Reference;
using AccelSim.Studies;
using AccelSim.Studies.Networks;
using Microsoft.ML.OnnxRuntime;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>Whole networks, exported and run by ONNX Runtime, against our reference.</summary>
public sealed class OnnxNetworkTests(ITestOutputHelper log) : IDisposable
{
    /// <summary>Variants with more are too slow for a test; the smallest of a family always runs.</summary>
    private const long LargestParameters = 12_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("accelsim-onnx-");

    public static TheoryData<string> Families => [.. NetworkZoo.Families.Select(family => family.Name)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Families))]
    public void A_network_of_the_zoo_is_within_the_contract(string family)
    {
        var networks = ZooVariants.All.Where(variant => variant.Family == family).Select(variant => Small(family, variant.Options)).OrderBy(graph => graph.TotalCost().Parameters).ToList();
        foreach (var network in networks.Where((graph, i) => i == 0 || graph.TotalCost().Parameters <= LargestParameters))
        {
            var graph = network.WithSeededWeights(1);
            var inputs = Inputs(graph);
            using var reference = new ReferenceBackend(doublePrecision: true).Compile(graph);
            using var tested = new OnnxRuntimeBackend().Compile(graph);
            var (expected, actual) = (reference.Run(inputs, cancellation: TestContext.Current.CancellationToken), tested.Run(inputs, cancellation: TestContext.Current.CancellationToken));
            double worst = graph.Outputs.Max(output => RelativeError(expected[output], actual[output]));
            log.WriteLine($"{graph.Name}: {worst:e1}");
            Assert.True(worst <= 1e-5, $"{graph.Name}: relative error {worst:e2}");
        }
    }

    /// <summary>Quantized layer by layer: each fed what the reference has there, so that one step does not become two further on.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Every_layer_of_a_quantized_network_is_within_one_step(string family)
    {
        var graph = Quantized(Small(family, Smallest(family)).WithSeededWeights(1));
        var inputs = Inputs(graph);
        using var reference = new ReferenceBackend(doublePrecision: true).Compile(graph);
        var values = new Dictionary<string, Tensor>(reference.Run(inputs, everyLayer: true, TestContext.Current.CancellationToken));
        foreach (var (name, tensor) in inputs)
            values[name] = tensor;
        var total = default(CodeDifference);
        foreach (var layer in graph.Layers.Where(layer => graph.TypeOf(layer.Name).Element == ElementType.Int8 && layer.Inputs.Length > 0))
        {
            var alone = new LayerGraph(
                layer.Name, layer.Inputs.Distinct().Select(name => new GraphInput(name, graph.TypeOf(name))), layer.Constants.Select(name => graph.Constants[name]), [layer], [layer.Name]);
            using var tested = new OnnxRuntimeBackend().Compile(alone);
            var difference = CodeDifference.Of(values[layer.Name], tested.Run(values, cancellation: TestContext.Current.CancellationToken)[layer.Name]);
            Assert.True(difference.Largest <= 1, $"{layer.Name} ({layer.Operator.Name}) of {graph.Name}: {difference}");
            total += difference;
        }
        log.WriteLine($"{graph.Name}, {graph.Layers.Length} layers: {total}");
        Assert.True(total.Differing <= total.Elements / 1000, total.ToString());
    }

    /// <summary>As users would run it: real images, reals in and out, and all of ONNX Runtime's optimizations, integer kernels among them.</summary>
    [Theory]
    [InlineData("lenet5", null, null, GraphOptimizationLevel.ORT_DISABLE_ALL)]
    [InlineData("lenet5", null, null, GraphOptimizationLevel.ORT_ENABLE_ALL)]
    [InlineData("mobilenet_v1", 0.25, 32, GraphOptimizationLevel.ORT_DISABLE_ALL)]
    [InlineData("mobilenet_v1", 0.25, 32, GraphOptimizationLevel.ORT_ENABLE_ALL)]
    public void A_trained_network_gives_the_same_classes(string name, double? width, int? resolution, GraphOptimizationLevel optimization)
    {
        const int images = 64;
        var network = PreparedNetwork.Prepare(
            new NetworkRequest { NetworkOrFile = name, Options = new NetworkOptions(null, width, resolution), SampleCount = images }, cancellation: TestContext.Current.CancellationToken);
        Assert.StartsWith("trained", network.Weights, StringComparison.Ordinal);
        var codes = network.Quantized.WithBatch(images);
        var reals = FloatInterface.Apply(codes);
        string output = codes.Outputs[0];
        var type = codes.TypeOf(output);
        using var reference = new ReferenceBackend().Compile(codes);
        using var onCodes = new OnnxRuntimeBackend(optimization).Compile(codes);
        using var onReals = new OnnxRuntimeBackend(optimization).Compile(reals);
        var inputs = PreparedNetwork.InputOf(codes, network.Samples.Images);
        var expected = reference.Run(inputs, cancellation: TestContext.Current.CancellationToken)[output];
        var actual = onCodes.Run(inputs, cancellation: TestContext.Current.CancellationToken)[output];
        var decoded = onReals.Run(PreparedNetwork.InputOf(reals, network.Samples.Images), cancellation: TestContext.Current.CancellationToken)[reals.Outputs[0]];
        var (difference, throughReals) = (CodeDifference.Of(expected, actual), CodeDifference.Of(expected, type.Quantization!.Value.Encode(decoded)));
        log.WriteLine($"{codes.Name}, {optimization}: {difference}; from float images {throughReals}");
        Assert.True(difference.Largest <= 1, difference.ToString());
        Assert.True(throughReals.Largest <= 1, throughReals.ToString());
        AssertSameClasses(expected, actual);
    }

    [Theory]
    [InlineData("lenet5")]
    [InlineData("mlp")]
    [InlineData("lstm")]
    public void A_training_step_is_within_the_contract(string family)
    {
        var network = NetworkZoo.Find(family).Build(new NetworkOptions(Batch: 4)).WithSeededWeights(1);
        var step = TrainingStep.Of(network, new TrainingStepOptions());
        var inputs = new Dictionary<string, Tensor>(Inputs(step.Graph));
        foreach (var (name, value) in step.InitialState(network))
            inputs[name] = value;
        inputs[TrainingStep.TargetName] = OneHot(step.Graph.TypeOf(TrainingStep.TargetName).Shape);
        inputs[TrainingStep.LearningRateName] = Tensor.Of(Shape.Of(1), [0.01f]);
        using var reference = new ReferenceBackend(doublePrecision: true).Compile(step.Graph);
        using var tested = new OnnxRuntimeBackend().Compile(step.Graph);
        var (expected, actual) = (reference.Run(inputs, cancellation: TestContext.Current.CancellationToken), tested.Run(inputs, cancellation: TestContext.Current.CancellationToken));
        foreach (string output in step.Graph.Outputs)
            Assert.True(RelativeError(expected[output], actual[output]) <= 1e-5, $"{output} of {step.Graph.Name}: {RelativeError(expected[output], actual[output]):e2}");
    }

    [Fact]
    public void Weights_in_a_file_beside_the_model_are_read_from_there()
    {
        var graph = Small("squeezenet", new NetworkOptions()).WithSeededWeights(1);
        string inside = Path.Combine(_folder.FullName, "inside.onnx"), beside = Path.Combine(_folder.FullName, "beside.onnx");
        Assert.Equal([inside], OnnxExport.Save(graph, inside, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal([beside, beside + ".data"], OnnxExport.Save(graph, beside, weightsBeside: true, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(3, _folder.GetFiles().Length);
        Assert.True(new FileInfo(beside).Length < new FileInfo(inside).Length / 10);
        using (var stream = File.OpenRead(beside))
            OnnxRules.Check(AccelSim.Models.Onnx.Schema.ModelProto.Parser.ParseFrom(stream));
        var inputs = Inputs(graph);
        using var first = OnnxRuntimeBackend.Open(graph, inside);
        using var second = OnnxRuntimeBackend.Open(graph, beside);
        Assert.True(first.Run(inputs, cancellation: TestContext.Current.CancellationToken)[graph.Outputs[0]].Float32.SequenceEqual(second.Run(inputs, cancellation: TestContext.Current.CancellationToken)[graph.Outputs[0]].Float32));
    }

    /// <summary>A failure leaves what was there, and no part of what was to come.</summary>
    [Fact]
    public void A_graph_without_weights_leaves_the_old_file()
    {
        string path = Path.Combine(_folder.FullName, "net.onnx");
        File.WriteAllText(path, "before");
        var error = Assert.Throws<GraphException>(() => OnnxExport.Save(Small("lenet5", new NetworkOptions()), path, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("has no data: give the graph weights first", error.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void Every_operator_of_the_catalog_can_be_written() => Assert.All(
        OperatorCatalog.Types.Values, type => Assert.True(OnnxExport.Writes(type), $"{type.Name} has no export"));

    private static LayerGraph Small(string family, NetworkOptions options)
    {
        var found = NetworkZoo.Find(family);
        if (found.Options.OfType<IntegerOption>().FirstOrDefault(option => option.Name == NetworkOption.Resolution) is { } resolution)
            options = options with { Resolution = Math.Max(resolution.Smallest, options.ByName().Contains(new("aux", "on")) ? 107 : 32) };
        return found.Build(found.Options.Any(option => option.Name == NetworkOption.Classes) ? options with { Classes = 10 } : options);
    }

    private static NetworkOptions Smallest(string family) =>
        ZooVariants.All.Where(variant => variant.Family == family).MinBy(variant => Small(family, variant.Options).TotalCost().Parameters).Options;

    private static LayerGraph Quantized(LayerGraph graph)
    {
        var folded = FloatPasses.Run(graph, (_, _) => { });
        var ranges = new Calibrator(new ReferenceBackend(doublePrecision: true)).Calibrate(folded, [Inputs(folded)], RangeChoice.MinMax, "random", TestContext.Current.CancellationToken);
        return new Quantizer(ranges).Apply(folded);
    }

    private static Dictionary<string, Tensor> Inputs(LayerGraph graph)
    {
        var random = new Random(1);
        return graph.Inputs.ToDictionary(input => input.Name, input => input.Type.Element == ElementType.Int8
            ? Tensor.Of(input.Type.Shape, Drawn(input.Type.Shape, () => (sbyte)random.Next(-128, 128)))
            : Tensor.Of(input.Type.Shape, Drawn(input.Type.Shape, () => graph.Layers.Any(layer => layer.Operator is HopfieldSweep) ? random.Next(2) * 2 - 1 : (float)(random.NextDouble() * 2 - 1))));
    }

    private static T[] Drawn<T>(Shape shape, Func<T> next) => [.. Enumerable.Range(0, checked((int)shape.Elements)).Select(_ => next())];

    private static Tensor OneHot(Shape shape)
    {
        var values = new float[shape.Elements];
        for (int i = 0; i < shape[0]; i++)
            values[i * shape[1] + i % shape[1]] = 1;
        return Tensor.Of(shape, values);
    }

    private static double RelativeError(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double error = 0, norm = 0;
        for (int i = 0; i < expected.Float32.Length; i++)
        {
            error += Math.Pow(actual.Float32[i] - (double)expected.Float32[i], 2);
            norm += Math.Pow(expected.Float32[i], 2);
        }
        return norm == 0 ? Math.Sqrt(error) : Math.Sqrt(error / norm);
    }

    /// <summary>Classes agree, but where the reference has two of the same code.</summary>
    private static void AssertSameClasses(Tensor expected, Tensor actual)
    {
        int classes = expected.Shape[1];
        int[] first = Classification.Top1(expected), second = Classification.Top1(actual);
        for (int i = 0; i < first.Length; i++)
            Assert.True(first[i] == second[i] || expected.Int8[i * classes + first[i]] == expected.Int8[i * classes + second[i]], $"image {i}: class {first[i]} and {second[i]}");
    }
}
