using AccelSim.Gpu;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// Which devices the GPU tests run on: whatever this machine has. The same tests run on a CUDA device where there is one, on OpenCL (PoCL where there is no GPU),
/// and on ILGPU's CPU accelerator, which checks each access to memory.
/// </summary>
public static class TestDevices
{
    private const string FirstOpenCl = "opencl:0";

    public static GpuDeviceList Present { get; } = GpuDevices.List();

    /// <summary>One of each model that a driver serves, CUDA first; OpenCL even where it is missing, so that the test says so (<see cref="Require"/>).</summary>
    public static IReadOnlyList<string> WithDriver { get; } =
    [
        .. Present.Devices.Where(device => device.Kind != GpuDeviceKind.Cpu).DistinctBy(device => (device.Kind, device.Name)).Select(device => device.Id)
            .Append(FirstOpenCl).Distinct(),
    ];

    /// <summary>The same and the CPU accelerator: for what is small enough for a debugger.</summary>
    public static IReadOnlyList<string> Every { get; } = [.. WithDriver, GpuDevices.Cpu];

    /// <summary>Where one device is enough: CUDA's, if there is one.</summary>
    public static string First => WithDriver[0];

    /// <summary>For theories.</summary>
    public static TheoryData<string> DevicesWithDriver => [.. WithDriver];

    /// <summary>For theories.</summary>
    public static TheoryData<string> EveryDevice => [.. Every];

    /// <returns><paramref name="id"/>, if this machine has it. Else the test is skipped, visibly; under CI=true it fails.</returns>
    public static string Require(string id)
    {
        if (Present.Devices.All(device => device.Id != id))
            Missing.SkipOrFail($"{id} is missing: {string.Join(' ', Present.Hints)}");
        return id;
    }
}
