using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Rtl.Network;

namespace AccelSim.Rtl;

/// <summary>
/// How much of a block's work its engines do at once; the rest is folded over time.
/// </summary>
/// <param name="DwChannels">Depthwise channels at once; divides the block's channels. Also the channels of an input beat.</param>
/// <param name="DwTaps">Taps of the depthwise kernel at once: 1, K or K².</param>
/// <param name="PwIn">Pointwise input channels at once (SIMD); divides the block's channels.</param>
/// <param name="PwOut">Pointwise output channels at once (PE); divides the block's output channels.</param>
public sealed record BlockFolding(int DwChannels, int DwTaps, int PwIn, int PwOut)
{
    /// <summary>Nothing at once: one multiplier an engine. Legal for every block.</summary>
    public static BlockFolding Serial { get; } = new(1, 1, 1, 1);

    /// <summary>Whether a multiplier of the pointwise engine serves two output channels, which share its input (packed_multiplier).</summary>
    public bool Packed { get; init; }

    /// <summary>Int8 products a cycle of both engines.</summary>
    public long MacsPerCycle => (long)DwChannels * DwTaps + (long)PwIn * PwOut;

    /// <summary>Multipliers of both engines, without those of the requantizers.</summary>
    public long MacMultipliers => (long)DwChannels * DwTaps + (long)PwIn * PwOut / (Packed ? 2 : 1);

    /// <summary>The same parallelism as stages of a pipeline.</summary>
    public ImmutableArray<StageFolding> Stages => [new(DwChannels, DwTaps, 1), new(PwIn, 1, PwOut) { Packed = Packed }];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"dw {DwChannels}×{DwTaps}, pw {PwIn}×{PwOut}{(Packed ? " packed" : "")}");

    /// <summary>Refuses a folding that the shape does not allow.</summary>
    /// <param name="shape">The block's shape.</param>
    /// <param name="block">The block's name, for the message.</param>
    /// <exception cref="FoldingException">A number does not divide what it must; the message names the nearest that do.</exception>
    public void Check(BlockShape shape, string block)
    {
        RequireDivisor(DwChannels, shape.Channels, nameof(DwChannels), "channels", block);
        int[] taps = [1, shape.Kernel, shape.Kernel * shape.Kernel];
        if (!taps.Contains(DwTaps))
            throw new FoldingException($"DwTaps = {DwTaps} does not fit the {shape.Kernel}×{shape.Kernel} kernel of {block}: taps at once are {Nearest(DwTaps, taps)} (one, a column, or the window).");
        RequireDivisor(PwIn, shape.Channels, nameof(PwIn), "pointwise input channels", block);
        RequireDivisor(PwOut, shape.OutChannels, nameof(PwOut), "pointwise output channels", block);
        if (Packed && PwOut % 2 != 0)
            throw new FoldingException($"PwOut = {PwOut} of {block} is odd, and packed multipliers serve two output channels each: take an even number, or leave packing out.");
        if (DepthwiseResultLanes(shape) == 0)
        {
            var fitting = Divisors(shape.Channels).Where(lanes => (this with { PwIn = lanes }).DepthwiseResultLanes(shape) != 0).ToArray();
            throw new FoldingException($"PwIn = {PwIn} cannot take what DwChannels = {DwChannels} with DwTaps = {DwTaps} of {block} delivers, since neither divides the other: legal here are {Nearest(PwIn, fitting)}.");
        }
    }

    /// <summary>
    /// Depthwise results requantized at once: the fewest that keep up with the sums, since a requantizer is larger than a
    /// multiplier. It must divide, or be divided by, what the pointwise engine reads; 0 when there is none.
    /// </summary>
    public int DepthwiseResultLanes(BlockShape shape)
    {
        int steps = shape.Kernel * shape.Kernel / DwTaps;
        return Divisors(DwChannels).FirstOrDefault(lanes => DwChannels / lanes <= steps && (PwIn % lanes == 0 || lanes % PwIn == 0));
    }

    /// <summary>Pointwise results requantized at once: the fewest that keep up with the sums. Also the channels of an output beat.</summary>
    public int PointwiseResultLanes(BlockShape shape) =>
        Divisors(PwOut).First(lanes => PwOut / lanes <= shape.Channels / PwIn);

    internal static IEnumerable<int> Divisors(int number) => Enumerable.Range(1, number).Where(candidate => number % candidate == 0);

    private static void RequireDivisor(int value, int total, string parameter, string what, string block)
    {
        if (value < 1 || total % value != 0)
            throw new FoldingException($"{parameter} = {value} does not divide the {total} {what} of {block}: the nearest legal choices are {Nearest(value, [.. Divisors(total)])}.");
    }

    /// <summary>The legal numbers just below and just above.</summary>
    private static string Nearest(int value, int[] legal)
    {
        var below = legal.Where(choice => choice <= value).TakeLast(1);
        var above = legal.Where(choice => choice > value).Take(1);
        return string.Join(" and ", below.Concat(above).Select(choice => choice.ToString(CultureInfo.InvariantCulture)));
    }
}
