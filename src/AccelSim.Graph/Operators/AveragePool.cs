using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// Mean over a window. Padding adds 0 to the sum and is counted in the divisor only when <paramref name="CountPadding"/>.
/// Integer: acc = Σ (x − z_x), then the (M, S) pair of the window's count: pair i belongs to <see cref="Counts"/>[i].
/// </summary>
public sealed record AveragePool(
    Size2 Kernel,
    Size2 Stride,
    Padding Padding,
    bool CountPadding = false,
    Requantization? Integer = null,
    Size2? Dilation = null) : Operator
{
    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireActivation(input);
        RequireRank(input, 4, "The input");
        Size2 image = Sliding.Output(input.Image, Kernel, Stride, Padding, Dilation);
        Sliding.RequireTapsInside(input.Image, Kernel, Stride, Padding, Dilation);
        Integer?.Validate(Counts(input.Image).Length);
        return Activations(Shape.Of(input.Shape[0], input.Channels, image.Height, image.Width), Integer?.Output);
    }

    /// <summary>The divisor of the window at output (row, column).</summary>
    public int Count(Size2 image, int row, int column) =>
        CountPadding
            ? Kernel.Area
            : Sliding.TapsInside(image.Height, Kernel.Height, Dilation?.Height ?? 1, row * Stride.Height - Padding.Top)
                * Sliding.TapsInside(image.Width, Kernel.Width, Dilation?.Width ?? 1, column * Stride.Width - Padding.Left);

    /// <summary>The divisors that occur over an image, ascending.</summary>
    public ImmutableArray<int> Counts(Size2 image)
    {
        Size2 output = Sliding.Output(image, Kernel, Stride, Padding, Dilation);
        var counts = new SortedSet<int>();
        for (int row = 0; row < output.Height; row++)
        {
            for (int column = 0; column < output.Width; column++)
                counts.Add(Count(image, row, column));
        }
        return [.. counts];
    }

    public override string Describe() => $"{Kernel}{(Stride == Kernel ? "" : $" stride {Stride}")}{(Padding == Padding.None ? "" : $" pad {Padding}")}";
}
