using System.Globalization;

namespace AccelSim.Rtl.Network;

/// <summary>How much of a stage's work is done at once.</summary>
/// <param name="In">Input channels at once; divides the stage's channels, and where a slice or a pad cuts them, every part.</param>
/// <param name="Taps">Taps of the window at once: 1, K or K²; 1 where nothing slides, and for pools.</param>
/// <param name="Out">Output channels at once where each reads all input channels; else 1.</param>
public sealed record StageFolding(int In, int Taps, int Out)
{
    /// <summary>Whether a multiplier serves two output channels, which share its input (packed_multiplier); where each output reads all inputs, and Out is even.</summary>
    public bool Packed { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{In}×{Taps}×{Out}{(Packed ? " packed" : "")}");

    /// <exception cref="FoldingException">A number does not divide what it must; the message names the nearest that do.</exception>
    public void Check(StageShape shape)
    {
        Require(In, BlockFolding.Divisors(shape.LaneGranule), "input channels at once", shape);
        Require(Taps, TapChoices(shape), "taps at once", shape);
        if (Packed && (!shape.MixesChannels || Out % 2 != 0))
            throw new FoldingException($"{Out} output channels at once of {shape.Name} cannot share multipliers in pairs: take an even number of a convolution or fully connected layer.");
        Require(Out, shape.MixesChannels ? BlockFolding.Divisors(shape.OutChannels) : [1], "output channels at once", shape);
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
