using AccelSim.Gpu;
using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

/// <summary>The functions that kernels bring themselves, on the host, against float64.</summary>
public sealed class FloatFunctionsTests
{
    private const double UnitInLastPlace = 1.0 / (1 << 23);

    [Fact]
    public void ExponentialIsWithinTwoUnitsInTheLastPlace() => AssertNear(-87, 0, FloatFunctions.ExpOfNegative, Math.Exp, 2 * UnitInLastPlace);

    [Fact]
    public void SigmoidAndTanhAreWithinFourUnitsInTheLastPlace()
    {
        AssertNear(-80, 80, FloatFunctions.Sigmoid, x => ActivationKind.Sigmoid.Evaluate(x), 4 * UnitInLastPlace);
        AssertNear(-20, 20, FloatFunctions.Tanh, Math.Tanh, 4 * UnitInLastPlace);
        AssertNear(-0.31, 0.31, FloatFunctions.Tanh, Math.Tanh, 4 * UnitInLastPlace);
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(-1e30f)]
    [InlineData(-0f)]
    [InlineData(1e30f)]
    [InlineData(float.PositiveInfinity)]
    public void ExtremesAreThoseOfTheMathematics(float x)
    {
        Assert.Equal((float)ActivationKind.Sigmoid.Evaluate(x), FloatFunctions.Sigmoid(x));
        Assert.Equal((float)Math.Tanh(x), FloatFunctions.Tanh(x));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ANaNIsNotHidden(ActivationKind kind) => Assert.True(float.IsNaN(FloatFunctions.Apply(kind, float.NaN)));

    public static TheoryData<ActivationKind> Kinds() => [.. Enum.GetValues<ActivationKind>()];

    private static void AssertNear(double low, double high, Func<float, float> actual, Func<double, double> expected, double tolerance)
    {
        const int steps = 100_000;
        for (int i = 0; i <= steps; i++)
        {
            float x = (float)(low + (high - low) * i / steps);
            double error = Math.Abs(actual(x) - expected(x));
            if (!(error <= tolerance * Math.Abs(expected(x))))
                Assert.Fail($"at {x}: {actual(x)} and {expected(x)}");
        }
    }
}
