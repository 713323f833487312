using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;

namespace AccelSim.Gpu;

/// <summary>
/// What has to be true of the process before ILGPU's first native call: Linux names of the driver libraries, and a
/// place for the kernels that PoCL compiles. Done once a process, however many contexts follow.
/// </summary>
internal static partial class OpenClRuntime
{
    private const string OpenClLibrary = "libOpenCL.so.1";
    private const string CudaLibrary = "libcuda.so.1";
    private const string PoclPlatform = "Portable Computing Language";

    private static readonly Lazy<bool> Prepared = new(Prepare);

    /// <summary>Idempotent and safe from any thread.</summary>
    public static void EnsurePrepared() => _ = Prepared.Value;

    /// <summary>Whether the OpenCL loader (not yet any driver) can be loaded.</summary>
    public static bool LoaderIsPresent => NativeLibrary.TryLoad(OpenClLibrary, out _);

    /// <summary>
    /// Decides whether ILGPU may use a device. PoCL 3.1 runs what ILGPU emits, but does not claim OpenCL 3.0's optional
    /// generic address space, without which ILGPU refuses it: for PoCL alone the claim is made in its name. At optimization
    /// level O2 ILGPU infers every pointer's address space in our kernels, so that none is generic in the source it emits.
    /// </summary>
    public static bool Accept(CLDevice device)
    {
        if (device.PlatformName == PoclPlatform && !device.Capabilities.GenericAddressSpace)
        {
            SetProperty(device, nameof(CLDevice.DeviceVersion), CLDeviceVersion.CL20);
            SetProperty(device.Capabilities, nameof(CLCapabilityContext.GenericAddressSpace), true);
        }
        return device.CLStdVersion >= CLCVersion.CL20 && device.Capabilities.GenericAddressSpace;
    }

    /// <summary>
    /// Where compiled kernels are kept: <c>$ACCELSIM_CACHE/pocl</c>, else <c>~/.cache/accelsim/pocl</c>. A user's own
    /// POCL_CACHE_DIR is left alone.
    /// </summary>
    public static string? PoclCacheFolder(Func<string, string?> environment) =>
        environment("POCL_CACHE_DIR") is { Length: > 0 } ? null : Path.Combine(CacheFolder.Of(environment), "pocl");

    private static bool Prepare()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The host program has set a resolver of its own for ILGPU: it knows better.
        }
        if (OperatingSystem.IsLinux() && PoclCacheFolder(Environment.GetEnvironmentVariable) is { } folder)
        {
            // PoCL reads the C environment, which Environment.SetEnvironmentVariable does not write.
            Directory.CreateDirectory(folder);
            _ = SetNativeVariable("POCL_CACHE_DIR", folder, 1);
        }
        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        string? library = !OperatingSystem.IsLinux() ? null : name switch
        {
            "OpenCL" => OpenClLibrary,
            "cuda" => CudaLibrary,
            _ => null,
        };
        return library is not null && NativeLibrary.TryLoad(library, out nint handle) ? handle : 0;
    }

    private static void SetProperty(object target, string property, object value) =>
        target.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)!
            .SetValue(target, value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
