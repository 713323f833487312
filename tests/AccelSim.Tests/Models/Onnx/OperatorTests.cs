using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models.Onnx;
using AccelSim.Models.Onnx.Tensors;
using AccelSim.Reference;
using AccelSim.Tests.Gpu;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>
/// Random models of every operator family in every operator set, imported and executed, against ONNX Runtime. A failure names the seed; the
/// same seed builds the same model.
/// </summary>
public abstract class OperatorAgreement
{
    private const double Tolerance = 2e-4;

    public static TheoryData<string> Families => [.. OperatorFamilies.All.Keys];

    protected abstract IEnumerable<IBackend> Backends();

    protected virtual int Cases => 100;

    [Theory]
    [MemberData(nameof(Families))]
    public void Agrees_with_ONNX_Runtime(string family)
    {
        foreach (var backend in Backends())
            Agree(backend, family);
    }

    private void Agree(IBackend backend, string family)
    {
        int compared = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var model = new TinyModel(random.Next(7, 24), random);
            OperatorFamilies.All[family](model);
            if (OnnxRuntimeOracle.Run(model.Proto, model.Inputs, out _) is not { } expected)
                continue;
            string place = $"{backend.Name}, {family}, seed {seed}, operator set {model.Opset}, nodes {string.Join(' ', model.Proto.Graph.Node.Where(node => node.OpType != "Constant").Select(node => $"{node.OpType}{string.Join(',', node.Attribute.Where(attribute => attribute.T is null))}"))}";
            var given = Execute(backend, model, place, out bool integer);
            for (int i = 0; i < expected.Count; i++)
                RequireEqual(expected[i], given[i], integer, $"{place}, output {i}");
            compared++;
        }
        Assert.True(compared >= Cases / 4, $"ONNX Runtime took only {compared} of {Cases} models of {family}");
    }

    private static ImmutableArray<HostTensor> Execute(IBackend backend, TinyModel model, string place, out bool integer)
    {
        try
        {
            var network = OnnxImporter.Import(OnnxModel.Of(model.Proto), new OnnxImportOptions { Inputs = model.Inputs, MultiplierBits = 31 });
            integer = network.Graph?.IsQuantized == true;
            if (network.Graph is null)
                return network.Decode(new Dictionary<string, Tensor>());
            network = network.With(FloatPasses.Run(network.Graph));
            using var executor = backend.Compile(network.Graph!);
            return network.Decode(executor.Run(network.Encode(model.Inputs)));
        }
        catch (GraphException error)
        {
            Assert.Fail($"{place}: {error.Message}");
            throw;
        }
    }

    private static void RequireEqual(HostTensor expected, HostTensor given, bool integer, string place)
    {
        Assert.True(expected.Extents.SequenceEqual(given.Extents), $"{place}: shape {given} instead of {expected}");
        Assert.True(expected.Type == given.Type, $"{place}: type {given} instead of {expected}");
        // Codes may differ where ONNX Runtime rounds a float half to even and the contract an exact integer half up.
        double slack = !expected.Type.IsFloat() && integer ? 1 : Tolerance;
        for (long i = 0; i < expected.Elements; i++)
        {
            double e = expected.Real(i), y = given.Real(i);
            Assert.True(e == y || (double.IsNaN(e) && double.IsNaN(y)) || Math.Abs(e - y) <= slack + Tolerance * Math.Abs(e), $"{place}: {y} instead of {e} at element {i}");
        }
    }
}

public sealed class OperatorAgreementOnReference : OperatorAgreement
{
    protected override IEnumerable<IBackend> Backends() => [new ReferenceBackend()];
}

[Collection(OnGpu.Name)]
public sealed class OperatorAgreementOnDevices(GpuDevicesFixture devices) : OperatorAgreement
{
    protected override int Cases => 12;

    protected override IEnumerable<IBackend> Backends() => devices.OpenEachWithDriver();
}
