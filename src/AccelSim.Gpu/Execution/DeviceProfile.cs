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
/// <param name="Kernels">Which kernels compute convolutions and fully connected layers of float32.</param>
/// <param name="HasCodePanels">Whether panels compute those of int8, four codes a word: where CUDA has dp4a, and where panels are the faster kernels anyway.</param>
/// <param name="Groups">The sizes that a group of panel kernels may have, smallest first. OpenCL on a CPU compiles a kernel again for each, so they are few.</param>
/// <param name="LargestGrid">Groups that a grid may have in its second and third dimension.</param>
internal sealed record DeviceProfile(KernelFamily Kernels, bool HasCodePanels, IReadOnlyList<int> Groups, int LargestGrid)
{
    /// <summary>CUDA's limit (CUDA C++ Programming Guide, compute capabilities).</summary>
    private const int CudaGrid = 65535;

    public static DeviceProfile Of(Accelerator accelerator, KernelFamily? asked)
    {
        bool isOpenClOnCpu = accelerator is CLAccelerator { DeviceType: CLDeviceType.CL_DEVICE_TYPE_CPU };
        var kernels = asked ?? (isOpenClOnCpu ? KernelFamily.Panels : KernelFamily.Tiles);
        bool hasCodePanels = kernels == KernelFamily.Panels || (asked is null && accelerator is CudaAccelerator);
        // Multiples of the two 256-bit vectors that LLVM interleaves; 7 × 16 divides the images of most networks (112², 56², 28²).
        return isOpenClOnCpu
            ? new DeviceProfile(kernels, hasCodePanels, [16, 64, 112], int.MaxValue)
            : new DeviceProfile(kernels, hasCodePanels, [64, 128], CudaGrid);
    }

    /// <summary>The size of groups that leaves the fewest threads without a column; of equals the largest.</summary>
    public int GroupFor(int columns) => Groups.OrderBy(threads => (columns + threads - 1) / threads * threads).ThenByDescending(threads => threads).First();
}
