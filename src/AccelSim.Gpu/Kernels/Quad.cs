using System.Diagnostics.CodeAnalysis;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Four neighbours in memory: where their address is known to be aligned, one vector load or store on CUDA.</summary>
internal struct Quad<T>
    where T : unmanaged
{
    public T A;
    public T B;
    public T C;
    public T D;
}

/// <summary>Views of memory as quads.</summary>
[ExcludeFromCodeCoverage]
internal static class Quads
{
    public const int Elements = 4;

    /// <summary>
    /// A view that begins at a multiple of 16 bytes, as every allocation and every place of an arena does (<see cref="MemoryPlan.Alignment"/>), in quads:
    /// only because the alignment is stated does ILGPU emit vector instructions.
    /// </summary>
    public static ArrayView<Quad<T>> Of<T>(ArrayView<T> view)
        where T : unmanaged => view.AsAligned((int)MemoryPlan.Alignment).Cast<Quad<T>>();
}
