using AccelSim.Graph;
using AccelSim.Studies.Verify;

namespace AccelSim.Tests.Studies;

/// <summary>No value may hide a difference.</summary>
public sealed class DifferenceTests
{
    [Theory]
    [InlineData(1f, 1f, true)]
    [InlineData(0f, 0f, true)]
    [InlineData(0f, 1e-9f, false)]
    [InlineData(1f, 1.001f, false)]
    [InlineData(1f, float.NaN, false)]
    [InlineData(float.NaN, 1f, false)]
    [InlineData(float.NaN, float.NaN, false)]
    [InlineData(float.PositiveInfinity, 1f, false)]
    [InlineData(1f, float.NegativeInfinity, false)]
    public void Reals_agree_when_finite_and_close(float expected, float actual, bool agrees)
    {
        var difference = new Difference();
        difference.AddReals(Tensor.Of(Shape.Of(2), [expected, expected]), Tensor.Of(Shape.Of(2), [expected, actual]));
        Assert.Equal(agrees, Comparison(difference, ElementType.Float32).Agrees);
    }

    [Fact]
    public void Nothing_compared_is_no_agreement() => Assert.False(Comparison(new Difference(), ElementType.Int8).Agrees);

    private static BackendComparison Comparison(Difference difference, ElementType precision) =>
        new("backend", precision, difference.Compared, difference.Mismatches, difference.Largest, difference.RelativeError);
}
