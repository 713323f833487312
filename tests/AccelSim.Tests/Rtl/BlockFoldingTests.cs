using AccelSim.Graph;
using AccelSim.Rtl;

namespace AccelSim.Tests.Rtl;

public sealed class BlockFoldingTests
{
    private static readonly BlockShape Shape = new(14, 14, 24, 40, 5, 1, Padding.All(2));

    [Theory]
    [InlineData(5, 1, 1, 1, "DwChannels = 5 does not divide the 24 channels of block3/dw: the nearest legal choices are 4 and 6.")]
    [InlineData(48, 1, 1, 1, "DwChannels = 48 does not divide the 24 channels of block3/dw: the nearest legal choices are 24.")]
    [InlineData(0, 1, 1, 1, "DwChannels = 0 does not divide the 24 channels of block3/dw: the nearest legal choices are 1.")]
    [InlineData(1, 9, 1, 1, "DwTaps = 9 does not fit the 5×5 kernel of block3/dw: taps at once are 5 and 25 (one, a column, or the window).")]
    [InlineData(1, 1, 7, 1, "PwIn = 7 does not divide the 24 pointwise input channels of block3/dw: the nearest legal choices are 6 and 8.")]
    [InlineData(1, 1, 1, 16, "PwOut = 16 does not divide the 40 pointwise output channels of block3/dw: the nearest legal choices are 10 and 20.")]
    [InlineData(3, 25, 4, 1, "PwIn = 4 cannot take what DwChannels = 3 with DwTaps = 25 of block3/dw delivers, since neither divides the other: legal here are 3 and 6.")]
    public void An_illegal_folding_is_refused_with_the_nearest_legal_choices(int dwChannels, int dwTaps, int pwIn, int pwOut, string message)
    {
        var error = Assert.Throws<FoldingException>(() => new BlockDesign(Shape, new BlockFolding(dwChannels, dwTaps, pwIn, pwOut), "block3/dw"));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_budget_below_the_serial_folding_is_refused()
    {
        var error = Assert.Throws<FoldingException>(() => FoldingSearch.Best(Shape, 3, "block3/dw"));
        Assert.Equal("A budget of 3 multipliers is too small for block3/dw: the serial folding takes 4.", error.Message);
    }

    /// <summary>Against all legal foldings, enumerated here.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(37)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void The_search_finds_the_shortest_interval_and_then_the_fewest_multipliers(long budget)
    {
        var best = new BlockDesign(Shape, FoldingSearch.Best(Shape, budget));
        var bestCost = (CycleModel.IntervalBound(best), BlockResources.Of(best).Multipliers);
        Assert.True(bestCost.Multipliers <= budget);
        for (int dwChannels = 1; dwChannels <= Shape.Channels; dwChannels++)
        for (int dwTaps = 1; dwTaps <= 25; dwTaps++)
        for (int pwIn = 1; pwIn <= Shape.Channels; pwIn++)
        for (int pwOut = 1; pwOut <= Shape.OutChannels; pwOut++)
        {
            if (Shape.Channels % dwChannels != 0 || dwTaps is not (1 or 5 or 25) || Shape.Channels % pwIn != 0 || Shape.OutChannels % pwOut != 0)
                continue;
            BlockDesign other;
            try
            {
                other = new BlockDesign(Shape, new BlockFolding(dwChannels, dwTaps, pwIn, pwOut));
            }
            catch (FoldingException)
            {
                continue;
            }
            var cost = (CycleModel.IntervalBound(other), BlockResources.Of(other).Multipliers);
            Assert.False(cost.Multipliers <= budget && cost.CompareTo(bestCost) < 0, $"{other.Folding} beats {best.Folding}");
        }
    }

    [Fact]
    public void Back_to_back_frames_settle_at_the_bound_of_the_slowest_engine()
    {
        foreach (long budget in new long[] { 4, 20, 64, 256, 2000 })
        {
            var design = new BlockDesign(Shape, FoldingSearch.Best(Shape, budget));
            Assert.Equal(CycleModel.IntervalBound(design), CycleModel.Predict(design, 6).Interval);
        }
    }

    [Fact]
    public void Requantizers_are_as_few_as_keep_up()
    {
        // 24 lanes with one tap take 25 cycles a sum: one requantizer keeps up. With the window at once all 24 are needed.
        Assert.Equal(1, new BlockFolding(24, 1, 24, 40).DepthwiseResultLanes(Shape));
        Assert.Equal(24, new BlockFolding(24, 25, 24, 40).DepthwiseResultLanes(Shape));
        // 40 outputs over 3 steps of 8 inputs: 14 a cycle would do, the next divisor is 20.
        Assert.Equal(20, new BlockFolding(1, 1, 8, 40).PointwiseResultLanes(Shape));
    }
}
