namespace AccelSim.Graph;

/// <summary>
/// Channel g·(C ÷ groups) + i goes to i·groups + g (Zhang et al., "ShuffleNet", CVPR 2018, section 3.1). Moves bytes: float or int8.
/// </summary>
public sealed record ChannelShuffle(int Groups) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireMovable(input);
        if (input.Shape.Rank < 2 || Groups < 1 || input.Channels % Groups != 0)
            throw new GraphException($"{Groups} groups do not divide the channels of {input.Shape}.");
        return input;
    }

    /// <summary>The input channel that stands at <paramref name="channel"/> of the result.</summary>
    public int Source(int channel, int channels) => channel % Groups * (channels / Groups) + channel / Groups;

    public override string Describe() => $"groups {Groups}";
}
