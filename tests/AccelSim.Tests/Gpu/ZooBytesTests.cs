using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Reference;
using AccelSim.Studies.Networks;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// Whole networks in int8 on a device give the reference's bytes, at batch 1 and 8: a few at 32×32, and with ACCELSIM_ZOO=1 every family of the zoo as it is
/// published (ACCELSIM_ZOO=name,name these). What depends on a layer that is computed in float32 (softmax, local response normalization) is compared with a
/// tolerance, as numerics.md has it.
/// </summary>
[Collection(OnGpu.Name)]
public sealed class ZooBytesTests(ITestOutputHelper log)
{
    private const double FloatTolerance = 1e-5;

    /// <summary>Of the codes behind a float32 layer: one that lies on a half may fall to either side.</summary>
    private const double CodeTolerance = 0.02;

    private static readonly string[] Few = ["mobilenet_v2", "resnet18", "shufflenet_v2"];

    private static readonly string? Asked = Environment.GetEnvironmentVariable("ACCELSIM_ZOO");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Networks => Asked switch
    {
        null or "" => [.. Few],
        "1" => [.. NetworkZoo.Families.Where(family => family.Build(new NetworkOptions()) is { Inputs.Length: 1 }).OrderBy(family => family.Build(new NetworkOptions()).TotalCost().Macs).Select(family => family.Name)],
        _ => [.. Asked.Split(',')],
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void BytesAreTheReferences(string network)
    {
        string device = GpuDevicesFixture.Devices.Devices.FirstOrDefault(candidate => candidate.Kind == GpuDeviceKind.Cuda)?.Id ?? "opencl:0";
        GpuDevicesFixture.Require(device);
        bool isPublished = !string.IsNullOrEmpty(Asked);
        var prepared = PreparedNetwork.Prepare(
            new NetworkRequest { NetworkOrFile = network, Options = isPublished ? new NetworkOptions() : new NetworkOptions(Resolution: 32, Classes: 10), SampleCount = 8 }, cancellation: Cancellation);
        using var backend = GpuBackend.Open(device);
        foreach (int batch in new[] { 1, 8 })
        {
            var graph = prepared.Quantized.WithBatch(batch);
            var inputs = PreparedNetwork.InputOf(graph, prepared.Samples.Images.Batch(0, batch));
            using var reference = new ReferenceBackend().Compile(graph);
            using var tested = backend.Compile(graph);
            var expected = reference.Run(inputs, everyLayer: !isPublished, Cancellation);
            var approximate = BehindFloat32(graph);
            var actual = tested.Run(inputs, everyLayer: false, Cancellation);
            Compare(graph.Outputs, actual);
            // Layers one by one, where no kernel is shared.
            if (!isPublished)
                Compare(graph.Layers.Select(layer => layer.Name), tested.Run(inputs, everyLayer: true, Cancellation));
            log.WriteLine($"{network} batch {batch}: {graph.Layers.Length} layers in {tested.Steps.Count} steps, {graph.TotalCost().Macs} MACs, {(graph.Outputs.Any(approximate.Contains) ? "behind a float32 layer" : "bytes equal")}");

            void Compare(IEnumerable<string> values, IReadOnlyDictionary<string, Tensor> given)
            {
                foreach (string value in values.Distinct())
                    AssertSame(expected[value], given[value], approximate.Contains(value), $"{network} batch {batch}: {value}");
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

    private static void AssertSame(Tensor expected, Tensor actual, bool isApproximate, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        if (expected.Element == ElementType.Int8 && !isApproximate)
        {
            int same = expected.Int8.CommonPrefixLength(actual.Int8);
            Assert.True(same == expected.Int8.Length, $"{what}: element {same} is {actual.Int8[Math.Min(same, expected.Int8.Length - 1)]}, not {expected.Int8[Math.Min(same, expected.Int8.Length - 1)]}");
            return;
        }
        double[] exact = Values(expected), given = Values(actual);
        double error = Math.Sqrt(exact.Zip(given, (e, a) => (e - a) * (e - a)).Sum()), norm = Math.Sqrt(exact.Sum(e => e * e));
        Assert.True(error <= (isApproximate ? CodeTolerance : FloatTolerance) * norm, $"{what}: {error / norm:e2}");

        static double[] Values(Tensor tensor) => tensor.Element == ElementType.Int8
            ? Array.ConvertAll(tensor.Int8.ToArray(), code => (double)code)
            : Array.ConvertAll(tensor.Float32.ToArray(), value => (double)value);
    }
}
