namespace AccelSim.Gpu;

/// <summary>How <see cref="PlaneKernels"/> lays out the input of one convolution, and where each tap of its kernel is then found.</summary>
internal sealed class PlaneLayout
{
    private readonly SlidingGeometry _geometry;

    public PlaneLayout(SlidingGeometry geometry)
    {
        _geometry = geometry;
        var rows = Axis(geometry.KernelHeight, geometry.DilationHeight, geometry.StrideHeight);
        var columns = Axis(geometry.KernelWidth, geometry.DilationWidth, geometry.StrideWidth);
        Height = geometry.OutputHeight + rows.Max(tap => tap.Step);
        Width = geometry.OutputWidth + columns.Max(tap => tap.Step);
        var phases = rows.SelectMany(_ => columns, (row, column) => (Row: row.Phase, Column: column.Phase)).Distinct().ToList();
        Phases = [.. phases.Select(phase => new PlanePhase(phase.Row - geometry.Top, phase.Column - geometry.Left))];
        TapOffsets = [.. rows.SelectMany(_ => columns, (row, column) => phases.IndexOf((row.Phase, column.Phase)) * Height * Width + row.Step * Width + column.Step)];

        static (int Phase, int Step)[] Axis(int kernel, int dilation, int stride) =>
            [.. Enumerable.Range(0, kernel).Select(tap => (tap * dilation % stride, tap * dilation / stride))];
    }

    /// <summary>Whether the images already lie so: a 1×1 kernel, one pixel apart, without padding.</summary>
    public bool IsInput => _geometry is { KernelArea: 1, StrideHeight: 1, StrideWidth: 1, Top: 0, Left: 0 }
        && _geometry.InputHeight == _geometry.OutputHeight && _geometry.InputWidth == _geometry.OutputWidth;

    public int Height { get; }

    /// <summary>Elements from one row of a plane to the next.</summary>
    public int Width { get; }

    public PlanePhase[] Phases { get; }

    /// <summary>Of each tap in the order of the weights, from the first plane of its channel.</summary>
    public int[] TapOffsets { get; }

    /// <summary>Elements that a channel takes.</summary>
    public int ChannelStride => Phases.Length * Height * Width;

    /// <summary>Columns from the first output pixel to the last, the ends of rows between them included.</summary>
    public int Columns => (_geometry.OutputHeight - 1) * Width + _geometry.OutputWidth;

    public PlaneGeometry Geometry => new()
    {
        InputHeight = _geometry.InputHeight,
        InputWidth = _geometry.InputWidth,
        Height = Height,
        Width = Width,
        StrideHeight = _geometry.StrideHeight,
        StrideWidth = _geometry.StrideWidth,
    };
}
