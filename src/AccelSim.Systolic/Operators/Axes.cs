using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>A row-major shape as seen from one of its dimensions.</summary>
internal static class Axes
{
    /// <summary>The product of the extents before an axis, its own, and the product of those after it.</summary>
    public static (int Outer, int Length, int Inner) Around(Shape shape, int axis)
    {
        (int outer, int inner) = (1, 1);
        for (int dimension = 0; dimension < shape.Rank; dimension++)
        {
            if (dimension < axis)
                outer = checked(outer * shape[dimension]);
            else if (dimension > axis)
                inner = checked(inner * shape[dimension]);
        }
        return (outer, shape[axis], inner);
    }
}
