using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>
/// The cases that every backend must pass, against plain loops: int8 equal to the byte.
/// A thin class a backend inherits them; a new backend inherits every test.
/// </summary>
public abstract class BackendConformance
{
    public static TheoryData<string> IntegerOperators => [.. RandomCase.IntegerOperators];

    /// <summary>The backends under test: one, or a backend on each of its devices. May skip the test where a device is missing, never under CI=true.</summary>
    protected abstract IEnumerable<IBackend> Backends();

    /// <summary>How many random cases an operator gets.</summary>
    protected virtual int Cases => 60;

    [Theory]
    [MemberData(nameof(IntegerOperators))]
    public void Integer_layers_equal_plain_loops_to_the_byte(string @operator)
    {
        foreach (var (backend, seed) in Backends().SelectMany(backend => Enumerable.Range(0, Cases).Select(seed => (backend, seed))))
        {
            var sample = RandomCase.Integer(@operator, seed);
            var (expected, actual) = Run(backend, sample);
            Assert.True(expected.Shape == actual.Shape && expected.Int8.SequenceEqual(actual.Int8), $"{backend.Name} differs on {sample}");
        }
    }

    private protected static (Tensor Expected, Tensor Actual) Run(IBackend backend, RandomCase sample)
    {
        using var naive = new NaiveBackend().Compile(sample.Graph);
        using var tested = backend.Compile(sample.Graph);
        string output = sample.Graph.Outputs[0];
        return (naive.Run(sample.Inputs)[output], tested.Run(sample.Inputs)[output]);
    }
}

/// <summary>The same for a backend that takes float graphs too: float32 within the contract, ‖out − ref‖₂ ÷ ‖ref‖₂ ≤ 1e-5.</summary>
public abstract class FloatBackendConformance : BackendConformance
{
    public static TheoryData<string> FloatOperators => [.. RandomCase.FloatOperators];

    [Theory]
    [MemberData(nameof(FloatOperators))]
    public void Float_layers_are_within_the_contract(string @operator)
    {
        foreach (var (backend, seed) in Backends().SelectMany(backend => Enumerable.Range(0, Cases).Select(seed => (backend, seed))))
        {
            var sample = RandomCase.Float(@operator, seed);
            var (expected, actual) = Run(backend, sample);
            Assert.Equal(expected.Shape, actual.Shape);
            double error = 0, norm = 0;
            for (int i = 0; i < expected.Float32.Length; i++)
            {
                Assert.False(float.IsNaN(actual.Float32[i]), $"{backend.Name} gave NaN on {sample}");
                error += Math.Pow(actual.Float32[i] - (double)expected.Float32[i], 2);
                norm += Math.Pow(expected.Float32[i], 2);
            }
            Assert.True(Math.Sqrt(error) <= 1e-5 * Math.Sqrt(norm), $"{backend.Name}: relative error {Math.Sqrt(error / norm):e2} on {sample}");
        }
    }
}
