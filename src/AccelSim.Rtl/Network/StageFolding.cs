using System.Globalization;

namespace AccelSim.Rtl.Network;

/// <summary>How much of a stage's work is done at once, and where its weights come from.</summary>
/// <param name="In">Input channels at once; divides the stage's channels, and where a slice or a pad cuts them, every part.</param>
/// <param name="Taps">Taps of the window at once: 1, K or K²; 1 where nothing slides, and for pools.</param>
/// <param name="Out">Output channels at once where each reads all input channels; else 1.</param>
public sealed record StageFolding(int In, int Taps, int Out)
{
    /// <summary>How the weights are streamed from outside; null where they stay on the chip.</summary>
    public WeightStreaming? Streaming { get; init; }

    /// <summary>Whether a multiplier serves two output channels, which share its input (packed_multiplier); where each output reads all inputs, and Out is even.</summary>
    public bool Packed { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{In}×{Taps}×{Out}{(Packed ? " packed" : "")}{(Streaming is { } streaming ? $" {streaming}" : "")}");

    /// <exception cref="FoldingException">A number does not divide what it must; the message names the nearest that do.</exception>
    public void Check(StageShape shape)
    {
        Require(In, BlockFolding.Divisors(shape.LaneGranule), "input channels at once", shape);
        Require(Taps, TapChoices(shape), "taps at once", shape);
        if (Packed && (!shape.MixesChannels || Out % 2 != 0))
            throw new FoldingException($"{Out} output channels at once of {shape.Name} cannot share multipliers in pairs: take an even number of a convolution or fully connected layer.");
        Require(Out, shape.MixesChannels ? BlockFolding.Divisors(shape.OutChannels) : [1], "output channels at once", shape);
        if (Streaming is not { } streaming)
            return;
        if (WeightStreaming.Refusal(shape) is { } reason)
            throw new FoldingException($"The weights of {shape.Name} cannot be streamed: {reason}.");
        if (Packed)
            throw new FoldingException($"The weights of {shape.Name} cannot be streamed into packed multipliers: leave one of the two out.");
        Require(streaming.Pixels, BlockFolding.Divisors(checked((int)shape.OutPixels)), "pixels a pass of the weights", shape);
        Require(streaming.Lanes, BlockFolding.Divisors(In * Out), "weights a beat", shape);
    }

    /// <summary>The taps that a stage may do at once.</summary>
    public static IEnumerable<int> TapChoices(StageShape shape) =>
        shape.Kind is StageKind.Convolution or StageKind.Depthwise ? [1, shape.Kernel, shape.Kernel * shape.Kernel] : [1];

    private static void Require(int value, IEnumerable<int> legal, string what, StageShape shape)
    {
        int[] choices = [.. legal];
        if (choices.Contains(value))
            return;
        var near = choices.Where(choice => choice <= value).TakeLast(1).Concat(choices.Where(choice => choice > value).Take(1));
        throw new FoldingException($"{value} {what} are not possible in {shape.Name}: the nearest legal choices are {string.Join(" and ", near.Select(choice => choice.ToString(CultureInfo.InvariantCulture)))}.");
    }
}

/// <summary>
/// Weights that come from DRAM as a stream of their own, all of them once for every block of pixels. The engine does one group of output
/// channels for all pixels of the block while the next group's weights arrive.
/// </summary>
/// <param name="Pixels">Pixels that one pass of the weights serves; divides the stage's pixels.</param>
/// <param name="Lanes">Weights, one byte each, of a beat; divides what the engine reads at once.</param>
public sealed record WeightStreaming(int Pixels, int Lanes)
{
    /// <summary>Why a stage's weights cannot be streamed, or null when they can.</summary>
    public static string? Refusal(StageShape shape) =>
        shape.Kind != StageKind.Pointwise ? "only those of pointwise and fully connected layers are read in one pass"
        : shape.WeightBits != 8 ? $"they have zero points and so {shape.WeightBits} bits, and a lane of the stream has 8"
        : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"(weights streamed, {Lanes} a beat, {Pixels} pixels a pass)");
}
