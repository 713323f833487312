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
    Requantization? Integer = null) : Operator
{
    public override bool IsInteger => Integer is not null;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        var input = inputs[0];
        RequireActivation(input);
        RequireRank(input, 4, "The input");
        Size2 image = Sliding.Output(input.Image, Kernel, Stride, Padding);
        if (Padding.Top >= Kernel.Height || Padding.Bottom >= Kernel.Height || Padding.Left >= Kernel.Width || Padding.Right >= Kernel.Width)
            throw new GraphException($"Padding {Padding} would put a whole {Kernel} window outside the image.");
        Integer?.Validate(Counts(input.Image).Length);
        return Activations(Shape.Of(input.Shape[0], input.Channels, image.Height, image.Width), Integer?.Output);
    }

    /// <summary>The divisor of the window at output (row, column).</summary>
    public int Count(Size2 image, int row, int column) =>
        CountPadding ? Kernel.Area : Inside(image.Height, Kernel.Height, row * Stride.Height - Padding.Top) * Inside(image.Width, Kernel.Width, column * Stride.Width - Padding.Left);

    /// <summary>The divisors that occur over an image, ascending.</summary>
    public ImmutableArray<int> Counts(Size2 image)
    {
        Size2 output = Sliding.Output(image, Kernel, Stride, Padding);
        var counts = new SortedSet<int>();
        for (int row = 0; row < output.Height; row++)
        {
            for (int column = 0; column < output.Width; column++)
                counts.Add(Count(image, row, column));
        }
        return [.. counts];
    }

    public override string Describe() => $"{Kernel}{(Stride == Kernel ? "" : $" stride {Stride}")}{(Padding == Padding.None ? "" : $" pad {Padding}")}";

    private static int Inside(int extent, int kernel, int start) => Math.Min(start + kernel, extent) - Math.Max(start, 0);
}
