using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>
/// Standard normal numbers that depend on the seed alone: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) through Box and Muller's transform.
/// </summary>
public sealed class NormalNumbers(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A float32 tensor of such numbers.</summary>
    public static Tensor Tensor(Shape shape, ulong seed)
    {
        var numbers = new NormalNumbers(seed);
        var data = new float[shape.Elements];
        for (int i = 0; i < data.Length; i++)
            data[i] = (float)numbers.Next();
        return Graph.Tensor.Of(shape, data);
    }

    public double Next() => Math.Sqrt(-2 * Math.Log(1 - NextUniform())) * Math.Cos(2 * Math.PI * NextUniform());

    /// <summary>Uniform in [0, 1).</summary>
    public double NextUniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
