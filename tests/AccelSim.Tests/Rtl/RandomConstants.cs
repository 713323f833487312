using AccelSim.Graph;

namespace AccelSim.Tests.Rtl;

/// <summary>Integer constants at and beyond what a quantizer gives.</summary>
internal sealed class RandomConstants(Random random)
{
    /// <summary>Ratios around those that fill the int8 range, so that some results saturate; a zero multiplier and extreme shifts now and then.</summary>
    public Requantization Requantize(int channels, int bits, int terms)
    {
        var multipliers = new int[channels];
        var shifts = new int[channels];
        for (int c = 0; c < channels; c++)
        {
            multipliers[c] = random.Next(12) == 0 ? 0 : (int)random.NextInt64(1L << (bits - 1), 1L << bits);
            int typical = bits + 5 + (int)Math.Log2(terms) / 2;
            shifts[c] = random.Next(12) switch { 0 => 62, 1 => 1, _ => Math.Clamp(typical + random.Next(-2, 4), 1, 62) };
        }
        bool clamped = random.Next(2) == 0;
        int low = clamped ? random.Next(-128, 0) : -128;
        int high = clamped ? random.Next(low, 128) : 127;
        return new Requantization([.. multipliers], [.. shifts], bits, Code(), low, high);
    }

    public Layer Table(string name, string from) =>
        new(name, new Activation(ActivationKind.HardSwish, new LookupTable([.. Bytes(256, -128, 127)], Code())), from);

    public Quantization Code() => new(0.1, random.Next(-128, 128));

    /// <summary>Random codes, the extremes more often than the rest.</summary>
    public sbyte[] Bytes(int count, int low, int high) =>
        [.. Enumerable.Range(0, count).Select(_ => (sbyte)(random.Next(8) switch { 0 => low, 1 => high, _ => random.Next(low, high + 1) }))];
}
