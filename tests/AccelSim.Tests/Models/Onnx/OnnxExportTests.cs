using AccelSim.Graph;
using AccelSim.Reference;
using AccelSim.Tests.Conformance;
using Microsoft.ML.OnnxRuntime;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>Every operator, exported and run by ONNX Runtime, against our reference: float32 to 1e-5, codes to one step.</summary>
public sealed class OnnxExportTests(ITestOutputHelper log)
{
    private const int Cases = 60;

    /// <summary>Error of a float32 sum relative to its largest possible terms, with room for ONNX Runtime's order.</summary>
    private const double Float32Error = 1.0 / (1 << 22);

    public static TheoryData<string> FloatOperators => [.. RandomCase.FloatOperators];

    public static TheoryData<string> IntegerOperators => [.. RandomCase.IntegerOperators];

    [Theory]
    [MemberData(nameof(FloatOperators))]
    public void A_float_layer_is_within_the_contract(string @operator)
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            var sample = RandomCase.Float(@operator, seed);
            var (expected, actual) = Run(sample, GraphOptimizationLevel.ORT_DISABLE_ALL);
            Assert.Equal(expected.Shape, actual.Shape);
            if (expected.Element == ElementType.Int8)
            {
                Assert.True(CodeDifference.Of(expected, actual).Largest <= 1, $"{CodeDifference.Of(expected, actual)} on {sample}");
                continue;
            }
            double error = 0, norm = 0;
            for (int i = 0; i < expected.Float32.Length; i++)
            {
                error += Math.Pow(actual.Float32[i] - (double)expected.Float32[i], 2);
                norm += Math.Pow(expected.Float32[i], 2);
            }
            Assert.True(Math.Sqrt(error) <= 1e-5 * Math.Sqrt(norm), $"relative error {Math.Sqrt(error / norm):e2} on {sample}");
        }
    }

    [Theory]
    [MemberData(nameof(IntegerOperators))]
    public void An_integer_layer_is_within_one_step(string @operator)
    {
        var total = default(CodeDifference);
        int coarse = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            var sample = RandomCase.Integer(@operator, seed);
            if (!HoldsInFloat32(sample))
            {
                coarse++;
                continue;
            }
            var (expected, actual) = Run(sample, GraphOptimizationLevel.ORT_DISABLE_ALL);
            var difference = CodeDifference.Of(expected, actual);
            Assert.True(difference.Largest <= 1, $"{difference} on {sample}");
            total += difference;
        }
        log.WriteLine($"{@operator}: {total}; {coarse} of {Cases} cases have sums that float32 does not hold to a step");
        Assert.True(coarse <= Cases / 2);
        Assert.True(total.Differing <= total.Elements / 20, $"{@operator}: {total}");
    }

    /// <summary>False where one unit of the accumulator is so many steps that the rounding of float32 is one: no real network has such a scale.</summary>
    private static bool HoldsInFloat32(RandomCase sample)
    {
        var layer = sample.Graph.Layers[0];
        double terms = layer.Operator switch
        {
            Convolution or FullyConnected => sample.Graph.Constants[layer.Constants[0]].Type.Shape is var weight ? (double)weight.Elements / weight[0] : 0,
            AveragePool pool => pool.Kernel.Area,
            GlobalAveragePool => sample.Graph.TypeOf(layer.Inputs[0]).Image.Area,
            _ => 1,
        };
        var (requantization, largest) = layer.Operator switch
        {
            Convolution { Integer: { } integer } => (integer.Requantization, 255.0 * 255 * terms + 100_000),
            FullyConnected { Integer: { } integer } => (integer.Requantization, 255.0 * 255 * terms + 100_000),
            AveragePool pool => (pool.Integer, 255 * terms),
            GlobalAveragePool pool => (pool.Integer, 255 * terms),
            Multiply multiply => (multiply.Integer, 255.0 * 255),
            Concat concat => (concat.Integer, 255),
            _ => (null, 0),
        };
        return requantization is null || Enumerable.Range(0, requantization.Multiplier.Length)
            .All(i => Math.ScaleB(requantization.Multiplier[i], -requantization.Shift[i]) * largest * Float32Error < 0.5);
    }

    private static (Tensor Expected, Tensor Actual) Run(RandomCase sample, GraphOptimizationLevel optimization)
    {
        using var reference = new ReferenceBackend(doublePrecision: true).Compile(sample.Graph);
        try
        {
            using var tested = new OnnxRuntimeBackend(optimization).Compile(sample.Graph);
            string output = sample.Graph.Outputs[0];
            return (reference.Run(sample.Inputs)[output], tested.Run(sample.Inputs)[output]);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidOperationException($"{error.Message} on {sample}", error);
        }
    }
}
