using AccelSim.Gpu;
using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

/// <summary>Every operator on every device against the naive loops: int8 to the byte, float32 within 1e-5.</summary>
[Collection(OnGpu.Name)]
public sealed class OperatorTests(GpuDevicesFixture devices)
{
    private const int CasesOnCpu = 4;
    private const int CasesOnOpenCl = 40;

    public static TheoryData<string, string> FloatOperators() => OnEachDevice(OperatorCatalog.Types.Keys);

    /// <summary>Quantization folds the one away and refuses the other.</summary>
    public static TheoryData<string, string> IntegerOperators() =>
        OnEachDevice(OperatorCatalog.Types.Keys.Except([nameof(BatchNormalization), nameof(RadialBasis)]));

    private static TheoryData<string, string> OnEachDevice(IEnumerable<string> operators)
    {
        var data = new TheoryData<string, string>();
        foreach (string device in (string[])[GpuDevices.Cpu, "opencl:0"])
        {
            foreach (string @operator in operators.Append("Depthwise").Order())
                data.Add(device, @operator);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(IntegerOperators))]
    public void IntegerOutputsEqualTheNaiveLoop(string device, string @operator)
    {
        var backend = devices.Open(device);
        foreach (var (seed, test) in Cases(device, @operator, integer: true))
        {
            double[] expected = NaiveOperators.Evaluate(test.Graph, test.Inputs);
            var actual = Run(backend, test).Int8;
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] != actual[i])
                    Assert.Fail($"seed {seed}, {Describe(test)}: element {i} is {actual[i]}, not {expected[i]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(FloatOperators))]
    public void FloatOutputsAreNearTheNaiveLoop(string device, string @operator)
    {
        var backend = devices.Open(device);
        foreach (var (seed, test) in Cases(device, @operator, integer: false))
        {
            double[] expected = NaiveOperators.Evaluate(test.Graph, test.Inputs);
            var actual = Run(backend, test).Float32;
            Assert.Equal(expected.Length, actual.Length);
            double error = 0;
            double norm = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                error += Math.Pow(actual[i] - expected[i], 2);
                norm += Math.Pow(expected[i], 2);
            }
            Assert.True(Math.Sqrt(error) <= 1e-5 * Math.Sqrt(norm), $"seed {seed}, {Describe(test)}: relative error {Math.Sqrt(error / norm):e2}");
        }
    }

    private static IEnumerable<(int Seed, OperatorCase Case)> Cases(string device, string @operator, bool integer)
    {
        int scale = device == GpuDevices.Cpu ? 1 : 2;
        for (int seed = 1; seed <= (device == GpuDevices.Cpu ? CasesOnCpu : CasesOnOpenCl); seed++)
            yield return (seed, OperatorCase.Of(@operator, integer, seed, scale));
    }

    private static Tensor Run(GpuBackend backend, OperatorCase test)
    {
        using var executor = backend.Compile(test.Graph);
        return executor.Run(test.Inputs)["y"];
    }

    private static string Describe(OperatorCase test) =>
        $"{test.Graph.Layers[0].Operator.Name} {test.Graph.Layers[0].Operator.Describe()} of {string.Join(" and ", test.Graph.Inputs.Select(input => input.Type))}";
}
