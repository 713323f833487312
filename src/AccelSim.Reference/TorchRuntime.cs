using System.Runtime.InteropServices;
using TorchSharp;

namespace AccelSim.Reference;

/// <summary>
/// Settings that libtorch needs before its first call. float32 results depend on the thread count, so it is fixed.
/// </summary>
internal static class TorchRuntime
{
    private const int Threads = 2;

    private static readonly Lazy<bool> Initialized = new(Initialize);

    public static void Ensure() => _ = Initialized.Value;

    private static bool Initialize()
    {
        // Spinning OpenMP threads make libtorch ten times slower on a shared machine. Environment.SetEnvironmentVariable
        // does not reach native code, so libc is asked.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
        torch.set_num_threads(Threads);
        SilenceNnpack();
        return true;
    }

    /// <summary>at::globalContext().setUserEnabledNNPACK(false): on CPUs that NNPACK refuses, it prints to stderr for each convolution that asks.</summary>
    private static unsafe void SilenceNnpack()
    {
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", typeof(torch).Assembly, DllImportSearchPath.AssemblyDirectory, out nint library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint globalContext)
            || !NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out nint setUserEnabled))
            return;
        nint context = ((delegate* unmanaged[Cdecl]<nint>)globalContext)();
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)setUserEnabled)(context, 0);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);
}
