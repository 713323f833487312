using AccelSim.Gpu;
using AccelSim.Graph;

namespace AccelSim.Tests.Conformance;

/// <summary>The GPU executor on ILGPU's CPU accelerator, which every machine has and which checks every access.</summary>
public sealed class CpuAcceleratorConformance : BackendConformance, IDisposable
{
    private readonly GpuBackend _backend = GpuBackend.Open("cpu", new GpuOptions(CheckWrites: true));

    // A debugger of kernels: slow, so fewer cases.
    protected override int Cases => 12;

    public void Dispose() => _backend.Dispose();

    protected override IBackend Backend() => _backend;
}

/// <summary>The GPU executor on an OpenCL device: PoCL where there is no GPU.</summary>
public sealed class OpenClConformance : BackendConformance, IDisposable
{
    private GpuBackend? _backend;

    public void Dispose() => _backend?.Dispose();

    protected override IBackend Backend()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true" && GpuDevices.List().Devices.All(device => device.Kind != GpuDeviceKind.OpenCl))
            Assert.Skip("there is no OpenCL device (Debian packages pocl-opencl-icd ocl-icd-libopencl1)");
        return _backend ??= GpuBackend.Open("opencl:0", new GpuOptions(CheckWrites: true));
    }
}
