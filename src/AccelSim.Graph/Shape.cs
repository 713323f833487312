using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace AccelSim.Graph;

/// <summary>
/// The extents of a tensor, outermost first. Activations are [N, C, H, W] or [N, F];
/// convolution weights are [O, I ÷ groups, KH, KW]; fully connected weights are [O, I].
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly ImmutableArray<int> _extents;

    private Shape(ImmutableArray<int> extents) => _extents = extents;

    /// <summary>Makes a shape; every extent must be at least 1.</summary>
    /// <exception cref="GraphException">An extent is zero or negative, or the element count passes 2⁶³.</exception>
    public static Shape Of(params ReadOnlySpan<int> extents)
    {
        long elements = 1;
        foreach (int extent in extents)
        {
            if (extent < 1)
                throw new GraphException($"A shape's extents must be at least 1, but {Text(extents)} has {extent}.");
            try
            {
                elements = checked(elements * extent);
            }
            catch (OverflowException)
            {
                throw new GraphException($"The shape {Text(extents)} has more than 2^63 elements.");
            }
        }
        return new Shape(ImmutableArray.Create(extents));
    }

    private ImmutableArray<int> Extents => _extents.IsDefault ? [] : _extents;

    /// <summary>The number of dimensions.</summary>
    public int Rank => Extents.Length;

    /// <summary>The product of all extents (1 for a scalar).</summary>
    public long Elements
    {
        get
        {
            long elements = 1;
            foreach (int extent in Extents)
                elements *= extent;
            return elements;
        }
    }

    public int Count => Rank;

    public int this[int index] => Extents[index];

    /// <summary>The same shape with the extent at <paramref name="index"/> replaced.</summary>
    public Shape With(int index, int extent)
    {
        int[] extents = [.. Extents];
        extents[index] = extent;
        return Of(extents);
    }

    public bool Equals(Shape other) => Extents.AsSpan().SequenceEqual(other.Extents.AsSpan());

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int extent in Extents)
            hash.Add(extent);
        return hash.ToHashCode();
    }

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    public ImmutableArray<int>.Enumerator GetEnumerator() => Extents.GetEnumerator();

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)Extents).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)Extents).GetEnumerator();

    /// <summary>For example <c>1×3×224×224</c>.</summary>
    public override string ToString() => Text(Extents.AsSpan());

    private static string Text(ReadOnlySpan<int> extents)
    {
        if (extents.Length == 0)
            return "scalar";
        var text = new System.Text.StringBuilder();
        foreach (int extent in extents)
            text.Append(text.Length > 0 ? "×" : "").Append(extent.ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
