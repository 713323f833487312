using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>A tensor of the plain loops, read as reals or as codes less their zero point.</summary>
internal readonly struct Operand(Tensor tensor, Quantization? quantization)
{
    public Shape Shape => tensor.Shape;

    public Quantization? Quantization => quantization;

    public int Zero => quantization?.ZeroPoint ?? 0;

    public double this[params ReadOnlySpan<int> at]
    {
        get
        {
            if (at.Length != Shape.Rank)
                throw new ArgumentException($"{at.Length} indices for {Shape}");
            int index = 0;
            for (int d = 0; d < at.Length; d++)
            {
                if (at[d] < 0 || at[d] >= Shape[d])
                    throw new ArgumentException($"index {at[d]} of dimension {d} of {Shape}");
                index = index * Shape[d] + at[d];
            }
            return Flat(index);
        }
    }

    public double Flat(int index) => tensor.Element switch
    {
        ElementType.Int8 => tensor.Int8[index] - Zero,
        ElementType.Int32 => tensor.Int32[index],
        _ => tensor.Float32[index],
    };

    /// <summary>The code itself, or the real.</summary>
    public double Code(params ReadOnlySpan<int> at) => this[at] + Zero;

    /// <summary>The element that stands at a place of a larger shape: aligned at the end, repeated where there is only one.</summary>
    public double Spread(ReadOnlySpan<int> at)
    {
        Span<int> own = stackalloc int[Shape.Rank];
        for (int d = 0; d < own.Length; d++)
            own[d] = Shape[d] == 1 ? 0 : at[at.Length - own.Length + d];
        return this[own];
    }
}
