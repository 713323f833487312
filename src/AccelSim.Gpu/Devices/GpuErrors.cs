using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace AccelSim.Gpu;

/// <summary>Turns a driver's error code into one of our exceptions.</summary>
internal static class GpuErrors
{
    /// <summary>The driver's name for an error, such as <c>CL_OUT_OF_RESOURCES</c>.</summary>
    public static string CodeOf(Exception error) => error switch
    {
        CLException openCl => openCl.Error.ToString(),
        CudaException cuda => cuda.Error,
        _ => error.Message,
    };

    public static bool IsOutOfMemory(Exception error) => error switch
    {
        OutOfMemoryException => true,
        CLException openCl => openCl.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_HOST_MEMORY
            or CLError.CL_INVALID_BUFFER_SIZE,
        CudaException cuda => cuda.Error is nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        _ => false,
    };

    /// <summary>Releases something of a device: one that was lost has taken it along, and answers every call with its error.</summary>
    public static void Forgive(Action release)
    {
        try
        {
            release();
        }
        catch (AcceleratorException)
        {
            // The failure itself has been reported where it happened.
        }
    }

    /// <summary>The exception to throw in place of a driver's.</summary>
    /// <param name="device">The device that refused.</param>
    /// <param name="doing">What was being done, such as <c>running layer 'conv1'</c>.</param>
    /// <param name="error">The driver's exception.</param>
    public static GpuException Translate(GpuDevice device, string doing, Exception error) => IsOutOfMemory(error)
        ? new GpuOutOfMemoryException($"{device} ran out of memory while {doing} ({CodeOf(error)}): use a smaller batch or another device.", error)
        : new GpuDeviceLostException($"{device} failed while {doing} ({CodeOf(error)}): open the device again, or choose another with --device.", error);
}
