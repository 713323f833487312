using System.Globalization;

namespace AccelSim.Graph;

/// <summary>
/// y[c] = x[c] ÷ (bias + α ÷ size · Σ x²)^β, the sum over <paramref name="Size"/> neighbouring channels from c − ⌊(size − 1) ÷ 2⌋ to c + ⌈(size − 1) ÷ 2⌉ (Krizhevsky et
/// al., NIPS 2012, section 3.3, where α is already divided by the size). Float only, as <see cref="Softmax"/>.
/// </summary>
public sealed record LocalResponseNormalization(int Size, double Alpha = 1e-4, double Beta = 0.75, double Bias = 1) : Operator
{
    public override bool IsInteger => false;

    public override TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants)
    {
        RequireActivation(inputs[0]);
        if (inputs[0].Shape.Rank < 2)
            throw new GraphException($"The input must have a channel dimension, but has shape {inputs[0].Shape}.");
        if (Size < 1)
            throw new GraphException($"The size must be at least 1, but is {Size}.");
        return inputs[0];
    }

    /// <summary>The first and last channel of a sum.</summary>
    public (int First, int Last) Window(int channel, int channels) =>
        (Math.Max(0, channel - (Size - 1) / 2), Math.Min(channels - 1, channel + Size / 2));

    public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Size} α {Alpha:g6} β {Beta:g6} bias {Bias:g6}");
}
