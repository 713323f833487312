using System.Diagnostics.CodeAnalysis;

namespace AccelSim.Gpu;

/// <summary>The window of a depthwise convolution: constants of the compiled kernel where there is a struct for it, else the geometry's.</summary>
internal interface IDepthwiseWindow
{
    int KernelHeight(SlidingGeometry geometry);

    int KernelWidth(SlidingGeometry geometry);

    int StrideHeight(SlidingGeometry geometry);

    int StrideWidth(SlidingGeometry geometry);

    int DilationHeight(SlidingGeometry geometry);

    int DilationWidth(SlidingGeometry geometry);
}

[ExcludeFromCodeCoverage]
internal readonly struct Window3Stride1 : IDepthwiseWindow
{
    public int KernelHeight(SlidingGeometry geometry) => 3;

    public int KernelWidth(SlidingGeometry geometry) => 3;

    public int StrideHeight(SlidingGeometry geometry) => 1;

    public int StrideWidth(SlidingGeometry geometry) => 1;

    public int DilationHeight(SlidingGeometry geometry) => 1;

    public int DilationWidth(SlidingGeometry geometry) => 1;
}

[ExcludeFromCodeCoverage]
internal readonly struct Window3Stride2 : IDepthwiseWindow
{
    public int KernelHeight(SlidingGeometry geometry) => 3;

    public int KernelWidth(SlidingGeometry geometry) => 3;

    public int StrideHeight(SlidingGeometry geometry) => 2;

    public int StrideWidth(SlidingGeometry geometry) => 2;

    public int DilationHeight(SlidingGeometry geometry) => 1;

    public int DilationWidth(SlidingGeometry geometry) => 1;
}

[ExcludeFromCodeCoverage]
internal readonly struct Window5Stride1 : IDepthwiseWindow
{
    public int KernelHeight(SlidingGeometry geometry) => 5;

    public int KernelWidth(SlidingGeometry geometry) => 5;

    public int StrideHeight(SlidingGeometry geometry) => 1;

    public int StrideWidth(SlidingGeometry geometry) => 1;

    public int DilationHeight(SlidingGeometry geometry) => 1;

    public int DilationWidth(SlidingGeometry geometry) => 1;
}

[ExcludeFromCodeCoverage]
internal readonly struct Window5Stride2 : IDepthwiseWindow
{
    public int KernelHeight(SlidingGeometry geometry) => 5;

    public int KernelWidth(SlidingGeometry geometry) => 5;

    public int StrideHeight(SlidingGeometry geometry) => 2;

    public int StrideWidth(SlidingGeometry geometry) => 2;

    public int DilationHeight(SlidingGeometry geometry) => 1;

    public int DilationWidth(SlidingGeometry geometry) => 1;
}

/// <summary>Any other.</summary>
[ExcludeFromCodeCoverage]
internal readonly struct AnyWindow : IDepthwiseWindow
{
    public int KernelHeight(SlidingGeometry geometry) => geometry.KernelHeight;

    public int KernelWidth(SlidingGeometry geometry) => geometry.KernelWidth;

    public int StrideHeight(SlidingGeometry geometry) => geometry.StrideHeight;

    public int StrideWidth(SlidingGeometry geometry) => geometry.StrideWidth;

    public int DilationHeight(SlidingGeometry geometry) => geometry.DilationHeight;

    public int DilationWidth(SlidingGeometry geometry) => geometry.DilationWidth;
}
