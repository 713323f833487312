using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace AccelSim.Gpu;

/// <summary>Which kernels compute convolutions and fully connected layers.</summary>
public enum KernelFamily
{
    /// <summary>Tiles of both operands in shared memory, blocks of sums in registers: what a GPU wants.</summary>
    Tiles,

    /// <summary>Panels of eight rows, the other operand straight from memory: what OpenCL on a CPU turns into vector instructions.</summary>
    Panels,
}

/// <summary>What lowering asks about a device.</summary>
/// <param name="Kernels">The family whose kernels are taken unless a measurement found better.</param>
/// <param name="Groups">The sizes that a group of panel kernels may have, smallest first. OpenCL on a CPU compiles a kernel again for each, so they are few.</param>
/// <param name="LargestGroup">Threads that a group may have.</param>
/// <param name="HasPanels">Whether panel kernels may run: they read a little past the end of views, where an allocation has slack, and the CPU accelerator checks each access.</param>
/// <param name="Multiprocessors">Groups that work at once, if each has a multiprocessor of its own.</param>
internal sealed record DeviceProfile(KernelFamily Kernels, IReadOnlyList<int> Groups, int LargestGroup, bool HasPanels, int Multiprocessors)
{
    /// <summary>Columns of the smallest tile.</summary>
    private const int SmallestTile = 32;

    /// <summary>Threads of a group of panel kernels on a GPU.</summary>
    internal static readonly int[] CudaGroups = [64, 128];

    /// <summary>From the tile that reads its operands least often to the one that makes the most groups.</summary>
    private static readonly ProductChoice[] Tiles =
    [
        new(ProductKernel.Tile128x128), new(ProductKernel.Tile64x128), new(ProductKernel.Tile64x64), new(ProductKernel.Tile32x32),
    ];

    public static DeviceProfile Of(Accelerator accelerator, KernelFamily? asked)
    {
        bool isOpenClOnCpu = accelerator is CLAccelerator { DeviceType: CLDeviceType.CL_DEVICE_TYPE_CPU };
        bool isDebugger = accelerator.AcceleratorType == AcceleratorType.CPU;
        var kernels = asked ?? (isOpenClOnCpu ? KernelFamily.Panels : KernelFamily.Tiles);
        // Multiples of the two 256-bit vectors that LLVM interleaves; 7 × 16 divides the images of most networks (112², 56², 28²).
        // On ILGPU's CPU accelerator a thread of a group is a thread of the operating system: only the smallest groups are bearable.
        return isOpenClOnCpu
            ? new DeviceProfile(kernels, [16, 64, 112], accelerator.MaxNumThreadsPerGroup, HasPanels: true, accelerator.NumMultiprocessors)
            : new DeviceProfile(kernels, CudaGroups, isDebugger ? KernelShape.Group : accelerator.MaxNumThreadsPerGroup, HasPanels: !isDebugger, accelerator.NumMultiprocessors);
    }

    /// <summary>The size of groups that leaves the fewest threads without a column; of equals the largest.</summary>
    public int GroupFor(int columns) => Groups.OrderBy(threads => (columns + threads - 1) / threads * threads).ThenByDescending(threads => threads).First();

    /// <summary>The kernels for a problem, the one to take without a measurement first.</summary>
    public IReadOnlyList<ProductChoice> Choices(ProductProblem problem)
    {
        var panels = HasPanels && !problem.AfterDepthwise
            ? Groups.OrderByDescending(threads => threads == GroupFor(PanelLowering.Columns(problem))).Select(threads => new ProductChoice(ProductKernel.Panels, threads)).ToList()
            : [];
        List<ProductChoice> others = problem.IsDepthwise ? [new ProductChoice(ProductKernel.Rows)] : [.. TilesFor(problem)];
        // Tiles of few columns, the images of a fully connected layer, would be empty for the most part.
        if (problem.IsVector && problem.Columns < SmallestTile && panels.Count > 0)
            return Kernels == KernelFamily.Panels ? panels : [.. panels, .. others];
        // The tiles of float32 and codes lose to panels on a CPU by a factor of six: nobody need measure that again.
        return Kernels == KernelFamily.Panels ? [.. panels, .. others.Where(_ => problem.IsDepthwise || panels.Count == 0)] : [.. others, .. panels];
    }

    /// <summary>
    /// Whether a pointwise convolution may compute the depthwise one before it: where tiles are the kernels, and one tile holds all rows, so that the depthwise
    /// outputs are computed once.
    /// </summary>
    public bool FusesDepthwise(ProductProblem pointwise) => Kernels == KernelFamily.Tiles && TilesFor(pointwise with { AfterDepthwise = true }).Any();

    /// <summary>
    /// The largest tile of which there are at least two for each multiprocessor, then the rest. A tile that is more than a quarter empty is left out, but for the
    /// smallest. After a depthwise convolution a tile must hold all rows.
    /// </summary>
    private IEnumerable<ProductChoice> TilesFor(ProductProblem problem)
    {
        var fitting = Tiles.Where(choice => Threads(choice) <= LargestGroup
            && (!problem.AfterDepthwise || (choice.Tile.Rows >= problem.Rows && choice.Kernel != ProductKernel.Tile64x128))
            && (choice == Tiles[^1] || 4L * problem.Rows * problem.Columns >= 3 * Padded(choice))).ToList();
        return fitting.OrderByDescending(IsEnough).ThenBy(choice => IsEnough(choice) ? Array.IndexOf(Tiles, choice) : -Array.IndexOf(Tiles, choice));

        bool IsEnough(ProductChoice choice) => Padded(choice) / choice.Tile.Rows / choice.Tile.Columns * problem.Groups >= 2 * Multiprocessors;

        long Padded(ProductChoice choice) => Up(problem.Rows, choice.Tile.Rows) * Up(problem.Columns, choice.Tile.Columns);

        static long Up(long count, int part) => (count + part - 1) / part * part;

        static int Threads(ProductChoice choice) => choice.Kernel switch
        {
            ProductKernel.Tile64x128 => 128,
            ProductKernel.Tile32x32 => 64,
            _ => 256,
        };
    }
}
