using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AccelSim.Gpu;

/// <summary>A kernel that computes a <see cref="ProductProblem"/>.</summary>
internal enum ProductKernel
{
    /// <summary><see cref="PanelKernel"/> or <see cref="VectorKernel"/> on planes.</summary>
    Panels,

    /// <summary><see cref="DepthwiseRowsKernel"/>.</summary>
    Rows,

    Tile128x128,
    Tile64x128,
    Tile64x64,
    Tile32x32,
}

/// <summary>A kernel and the size of its groups, where that is not part of the kernel.</summary>
internal readonly record struct ProductChoice(ProductKernel Kernel, int Threads = 0)
{
    /// <summary>Rows and columns of the kernel's tile.</summary>
    public (int Rows, int Columns) Tile => Kernel switch
    {
        ProductKernel.Tile128x128 => (128, 128),
        ProductKernel.Tile64x128 => (64, 128),
        ProductKernel.Tile64x64 => (64, 64),
        ProductKernel.Tile32x32 => (32, 32),
        _ => throw new InvalidOperationException($"{Kernel} has no tile"),
    };

    public bool IsTile => Kernel >= ProductKernel.Tile128x128;

    /// <summary>As a tuning file has it: <c>Panels/64</c>, <c>Rows</c>, <c>Tile64x128</c>.</summary>
    public override string ToString() => Threads == 0 ? Kernel.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Kernel}/{Threads}");

    public static bool TryParse(string text, [NotNullWhen(true)] out ProductChoice? choice)
    {
        string[] parts = text.Split('/');
        int threads = 0;
        choice = parts.Length <= 2 && Enum.TryParse(parts[0], out ProductKernel kernel) && Enum.IsDefined(kernel)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out threads))
            ? new ProductChoice(kernel, threads)
            : null;
        return choice is not null;
    }
}
