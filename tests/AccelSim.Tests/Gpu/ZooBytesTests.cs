using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Reference;
using AccelSim.Studies.Networks;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// Whole networks on a device, at batch 1 and 8: in int8 they give the reference's bytes, in float32 the float64 reference's values within 1e-5. A few at 32×32, and
/// with ACCELSIM_ZOO=1 every family of the zoo as it is published (ACCELSIM_ZOO=name,name these). What depends in int8 on a layer that is computed in float32
/// (softmax, local response normalization) is compared with a tolerance, as numerics.md has it.
/// </summary>
[Collection(OnGpu.Name)]
public sealed class ZooBytesTests(ITestOutputHelper log)
{
    private const int LargestBatch = 8;

    private const double FloatTolerance = 1e-5;

    /// <summary>Of the codes behind a float32 layer: one that lies on a half may fall to either side.</summary>
    private const double CodeTolerance = 0.02;

    /// <summary>
    /// Where a network amplifies rounding beyond the contract, as EfficientNet with random weights does, libtorch's own float32 is off as well: so many times
    /// that error are allowed.
    /// </summary>
    private const double Amplified = 10;

    private static readonly string[] Few = ["mobilenet_v2", "resnet18", "shufflenet_v2"];

    private static readonly string? Asked = Environment.GetEnvironmentVariable("ACCELSIM_ZOO");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Networks => Asked switch
    {
        null or "" => [.. Few],
        "1" => [.. NetworkZoo.Families.OrderBy(family => family.Build(new NetworkOptions()).TotalCost().Macs).Select(family => family.Name)],
        _ => [.. Asked.Split(',')],
    };

    private static bool IsPublished => !string.IsNullOrEmpty(Asked);

    private static NetworkOptions Options => IsPublished ? new NetworkOptions() : new NetworkOptions(Resolution: 32, Classes: 10);

    [Theory]
    [MemberData(nameof(Networks))]
    public void BytesAreTheReferences(string network)
    {
        var prepared = PreparedNetwork.Prepare(new NetworkRequest { NetworkOrFile = network, Options = Options, SampleCount = LargestBatch }, cancellation: Cancellation);
        Check(network, prepared.Quantized, batch => PreparedNetwork.InputOf(prepared.Quantized, prepared.Samples.Images.Batch(0, batch)), new ReferenceBackend());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void FloatsAreWithinTheContract(string network)
    {
        var (source, _) = PreparedNetwork.WithWeights(new NetworkRequest { NetworkOrFile = network, Options = Options }, Cancellation);
        var graph = FloatPasses.Run(source);
        Check(network, graph, batch => TestNetwork.Images(graph.WithBatch(batch), seed: 4), new ReferenceBackend(doublePrecision: true));
    }

    /// <summary>Layers that share kernels and, where the network is small, each by itself too, at batch 1 and 8 on every device with a driver.</summary>
    private void Check(string network, LayerGraph single, Func<int, IReadOnlyDictionary<string, Tensor>> images, ReferenceBackend exact)
    {
        foreach (int batch in new[] { 1, LargestBatch })
        {
            var graph = single.WithBatch(batch);
            var inputs = images(batch);
            using var reference = exact.Compile(graph);
            var expected = reference.Run(inputs, everyLayer: !IsPublished, Cancellation);
            var approximate = single.IsQuantized ? BehindFloat32(graph) : [];
            foreach (string device in TestDevices.WithDriver)
            {
                using var backend = GpuBackend.Open(TestDevices.Require(device));
                using var tested = backend.Compile(graph);
                double worst = Compare(graph.Outputs, tested.Run(inputs, everyLayer: false, Cancellation));
                if (!IsPublished)
                    worst = Math.Max(worst, Compare(graph.Layers.Select(layer => layer.Name), tested.Run(inputs, everyLayer: true, Cancellation)));
                string found = graph.Outputs.Any(approximate.Contains) ? $"behind a float32 layer, within {worst:e1}" : single.IsQuantized ? "bytes equal" : $"float32 within {worst:e1}";
                log.WriteLine($"{network} batch {batch} on {device}: {graph.Layers.Length} layers in {tested.Steps.Count} steps, {graph.TotalCost().Macs} MACs, {found}");
            }

            double Compare(IEnumerable<string> values, IReadOnlyDictionary<string, Tensor> given) => values.Distinct().Max(value =>
            {
                string what = $"{network} batch {batch}: {value}";
                double found = Difference(expected[value], given[value], approximate.Contains(value), what);
                double bound = approximate.Contains(value) ? CodeTolerance : FloatTolerance;
                // A NaN is within no bound.
                Assert.True(found <= bound || found <= Amplified * OfLibtorch(value), $"{what}: {found:e2}");
                return found;
            });

            double OfLibtorch(string value)
            {
                if (single.IsQuantized)
                    return 0;
                using var single32 = new ReferenceBackend().Compile(graph);
                double own = Difference(expected[value], single32.Run(inputs, everyLayer: false, Cancellation)[value], false, value);
                log.WriteLine($"{network} batch {batch}: {value}: libtorch's float32 is {own:e1} off");
                return own;
            }
        }
    }

    private static HashSet<string> BehindFloat32(LayerGraph graph)
    {
        var behind = new HashSet<string>();
        foreach (var layer in graph.Layers)
        {
            bool isComputedInFloat32 = graph.TypeOf(layer.Name).Element == ElementType.Float32 && layer.Operator is not Dequantize;
            if (isComputedInFloat32 || layer.Inputs.Any(behind.Contains))
                behind.Add(layer.Name);
        }
        return behind;
    }

    /// <summary>‖given − expected‖₂ ÷ ‖expected‖₂; 0 for codes, which are equal.</summary>
    private static double Difference(Tensor expected, Tensor given, bool isApproximate, string what)
    {
        Assert.Equal(expected.Shape, given.Shape);
        if (expected.Element == ElementType.Int8 && !isApproximate)
        {
            int same = expected.Int8.CommonPrefixLength(given.Int8);
            Assert.True(same == expected.Int8.Length, $"{what}: element {same} is {given.Int8[Math.Min(same, expected.Int8.Length - 1)]}, not {expected.Int8[Math.Min(same, expected.Int8.Length - 1)]}");
            return 0;
        }
        double error = 0, norm = 0;
        for (int i = 0; i < expected.Shape.Elements; i++)
        {
            var (e, g) = expected.Element == ElementType.Int8 ? (expected.Int8[i], given.Int8[i]) : ((double)expected.Float32[i], (double)given.Float32[i]);
            error += (g - e) * (g - e);
            norm += e * e;
        }
        return error == 0 ? 0 : Math.Sqrt(error / norm);
    }
}
