using AccelSim.Graph;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>How far two tensors of codes are apart.</summary>
/// <param name="Elements">How many were compared.</param>
/// <param name="Differing">How many differ.</param>
/// <param name="Largest">The largest difference in steps.</param>
internal readonly record struct CodeDifference(long Elements, long Differing, int Largest)
{
    public static CodeDifference Of(Tensor a, Tensor b)
    {
        Assert.Equal(a.Shape, b.Shape);
        long differing = 0;
        int largest = 0;
        for (int i = 0; i < a.Int8.Length; i++)
        {
            int difference = Math.Abs(a.Int8[i] - b.Int8[i]);
            differing += difference > 0 ? 1 : 0;
            largest = Math.Max(largest, difference);
        }
        return new CodeDifference(a.Int8.Length, differing, largest);
    }

    public static CodeDifference operator +(CodeDifference a, CodeDifference b) => new(a.Elements + b.Elements, a.Differing + b.Differing, Math.Max(a.Largest, b.Largest));

    public override string ToString() => FormattableString.Invariant($"{Differing:N0} of {Elements:N0} differ, by at most {Largest}");
}
