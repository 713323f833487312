using System.Globalization;
using ILGPU.Backends;
using ILGPU.Runtime.Cuda;

namespace AccelSim.Gpu;

/// <summary>
/// A compute capability, with what a multiprocessor of it has (CUDA C++ Programming Guide, technical specifications per compute capability; the granularities are
/// those of NVIDIA's occupancy calculator).
/// </summary>
/// <param name="Name">As PTX has it: <c>sm_90</c>.</param>
/// <param name="Warps">Resident warps of 32 threads.</param>
/// <param name="Groups">Resident groups (thread blocks).</param>
/// <param name="SharedBytes">Shared memory of a multiprocessor.</param>
/// <param name="ReservedBytes">Of it, what the system keeps for each group.</param>
public sealed record CudaTarget(string Name, int Warps, int Groups, int SharedBytes, int ReservedBytes)
{
    /// <summary>32-bit registers of a multiprocessor.</summary>
    public const int Registers = 65536;

    public const int WarpSize = 32;

    public static IReadOnlyList<CudaTarget> All { get; } =
    [
        new("sm_75", 32, 16, 64 << 10, 0),
        new("sm_80", 64, 32, 164 << 10, 1 << 10),
        new("sm_86", 48, 16, 100 << 10, 1 << 10),
        new("sm_89", 48, 24, 100 << 10, 1 << 10),
        new("sm_90", 64, 32, 228 << 10, 1 << 10),
    ];

    /// <exception cref="GpuException">None is called so; the message lists them.</exception>
    public static CudaTarget Of(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new GpuException($"There is no target '{name}': choose one of {string.Join(", ", All.Select(target => target.Name))}.");

    internal CudaArchitecture Architecture
    {
        get
        {
            int version = int.Parse(Name.AsSpan("sm_".Length), CultureInfo.InvariantCulture);
            return new CudaArchitecture(version / 10, version % 10);
        }
    }
}
