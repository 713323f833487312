using AccelSim.Gpu;
using AccelSim.Platforms;
using AccelSim.Rtl.Simulation;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;

namespace AccelSim.Studies.Verify;

/// <summary>The backends of a verification, opened together and closed together.</summary>
public sealed class VerificationBackends : IDisposable
{
    private readonly GpuBackend _gpu;

    private VerificationBackends(GpuBackend gpu, Verifier verifier) => (_gpu, Verifier) = (gpu, verifier);

    public Verifier Verifier { get; }

    /// <param name="device">The GPU executor's device.</param>
    /// <param name="platform">An ASIC or FPGA to simulate.</param>
    /// <param name="rtl">Blocks that run as Verilog: all, none, or layers in them, comma-separated.</param>
    /// <exception cref="GpuException">There is no such device.</exception>
    /// <exception cref="Rtl.MissingToolException">Verilog is asked for and a tool is missing.</exception>
    public static VerificationBackends Open(string device, string platform, string rtl)
    {
        if (rtl != "none")
        {
            foreach (var tool in (ExternalTool[])[ExternalTool.Verilator, ExternalTool.Make, ExternalTool.CppCompiler])
                tool.Require();
        }
        var simulator = new SystolicSimulator(PlatformModels.ArrayOf(PlatformCatalog.Open().Find(platform)));
        var gpu = GpuBackend.Open(device, new GpuOptions(CheckWrites: true));
        return new VerificationBackends(gpu, new Verifier
        {
            FloatBackends = [gpu],
            IntegerBackends = [gpu, simulator],
            Timing = simulator.Time,
            Platform = $"{simulator.Array.Name} ({simulator.Array.Describe()})",
            Blocks = rtl == "none" ? null : new BlockVerification(
                new CoSimulator(new VerilatorSimulator(new SimulationCache())).RunAsync,
                rtl == "all" ? null : rtl.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        });
    }

    public void Dispose() => _gpu.Dispose();
}
