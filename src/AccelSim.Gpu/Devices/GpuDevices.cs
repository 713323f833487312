using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;

namespace AccelSim.Gpu;

/// <summary>The devices of this machine and what stands in the way of more.</summary>
/// <param name="Devices">In the order of preference: CUDA, OpenCL, CPU.</param>
/// <param name="Hints">Why OpenCL is missing or a device was refused, and what would help.</param>
public sealed record GpuDeviceList(IReadOnlyList<GpuDevice> Devices, IReadOnlyList<string> Hints)
{
    /// <summary>The device of an id; <c>auto</c> is the first: CUDA, else OpenCL, else ILGPU's CPU accelerator.</summary>
    /// <exception cref="GpuDeviceNotFoundException">No device has that id; the message lists the ids that there are.</exception>
    public GpuDevice Select(string id) => GpuDevices.IsAuto(id)
        ? Devices[0]
        : Devices.FirstOrDefault(device => string.Equals(device.Id, id, StringComparison.OrdinalIgnoreCase)) ?? throw NotFound(id);

    internal GpuDeviceNotFoundException NotFound(string id) => new(string.Join(' ', [
        $"There is no device '{id}' here. Choose {GpuDevices.Auto} or one of: {string.Join(", ", Devices)}.", .. Hints]));
}

/// <summary>Finds the devices that ILGPU can drive.</summary>
public static class GpuDevices
{
    /// <summary>The id that means the best device there is.</summary>
    public const string Auto = "auto";

    /// <summary>The id of ILGPU's CPU accelerator, which every machine has.</summary>
    public const string Cpu = "cpu";

    private static readonly Lock Discovery = new();

    /// <summary>Lists every device that works. Opens each OpenCL device once, which proves that its compiler answers.</summary>
    public static GpuDeviceList List()
    {
        using var context = OpenContext();
        var devices = new List<GpuDevice>();
        var hints = new List<string>();
        foreach (var (id, device) in Identify(context))
        {
            try
            {
                devices.Add(Describe(id, device, context));
            }
            catch (AcceleratorException error)
            {
                hints.Add($"{id} ({device.Name}) was left out: it cannot be opened ({GpuErrors.CodeOf(error)}).");
            }
        }
        if (OpenClHint(OpenClRuntime.LoaderIsPresent, devices.Any(device => device.Kind == GpuDeviceKind.OpenCl)) is { } hint)
            hints.Add(hint);
        return new GpuDeviceList(devices, hints);
    }

    /// <summary>What a user without OpenCL can do about it; null when there is a device.</summary>
    internal static string? OpenClHint(bool loaderIsPresent, bool hasDevice) => (loaderIsPresent, hasDevice) switch
    {
        (_, true) => null,
        (false, _) => "OpenCL is not installed (libOpenCL.so.1 is missing): apt-get install ocl-icd-libopencl1 pocl-opencl-icd brings a loader and PoCL, which runs OpenCL on the CPU.",
        (true, _) => "OpenCL is installed but has no usable device: apt-get install pocl-opencl-icd brings PoCL, which runs OpenCL on the CPU.",
    };

    /// <param name="profiling">Whether streams give out markers of the device's clock.</param>
    internal static Context OpenContext(bool profiling = false)
    {
        OpenClRuntime.EnsurePrepared();
        // When two threads are the first to look for OpenCL devices, ILGPU finds none for one of them and says nothing.
        lock (Discovery)
        {
            var context = Context.Create(builder =>
            {
                builder.Optimize(OptimizationLevel.O2).Cuda().OpenCL(OpenClRuntime.Accept).CPU(new CPUDevice(CpuWarp, CpuThreads / CpuWarp, 1));
                if (profiling)
                    builder.Profiling();
            });
            CodeWord.Register(context);
            return context;
        }
    }

    /// <summary>A context's devices by id, best first.</summary>
    internal static IReadOnlyList<(string Id, Device Device)> Identify(Context context)
    {
        var devices = new List<(string, Device)>();
        int index = 0;
        foreach (var device in context.GetCudaDevices())
            devices.Add(($"cuda:{index++}", device));
        index = 0;
        foreach (var device in context.GetCLDevices())
            devices.Add(($"opencl:{index++}", device));
        devices.Add((Cpu, context.GetCPUDevice(0)));
        return devices;
    }

    /// <summary>The devices that an id allows, best first.</summary>
    internal static IReadOnlyList<(string Id, Device Device)> Matching(Context context, string id) =>
        [.. Identify(context).Where(device => IsAuto(id) || string.Equals(device.Id, id, StringComparison.OrdinalIgnoreCase))];

    internal static bool IsAuto(string id) => string.Equals(id, Auto, StringComparison.OrdinalIgnoreCase);

    internal static GpuDevice Describe(string id, Device device, Context context)
    {
        using var accelerator = device.CreateAccelerator(context);
        return Describe(id, device, accelerator);
    }

    internal static GpuDevice Describe(string id, Device device, Accelerator accelerator) => device switch
    {
        CudaDevice cuda => new GpuDevice(id, GpuDeviceKind.Cuda, cuda.Name, cuda.MemorySize, cuda.NumMultiprocessors,
            cuda.WarpSize, 1e3 * cuda.ClockRate, $"CUDA {cuda.DriverVersion}, {cuda.Architecture}"),
        CLDevice openCl => new GpuDevice(id, GpuDeviceKind.OpenCl, openCl.Name, openCl.MemorySize, openCl.NumMultiprocessors,
            accelerator.WarpSize, 1e6 * openCl.ClockRate, $"{openCl.PlatformName} {openCl.GetDeviceText(CLDeviceInfoType.CL_DRIVER_VERSION)}"),
        _ => new GpuDevice(id, GpuDeviceKind.Cpu, "ILGPU on CPU threads", null, accelerator.NumMultiprocessors,
            accelerator.WarpSize, null, $"ILGPU {typeof(Context).Assembly.GetName().Version?.ToString(3)}"),
    };

    private static string GetDeviceText(this CLDevice device, CLDeviceInfoType what) => CLAPI.CurrentAPI.GetDeviceInfo(device.DeviceId, what);

    // One thread of the CPU accelerator is one thread of the operating system; a group of our largest kernel must fit.
    private const int CpuWarp = 16;
    private const int CpuThreads = KernelShape.TileThreads;
}
