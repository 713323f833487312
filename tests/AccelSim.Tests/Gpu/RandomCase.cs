using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Tests.Gpu;

/// <summary>Draws shapes, operators and tensors; the seed names the case.</summary>
internal sealed class RandomCase(int seed)
{
    private readonly Random _random = new(seed);

    public int Between(int low, int high) => _random.Next(low, high + 1);

    public bool Coin() => _random.Next(2) == 0;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    public Tensor Floats(Shape shape) => Tensor.Of(shape, Fill(shape, () => (float)(_random.NextDouble() * 4 - 2)));

    /// <summary>Half of the cases hold extreme codes only, so that sums reach their bounds.</summary>
    public Tensor Codes(Shape shape)
    {
        bool extreme = Coin();
        return Tensor.Of(shape, Fill(shape, () => extreme ? Pick<sbyte>(-128, -127, 127) : (sbyte)Between(-128, 127)));
    }

    public Tensor Integers(Shape shape, int magnitude) => Tensor.Of(shape, Fill(shape, () => Between(-magnitude, magnitude)));

    public Quantization Quantization() => new(Math.ScaleB(1 + _random.NextDouble(), Between(-8, 0)), Pick(-128, 127, 0, Between(-128, 127)));

    /// <summary>
    /// Constants over all that numerics.md allows. <paramref name="magnitude"/> is about the largest accumulator: most shifts bring
    /// it near the codes' range, some lose or saturate everything.
    /// </summary>
    public Requantization Requantization(int pairs, double magnitude)
    {
        int bits = Between(8, 31);
        var multipliers = ImmutableArray.CreateBuilder<int>();
        var shifts = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < pairs; i++)
        {
            int multiplier = Between(0, 20) == 0 ? 0 : (int)_random.NextInt64(1L << (bits - 1), 1L << bits);
            multipliers.Add(multiplier);
            int fitting = bits + (int)Math.Log2(magnitude) - 7;
            shifts.Add(Math.Clamp(fitting + Pick(-2, -1, 0, 1, 2, Between(-40, 40)), 1, 62));
        }
        var (low, high) = Codes();
        return new Requantization(multipliers.ToImmutable(), shifts.ToImmutable(), bits, Quantization(), low, high);
    }

    public AddArithmetic AddArithmetic()
    {
        int bits = Between(8, 31);
        var (low, high) = Codes();
        return new AddArithmetic(
            (int)_random.NextInt64(0, 1L << bits), (int)_random.NextInt64(0, 1L << bits), Math.Clamp(bits + Between(-2, 3), 1, 62), bits, Quantization(), low, high);
    }

    public MacArithmetic MacArithmetic(int channels, int terms) => new(
        Requantization(channels, terms * 8000.0),
        [.. Enumerable.Repeat(0.01, channels)],
        Coin() ? [] : [.. Enumerable.Range(0, channels).Select(_ => Between(-128, 127))]);

    public Size2 Size(int high) => new(Between(1, high), Between(1, high));

    public Padding Padding(Size2 kernel) =>
        new(Between(0, kernel.Height - 1), Between(0, kernel.Height - 1), Between(0, kernel.Width - 1), Between(0, kernel.Width - 1));

    private (int Low, int High) Codes()
    {
        if (Coin())
            return (-128, 127);
        int a = Between(-128, 127);
        int b = Between(-128, 127);
        return (Math.Min(a, b), Math.Max(a, b));
    }

    private static T[] Fill<T>(Shape shape, Func<T> next)
    {
        var values = new T[shape.Elements];
        for (int i = 0; i < values.Length; i++)
            values[i] = next();
        return values;
    }
}
