using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// Elementwise operators on two shapes, by the rule of NumPy: shapes are aligned at the last dimension, and an extent of 1, or a
/// missing leading dimension, is repeated.
/// </summary>
public static class Broadcasting
{
    /// <exception cref="GraphException">Two extents differ and neither is 1.</exception>
    public static Shape Shape(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        var extents = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int left = Extent(a, i, rank), right = Extent(b, i, rank);
            if (left != right && left != 1 && right != 1)
                throw new GraphException($"The operands' shapes {a} and {b} do not match: {left} and {right} are neither equal nor 1.");
            extents[i] = Math.Max(left, right);
        }
        return Graph.Shape.Of(extents);
    }

    /// <summary>
    /// For each dimension of <paramref name="result"/>, how far apart in a row-major <paramref name="operand"/> two neighbours are: 0 where the
    /// operand is repeated.
    /// </summary>
    public static ImmutableArray<long> Strides(Shape operand, Shape result)
    {
        var strides = new long[result.Rank];
        long stride = 1;
        for (int i = result.Rank - 1; i >= 0; i--)
        {
            int extent = Extent(operand, i, result.Rank);
            strides[i] = extent == 1 ? 0 : stride;
            stride *= extent;
        }
        return [.. strides];
    }

    private static int Extent(Shape shape, int dimension, int rank) => dimension < rank - shape.Rank ? 1 : shape[dimension - (rank - shape.Rank)];
}
