using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Systolic.VectorUnit;

/// <summary>
/// From the place of an element in one value to its place in another, as nested counters with an offset for each position of each
/// dimension: what moves elements, repeats them, or gathers them for a sum.
/// </summary>
internal sealed class AddressGenerator
{
    /// <summary>The address of an element that comes from nowhere, such as padding.</summary>
    public const int Outside = -1;

    private readonly Shape _shape;
    private readonly int[][] _offsets;

    private AddressGenerator(Shape shape, int[][] offsets) => (_shape, _offsets) = (shape, offsets);

    /// <summary>Each dimension of the result reads the same dimension of the operand, at the position that <paramref name="source"/> gives for (dimension, position), or nowhere.</summary>
    public static AddressGenerator Select(Shape operand, Shape result, Func<int, int, int> source)
    {
        int[] strides = RowMajor(operand);
        return new AddressGenerator(result, [.. Enumerable.Range(0, result.Rank).Select(dimension => Positions(result[dimension], position =>
            source(dimension, position) is >= 0 and var from ? from * strides[dimension] : Outside))]);
    }

    /// <summary>One dimension reads other positions of the operand; the rest are as they were.</summary>
    public static AddressGenerator Along(int axis, Shape operand, Shape result, Func<int, int> source) =>
        Select(operand, result, (dimension, position) => dimension == axis ? source(position) : position);

    /// <summary>Dimension i of the result is dimension permutation[i] of the operand.</summary>
    public static AddressGenerator Permute(Shape operand, Shape result, ImmutableArray<int> permutation)
    {
        int[] strides = RowMajor(operand);
        return new AddressGenerator(result, [.. permutation.Select((dimension, i) => Positions(result[i], position => position * strides[dimension]))]);
    }

    /// <summary>An operand repeated to the shape of the result (<see cref="Broadcasting"/>).</summary>
    public static AddressGenerator Repeat(Shape operand, Shape result)
    {
        ImmutableArray<long> strides = Broadcasting.Strides(operand, result);
        return new AddressGenerator(result, [.. strides.Select((stride, dimension) => Positions(result[dimension], position => checked((int)(position * stride))))]);
    }

    /// <summary>The address for each element of <see cref="Shape"/> in row-major order, or <see cref="Outside"/>.</summary>
    public int[] Addresses()
    {
        int[] addresses = new int[_shape.Elements];
        Fill(addresses, 0, 0);
        return addresses;
    }

    /// <summary>The elements at the addresses, and <paramref name="outside"/> where there is none.</summary>
    public T[] Read<T>(ReadOnlySpan<T> operand, T outside)
    {
        int[] addresses = Addresses();
        var result = new T[addresses.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = addresses[i] == Outside ? outside : operand[addresses[i]];
        return result;
    }

    private void Fill(Span<int> addresses, int dimension, int start)
    {
        if (dimension == _offsets.Length)
        {
            addresses[0] = start;
            return;
        }
        int[] offsets = _offsets[dimension];
        int part = addresses.Length / offsets.Length;
        for (int position = 0; position < offsets.Length; position++)
        {
            Span<int> piece = addresses.Slice(position * part, part);
            if (offsets[position] == Outside)
                piece.Fill(Outside);
            else
                Fill(piece, dimension + 1, start + offsets[position]);
        }
    }

    private static int[] Positions(int extent, Func<int, int> offset) => [.. Enumerable.Range(0, extent).Select(offset)];

    private static int[] RowMajor(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int stride = 1;
        for (int dimension = shape.Rank - 1; dimension >= 0; dimension--)
        {
            strides[dimension] = stride;
            stride *= shape[dimension];
        }
        return strides;
    }
}
