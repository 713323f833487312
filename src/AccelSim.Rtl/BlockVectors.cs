using AccelSim.Graph;

namespace AccelSim.Rtl;

/// <summary>
/// A block's input and the values that it must give, int8 [N, C, H, W]; the N frames run back to back.
/// </summary>
/// <param name="Input">The block's input value.</param>
/// <param name="DepthwiseResult">The value between the engines.</param>
/// <param name="Result">The block's result.</param>
public sealed record BlockVectors(Tensor Input, Tensor DepthwiseResult, Tensor Result)
{
    public int Frames => Input.Shape[0];

    /// <summary>The three values of a block among those of a whole run (an executor's <c>everyLayer</c> results and the inputs).</summary>
    /// <exception cref="RtlException">A value is missing.</exception>
    public static BlockVectors From(DepthwiseSeparableBlock block, IReadOnlyDictionary<string, Tensor> values)
    {
        return new BlockVectors(Value(block.Input), Value(block.DepthwiseResult), Value(block.Result));

        Tensor Value(string name) => values.TryGetValue(name, out var tensor)
            ? tensor
            : throw new RtlException($"The value '{name}' that {block.Name} needs was not given.");
    }

    /// <exception cref="RtlException">A tensor is not int8 or has another shape than the block's.</exception>
    internal void Check(BlockShape shape, string block)
    {
        Require(Input, Shape.Of(Frames, shape.Channels, shape.Height, shape.Width), "input");
        Require(DepthwiseResult, Shape.Of(Frames, shape.Channels, shape.OutHeight, shape.OutWidth), "depthwise result");
        Require(Result, Shape.Of(Frames, shape.OutChannels, shape.OutHeight, shape.OutWidth), "result");

        void Require(Tensor tensor, Shape expected, string what)
        {
            if (tensor.Element != ElementType.Int8 || tensor.Shape != expected)
                throw new RtlException($"The {what} of {block} must be int8 {expected}, but is {tensor.Element} {tensor.Shape}.");
        }
    }
}
