using AccelSim.Graph;
using AccelSim.Reference;
using AccelSim.Studies.Onnx;
using AccelSim.Tests.Gpu;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>Every case of ../shared/data/onnx within the tolerances of its README. A thin class a backend inherits them.</summary>
public abstract class SharedCases
{
    public static TheoryData<string> Names
    {
        get
        {
            string folder = Path.Combine(SharedData.RepositoryRoot, "..", "shared", "data", "onnx");
            return Directory.Exists(folder) ? [.. OnnxCase.Find([folder]).Select(test => test.Name)] : ["missing"];
        }
    }

    protected abstract IEnumerable<IBackend> Backends();

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_expected_output(string name)
    {
        string folder = SharedData.Require("onnx");
        var test = OnnxCase.Find([folder]).Single(test => test.Name == name);
        foreach (var backend in Backends())
        {
            var result = new OnnxTester(backend).Run(test, TestContext.Current.CancellationToken);
            Assert.True(result.Outcome == OnnxOutcome.Passed, $"{backend.Name}: {result.Outcome}: {result.Detail}");
        }
    }
}

public sealed class SharedCasesOnReference : SharedCases
{
    protected override IEnumerable<IBackend> Backends() => [new ReferenceBackend()];

    [Fact]
    public void Are_all_there() => Assert.True(OnnxCase.Find([SharedData.Require("onnx")]).Count >= 63);
}

[Collection(OnGpu.Name)]
public sealed class SharedCasesOnDevices(GpuDevicesFixture devices) : SharedCases
{
    protected override IEnumerable<IBackend> Backends() => devices.OpenEachWithDriver();
}
