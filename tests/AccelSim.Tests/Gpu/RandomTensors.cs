using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

/// <summary>Draws tensors; the seed reproduces them.</summary>
internal sealed class RandomTensors(int seed)
{
    private readonly Random _random = new(seed);

    public Tensor Floats(Shape shape) => Tensor.Of(shape, Fill(shape, () => (float)(_random.NextDouble() * 4 - 2)));

    /// <summary>Half of the cases hold extreme codes only, so that sums reach their bounds.</summary>
    public Tensor Codes(Shape shape)
    {
        sbyte[] extremes = [-128, -127, 127];
        bool extreme = _random.Next(2) == 0;
        return Tensor.Of(shape, Fill(shape, () => extreme ? extremes[_random.Next(3)] : (sbyte)_random.Next(-128, 128)));
    }

    private static T[] Fill<T>(Shape shape, Func<T> next)
    {
        var values = new T[shape.Elements];
        for (int i = 0; i < values.Length; i++)
            values[i] = next();
        return values;
    }
}
