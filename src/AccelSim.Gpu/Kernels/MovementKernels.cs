using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>Kernels that bring elements to other places; one thread an element.</summary>
[ExcludeFromCodeCoverage]
internal static class MovementKernels
{
    /// <summary>Each output element is an input element, or <paramref name="fill"/> where an axis says that there is none.</summary>
    /// <param name="input">What is read.</param>
    /// <param name="axes">The output's dimensions, outermost first, and where their coordinates lie in the input.</param>
    /// <param name="table">Offsets for the axes that have no stride.</param>
    /// <param name="output">What is written, in row-major order of the axes.</param>
    /// <param name="start">The input element at which all coordinates are 0.</param>
    /// <param name="fill">What stands outside the input.</param>
    public static void Pick<T>(ArrayView<T> input, ArrayView<Axis> axes, ArrayView<int> table, ArrayView<T> output, int start, T fill)
        where T : unmanaged
    {
        int index = Grid.GlobalIndex.X;
        if (index >= output.IntLength)
            return;
        int rest = index;
        int source = start;
        bool inside = true;
        for (int dimension = axes.IntLength - 1; dimension >= 0; dimension--)
        {
            var axis = axes[dimension];
            // The outermost coordinate is what remains, without a division.
            int outer = dimension == 0 ? 0 : rest / axis.Extent;
            int coordinate = rest - outer * axis.Extent;
            rest = outer;
            int offset = coordinate * axis.Stride;
            if (axis.Table >= 0)
            {
                offset = table[axis.Table + coordinate];
                inside = inside && offset >= 0;
            }
            source += offset;
        }
        output[index] = inside ? input[source] : fill;
    }

    /// <summary>Copies an operand of a concatenation to its place.</summary>
    public static void Place<T>(ArrayView<T> operand, ArrayView<T> output, ConcatPlace place)
        where T : unmanaged
    {
        int index = Grid.GlobalIndex.X;
        if (index < operand.IntLength)
            output[place.Of(index)] = operand[index];
    }

    /// <summary>Brings an operand of a concatenation to the output's scale, and to its place.</summary>
    public static void PlaceCodes(ArrayView<sbyte> operand, ArrayView<sbyte> output, ConcatPlace place, ProductCode code)
    {
        int index = Grid.GlobalIndex.X;
        if (index < operand.IntLength)
            output[place.Of(index)] = code.Apply(operand[index] - code.ZeroA);
    }
}

/// <summary>Where an operand lies in a concatenation: blocks of <see cref="Block"/> elements, <see cref="Stride"/> apart, the first at <see cref="Start"/>.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct ConcatPlace(int block, int stride, int start)
{
    public readonly int Block = block;
    public readonly int Stride = stride;
    public readonly int Start = start;

    public int Of(int index)
    {
        int outer = index / Block;
        return outer * Stride + Start + index - outer * Block;
    }
}
