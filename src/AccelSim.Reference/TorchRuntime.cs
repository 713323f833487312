using System.Runtime.InteropServices;
using AccelSim.Graph;
using TorchSharp;

namespace AccelSim.Reference;

/// <summary>
/// Settings that libtorch needs before its first call. float32 results depend on the thread count, so it is fixed.
/// </summary>
internal static class TorchRuntime
{
    private const int Threads = 2;
    private const string SetUserEnabledNnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";
    private const string SetUserEnabledOneDnn = "_ZN2at7Context20setUserEnabledMkldnnEb";

    private static readonly Lazy<bool> Initialized = new(Initialize);

    public static void Ensure() => _ = Initialized.Value;

    private static bool Initialize()
    {
        // Spinning OpenMP threads make libtorch ten times slower on a shared machine. Environment.SetEnvironmentVariable
        // does not reach native code, so libc is asked.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
        torch.set_num_threads(Threads);
        // On CPUs that NNPACK refuses, it prints to stderr for each convolution that asks.
        SetContextFlag(SetUserEnabledNnpack, false);
        // The float32 convolutions of the oneDNN in libtorch 2.10, forward and backward, read memory that nobody wrote where channels are no multiple of 16
        // (docs/traps.md): NaN when it happens to hold one, and otherwise a wrong value that nobody sees.
        SetContextFlag(SetUserEnabledOneDnn, false);
        return true;
    }

    /// <summary>Calls a setter of at::globalContext() for which TorchSharp has no binding.</summary>
    private static unsafe void SetContextFlag(string setter, bool value)
    {
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", typeof(torch).Assembly, DllImportSearchPath.AssemblyDirectory, out nint library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint globalContext)
            || !NativeLibrary.TryGetExport(library, setter, out nint set))
            throw new GraphException($"libtorch has no {setter}: this program needs the libtorch that it was built with.");
        nint context = ((delegate* unmanaged[Cdecl]<nint>)globalContext)();
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)set)(context, value ? (byte)1 : (byte)0);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);
}
