using AccelSim.Gpu;

namespace AccelSim.Tests.Gpu;

/// <summary>The devices that the GPU tests run on (<see cref="TestDevices"/>), opened once.</summary>
public sealed class GpuDevicesFixture : IDisposable
{
    private readonly Dictionary<string, GpuBackend> _open = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// A backend that proves every element written. Without the device the test is skipped, visibly; under CI=true it fails.
    /// </summary>
    public GpuBackend Open(string id)
    {
        TestDevices.Require(id);
        lock (_gate)
        {
            if (!_open.TryGetValue(id, out var backend))
                _open[id] = backend = GpuBackend.Open(id, new GpuOptions(CheckWrites: true));
            return backend;
        }
    }

    /// <summary>The same on each of <see cref="TestDevices.WithDriver"/>.</summary>
    public IEnumerable<GpuBackend> OpenEachWithDriver() => TestDevices.WithDriver.Select(Open);

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
