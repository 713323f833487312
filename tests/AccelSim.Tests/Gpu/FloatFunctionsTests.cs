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
    public void ANaNIsNotHidden(ActivationKind kind) => Assert.True(float.IsNaN(FloatFunctions.Apply(kind, float.NaN, 0.5f, 2)));

    /// <summary>All but those whose definition says what becomes of a NaN.</summary>
    public static TheoryData<ActivationKind> Kinds() => [.. Enum.GetValues<ActivationKind>().Except([ActivationKind.Sign, ActivationKind.Step])];

    [Fact]
    public void ExponentialsAndLogarithmsAreWithinFourUnitsInTheLastPlace()
    {
        AssertNear(-87, 88.7, FloatFunctions.Exp, Math.Exp, 4 * UnitInLastPlace);
        AssertNear(-5, 0, FloatFunctions.ExpLessOneOfNegative, ExpLessOne, 4 * UnitInLastPlace);
        AssertNear(1e-3, 10, FloatFunctions.Log, Math.Log, 4 * UnitInLastPlace);
        AssertNear(1e-38, 3e38, FloatFunctions.Log, Math.Log, 4 * UnitInLastPlace);
        AssertNear(0, 1, FloatFunctions.LogOnePlus, LogOnePlus, 4 * UnitInLastPlace);
        AssertNear(-50, 50, FloatFunctions.Softplus, x => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x))), 8 * UnitInLastPlace);
    }

    /// <summary>Also where the exponent is so large that a plain e^(y·ln x) in float32 would be wrong in the fifth digit.</summary>
    [Theory]
    [InlineData(-0.75f)]
    [InlineData(0.5f)]
    [InlineData(2f)]
    [InlineData(2.4f)]
    [InlineData(-13f)]
    [InlineData(37.3f)]
    public void PowersAreWithinEightUnitsInTheLastPlace(float exponent)
    {
        double end = Math.Exp(80 / Math.Abs(exponent));
        AssertNear(Math.Max(1 / end, 1e-37), Math.Min(end, 1e30), x => FloatFunctions.Power(x, exponent), x => Math.Pow((float)x, exponent), 8 * UnitInLastPlace);
    }

    [Fact]
    public void PowersOfEveryKindOfOperandAreThoseOfTheMathematics()
    {
        float[] operands = [0, -0f, 1, -1, 2, -2, 3, -3, 0.5f, -0.5f, 2.5f, 16777217, -16777216, 1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        foreach (float x in operands)
        {
            foreach (float y in operands)
            {
                // −0 to a negative odd power is −∞ to IEEE and ∞ here: no network can tell.
                float expected = (float)Math.Pow(x, y), actual = FloatFunctions.Power(x, y);
                Assert.True(Math.Abs(expected).Equals(Math.Abs(actual)) || Math.Abs(actual / expected - 1) < 8 * UnitInLastPlace, $"{x}^{y}: {actual} and {expected}");
                Assert.True(x == 0 || float.IsNaN(expected) || Math.Sign(expected) == Math.Sign(actual), $"{x}^{y}: {actual} and {expected}");
            }
        }
    }

    [Fact]
    public void RoundingIsThatOfTheMathematics()
    {
        float[] values = [0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 0.49999997f, -0.49999997f, 4194304.5f, 8388607.5f, 8388609, -1e30f, float.PositiveInfinity, -3.7f, 3.7f, -4];
        foreach (float x in values)
        {
            Assert.Equal(MathF.Round(x, MidpointRounding.ToEven), FloatFunctions.Round(x));
            Assert.Equal(MathF.Floor(x), FloatFunctions.Floor(x));
        }
    }

    [Theory]
    [MemberData(nameof(DifferentiableKinds))]
    public void DerivativesAreThoseOfTheGraph(ActivationKind kind)
    {
        double low = kind is ActivationKind.Log or ActivationKind.Sqrt or ActivationKind.Power or ActivationKind.Reciprocal ? 0.01 : -12;
        double largest = 0, error = 0;
        for (int i = 0; i <= 10_000; i++)
        {
            float x = (float)(low + (12 - low) * i / 10_000);
            double expected = ActivationGradient.Derivative(kind, x, 0.7, 2.3);
            largest = Math.Max(largest, Math.Abs(expected));
            error = Math.Max(error, Math.Abs(expected - FloatDerivatives.Of(kind, x, 0.7f, 2.3f)) / Math.Max(0.05, Math.Abs(expected)));
        }
        Assert.True(largest > 0 && error < 1e-5, $"{error:e2}");
    }

    public static TheoryData<ActivationKind> DifferentiableKinds() => [.. Enum.GetValues<ActivationKind>().Where(FloatDerivatives.Exists)];

    /// <summary>ln(1 + x) without cancellation (.NET's LogP1 adds before it takes the logarithm).</summary>
    private static double LogOnePlus(double x) => 1 + x == 1 ? x : Math.Log(1 + x) * x / (1 + x - 1);

    /// <summary>e^x − 1, likewise.</summary>
    private static double ExpLessOne(double x) => Math.Exp(x) is 1 ? x : (Math.Exp(x) - 1) * x / Math.Log(Math.Exp(x));

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
