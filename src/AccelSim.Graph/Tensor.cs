namespace AccelSim.Graph;

/// <summary>A dense tensor in row-major order (the last dimension is contiguous). Not changed once made.</summary>
public sealed class Tensor
{
    private readonly Array _data;

    private Tensor(Shape shape, ElementType element, Array data)
    {
        if (shape.Elements != data.LongLength)
            throw new GraphException($"A tensor of shape {shape} has {shape.Elements} elements, but {data.LongLength} were given.");
        Shape = shape;
        Element = element;
        _data = data;
    }

    public Shape Shape { get; }

    public ElementType Element { get; }

    /// <summary>Wraps <paramref name="data"/> without a copy: the caller gives it away.</summary>
    /// <exception cref="GraphException">The array's length is not the shape's element count.</exception>
    public static Tensor Of(Shape shape, float[] data) => new(shape, ElementType.Float32, data);

    /// <inheritdoc cref="Of(Shape, float[])"/>
    public static Tensor Of(Shape shape, sbyte[] data) => new(shape, ElementType.Int8, data);

    /// <inheritdoc cref="Of(Shape, float[])"/>
    public static Tensor Of(Shape shape, int[] data) => new(shape, ElementType.Int32, data);

    public ReadOnlySpan<float> Float32 => Typed<float>();

    public ReadOnlySpan<sbyte> Int8 => Typed<sbyte>();

    public ReadOnlySpan<int> Int32 => Typed<int>();

    /// <summary>The same elements under another shape with as many elements.</summary>
    public Tensor Reshape(Shape shape) => new(shape, Element, _data);

    /// <summary>Entries [start, start + count) of the first dimension, copied.</summary>
    public Tensor Batch(int start, int count)
    {
        int stride = checked((int)(Shape.Elements / Shape[0]));
        var data = Array.CreateInstance(_data.GetType().GetElementType()!, checked(stride * count));
        Array.Copy(_data, (long)start * stride, data, 0, data.Length);
        return new Tensor(Shape.With(0, count), Element, data);
    }

    private ReadOnlySpan<T> Typed<T>() =>
        _data as T[] ?? throw new GraphException($"A {Element} tensor was read as {typeof(T).Name}.");
}
