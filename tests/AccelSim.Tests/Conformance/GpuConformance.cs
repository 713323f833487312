using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Tests.Gpu;

namespace AccelSim.Tests.Conformance;

/// <summary>The GPU executor on ILGPU's CPU accelerator, which every machine has and which checks every access.</summary>
[Collection(OnGpu.Name)]
public sealed class CpuAcceleratorConformance(GpuDevicesFixture devices) : FloatBackendConformance
{
    // A debugger of kernels: slow, so fewer cases.
    protected override int Cases => 8;

    protected override IEnumerable<IBackend> Backends() => [devices.Open(GpuDevices.Cpu)];
}

/// <summary>The GPU executor on every device with a driver: CUDA where there is a GPU, PoCL.</summary>
[Collection(OnGpu.Name)]
public sealed class DeviceConformance(GpuDevicesFixture devices) : FloatBackendConformance
{
    protected override IEnumerable<IBackend> Backends() => devices.OpenEachWithDriver();
}
