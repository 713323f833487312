using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Simulation;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// The backend-conformance cases for the operators that are generated as Verilog. Hardware has both layers of a block, so a case
/// of one layer is completed by an identity for the other. Cases that no hardware is generated for are passed over, but counted.
/// </summary>
public sealed class RtlConformance : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("depthwise", 400, 8)]
    [InlineData("pointwise", 14, 8)]
    public async Task Integer_layers_equal_plain_loops_to_the_byte(string @operator, int cases, int atLeast)
    {
        RequiredTools.RequireIcarus();
        var simulator = new CoSimulator(new IcarusSimulator(_folder.Path));
        int ran = 0;
        for (int seed = 0; seed < cases; seed++)
        {
            var sample = RandomCase.Integer(@operator, seed);
            var graph = Completed(sample);
            if (DepthwiseSeparableBlock.FindIn(graph).SingleOrDefault() is not { } block)
                continue;
            ran++;
            using var naive = new NaiveBackend().Compile(graph);
            var values = new Dictionary<string, Tensor>(naive.Run(sample.Inputs, everyLayer: true, TestContext.Current.CancellationToken));
            foreach (var (name, input) in sample.Inputs)
                values[name] = input;
            var report = await simulator.RunAsync(
                block, FoldingSearch.Best(block.Shape, 40), BlockVectors.From(block, values), new StallPattern(30, 30, seed + 1), TestContext.Current.CancellationToken);
            Assert.True(report.Passed, $"{sample}: {report}");
        }
        Assert.True(ran >= atLeast, $"only {ran} of {cases} cases have hardware");
    }

    private static LayerGraph Completed(RandomCase sample)
    {
        var layer = sample.Graph.Layers[0];
        bool depthwise = sample.Operator == "depthwise";
        string from = depthwise ? layer.Name : layer.Inputs[0];
        var type = sample.Graph.TypeOf(from);
        int channels = type.Channels;
        int kernel = depthwise ? 1 : 3;
        var weight = Shape.Of(channels, depthwise ? channels : 1, kernel, kernel);
        var ones = new sbyte[weight.Elements];
        for (int c = 0; c < channels; c++)
            ones[depthwise ? c * channels + c : c * 9 + 4] = 1;
        // 2^15 · 2^-15 leaves the code as it is.
        var unit = new Requantization([.. Enumerable.Repeat(1 << 15, channels)], [.. Enumerable.Repeat(15, channels)], 16, type.Quantization!.Value, -128, 127);
        var identity = new Layer(
            "identity",
            new Convolution(Size2.Square(kernel), Size2.Square(1), Padding.All(kernel / 2), depthwise ? 1 : channels, ClampKind.None,
                new MacArithmetic(unit, [.. Enumerable.Repeat(1.0, channels)], [])),
            [from], ["identity/w", "identity/b"]);
        Constant[] constants =
        [
            new("identity/w", new TensorType(ElementType.Int8, weight), Tensor.Of(weight, ones)),
            new("identity/b", new TensorType(ElementType.Int32, [channels]), Tensor.Of([channels], new int[channels])),
        ];
        Layer[] layers = depthwise ? [layer, identity] : [identity, layer with { Inputs = ["identity"] }];
        return new LayerGraph(sample.Operator, sample.Graph.Inputs, sample.Graph.Constants.Values.Concat(constants), layers, [layers[^1].Name]);
    }
}
