using AccelSim.Gpu;

namespace AccelSim.Tests.Gpu;

/// <summary>The devices that the GPU tests run on, opened once: ILGPU's CPU accelerator and the first OpenCL device.</summary>
public sealed class GpuDevicesFixture : IDisposable
{
    private readonly Dictionary<string, GpuBackend> _open = [];
    private readonly Lock _gate = new();

    public static GpuDeviceList Devices { get; } = GpuDevices.List();

    /// <summary>
    /// A backend that proves every element written. Without an OpenCL device the test is skipped, visibly; under CI=true it fails.
    /// </summary>
    public GpuBackend Open(string id)
    {
        Require(id);
        lock (_gate)
        {
            if (!_open.TryGetValue(id, out var backend))
                _open[id] = backend = GpuBackend.Open(id, new GpuOptions(CheckWrites: true));
            return backend;
        }
    }

    public static void Require(string id)
    {
        if (Devices.Devices.Any(device => device.Id == id))
            return;
        Missing.SkipOrFail($"{id} is missing: {string.Join(' ', Devices.Hints)}");
    }

    public void Dispose()
    {
        foreach (var backend in _open.Values)
            backend.Dispose();
    }
}

/// <summary>One process-wide set of devices, and no two tests that compete for its two threads.</summary>
[CollectionDefinition(Name)]
public sealed class OnGpu : ICollectionFixture<GpuDevicesFixture>
{
    public const string Name = "gpu";
}
