using System.Globalization;

namespace AccelSim.Graph;

public enum ElementType
{
    Float32,
    Int8,
    Int32,
}

public static class ElementTypes
{
    /// <summary>Bytes an element takes in memory.</summary>
    public static int Bytes(this ElementType element) => element == ElementType.Int8 ? 1 : 4;
}

/// <summary>An affine code for reals: real = <see cref="Scale"/> · (q − <see cref="ZeroPoint"/>).</summary>
public readonly record struct Quantization(double Scale, int ZeroPoint)
{
    /// <summary>The int8 code of a real: clamp(z + floor(real ÷ scale + 0.5), −128, 127).</summary>
    public sbyte Encode(double real) => (sbyte)Math.Clamp(ZeroPoint + Math.Floor(real / Scale + 0.5), sbyte.MinValue, sbyte.MaxValue);

    /// <summary>The codes of a float32 tensor.</summary>
    public Tensor Encode(Tensor reals)
    {
        var codes = new sbyte[reals.Shape.Elements];
        var values = reals.Float32;
        for (int i = 0; i < codes.Length; i++)
            codes[i] = Encode(values[i]);
        return Tensor.Of(reals.Shape, codes);
    }

    public double Decode(int code) => Scale * (code - ZeroPoint);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scale:g6}·(q − {ZeroPoint})");
}

/// <summary>What is known of a value before it is computed. <see cref="Quantization"/> is set for int8 activations only.</summary>
public sealed record TensorType(ElementType Element, Shape Shape, Quantization? Quantization = null)
{
    public long Bytes => Shape.Elements * Element.Bytes();

    /// <summary>Channels: dimension 1.</summary>
    public int Channels => Shape[1];

    /// <summary>Height and width of an [N, C, H, W] value.</summary>
    public Size2 Image => new(Shape[2], Shape[3]);

    public override string ToString() => $"{Element.ToString().ToLowerInvariant()} {Shape}";
}
