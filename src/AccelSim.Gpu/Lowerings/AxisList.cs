using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>
/// The dimensions of a walk over a tensor, outermost first, as few as will do: neighbours that together step evenly become one, and those of
/// extent 1 go. So tensors of any rank are walked, most of them in one to three dimensions.
/// </summary>
internal sealed class AxisList
{
    private readonly List<Axis> _axes = [];
    private readonly List<int> _table = [];

    public ReadOnlySpan<Axis> Axes => _axes.ToArray();

    public ReadOnlySpan<int> Table => _table.ToArray();

    /// <summary>How far apart neighbours along each dimension of a row-major tensor are.</summary>
    public static ImmutableArray<int> Strides(Shape shape)
    {
        var strides = new int[shape.Rank];
        int stride = 1;
        for (int dimension = shape.Rank - 1; dimension >= 0; dimension--)
        {
            strides[dimension] = stride;
            stride *= shape[dimension];
        }
        return [.. strides];
    }

    /// <summary>The product of some extents.</summary>
    public static int Product(IEnumerable<int> extents) => extents.Aggregate(1, (product, extent) => checked(product * extent));

    /// <summary>A dimension whose coordinates lie evenly.</summary>
    public AxisList Add(int extent, int stride)
    {
        if (extent == 1)
            return this;
        if (_axes is [.., { Table: < 0 } outer] && outer.Stride == (long)stride * extent)
            _axes[^1] = new Axis(outer.Extent * extent, stride, -1);
        else
            _axes.Add(new Axis(extent, stride, -1));
        return this;
    }

    /// <summary>A dimension whose coordinates lie anywhere; −1 is not in the tensor.</summary>
    public AxisList Add(IEnumerable<int> offsets)
    {
        int first = _table.Count;
        _table.AddRange(offsets);
        _axes.Add(new Axis(_table.Count - first, 0, first));
        return this;
    }
}
