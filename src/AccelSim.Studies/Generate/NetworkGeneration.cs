using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Reference;
using AccelSim.Rtl;
using AccelSim.Rtl.Hls;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Resources;
using AccelSim.Rtl.Simulation;
using AccelSim.Studies.Networks;

namespace AccelSim.Studies.Generate;

/// <summary>The hardware of a whole network that was written, and why it is as it is.</summary>
/// <param name="Netlist">The pipeline.</param>
/// <param name="Folding">Its foldings, bottleneck and resources.</param>
/// <param name="Cycles">What the simulation of the folder counts.</param>
/// <param name="NextFaster">The next faster folding, whether it fits or not; null when there is none.</param>
/// <param name="ClockHertz">The device's clock.</param>
/// <param name="Vectors">Images and what the reference says of them.</param>
public sealed record GeneratedNetwork(
    PipelineNetlist Netlist, NetworkFolding Folding, PipelineCycles Cycles, NetworkFolding? NextFaster, double ClockHertz, NetworkVectors Vectors)
{
    /// <summary>Frames a second at the device's clock; modelled: whether the design reaches the clock is for place and route to say.</summary>
    public double FramesPerSecond => ClockHertz / Cycles.Interval;
}

/// <summary>The language of generated hardware.</summary>
public enum HardwareLanguage
{
    Verilog,

    /// <summary>C++ for Vitis HLS.</summary>
    Hls,
}

/// <summary>Writes the hardware of a whole network for a device, with golden vectors from the reference.</summary>
public static class NetworkGeneration
{
    private static readonly TimeSpan SimulationPatience = TimeSpan.FromHours(2);

    /// <param name="network">The network and its images.</param>
    /// <param name="device">An FPGA.</param>
    /// <param name="framesPerSecond">The rate to reach at least cost, or null for the highest that fits.</param>
    /// <param name="language">Verilog, or HLS C++.</param>
    /// <param name="folder">Where to.</param>
    /// <exception cref="GraphException">A layer has no hardware, or the device is none that takes the language.</exception>
    /// <exception cref="RtlException">The network does not fit the device, or the folder is somebody else's.</exception>
    public static GeneratedNetwork Write(
        PreparedNetwork network, Platform device, double? framesPerSecond, HardwareLanguage language, string folder, CancellationToken cancellation = default)
    {
        if (device is not FpgaPlatform fpga)
            throw new GraphException($"'{device.Name}' is no FPGA: hardware is generated for one (accelsim hw lists them).");
        var target = language == HardwareLanguage.Hls ? HlsTargetOf(device) : null;
        var graph = network.Quantized.WithBatch(network.Samples.Count);
        var stages = StageGraph.Of(graph);
        var budget = BudgetOf(fpga);
        double clock = fpga.ClockHertz.Value;
        var folding = framesPerSecond is { } rate
            ? NetworkFolding.Cheapest(stages, budget, IntervalFor(rate, clock))
            : NetworkFolding.Fastest(stages, budget, cancellation);
        var netlist = new PipelineNetlist(stages, folding.Foldings);
        using var reference = new ReferenceBackend().Compile(graph);
        var inputs = PreparedNetwork.InputOf(graph, network.Samples.Images);
        var values = reference.Run(inputs, everyLayer: true, cancellation);
        var vectors = new NetworkVectors(inputs[graph.Inputs[0].Name], values[stages.Output]);
        var cycles = target is null ? NetworkFolder.Write(netlist, vectors, folder, cancellation) : HlsFolder.Write(netlist, vectors, target, folder, cancellation);
        return new GeneratedNetwork(netlist, folding, cycles, folding.NextFaster(stages, budget), clock, vectors);
    }

    /// <summary>Runs what was written in Verilator: every byte against the reference, and the cycles of every stream against the model.</summary>
    /// <exception cref="MissingToolException">Verilator, make or g++ is not installed.</exception>
    /// <exception cref="ToolFailedException">The simulation does not build, or took longer than two hours.</exception>
    public static async Task<NetworkCoSimulationReport> SimulateAsync(GeneratedNetwork network, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        string task = FormattableString.Invariant($"simulate {network.Netlist.Stages.Length} stages in Verilator");
        progress?.Report(new StudyProgress(task, 0, 1));
        var simulator = new NetworkCoSimulator(new VerilatorSimulator(new SimulationCache(), SimulationPatience));
        var report = await simulator.RunAsync(network.Netlist, network.Vectors, cancellation: cancellation).ConfigureAwait(false);
        progress?.Report(new StudyProgress(task, 1, 1));
        return report;
    }

    /// <summary>The family of an FPGA as the resource model knows it.</summary>
    /// <exception cref="GraphException">The device is no FPGA.</exception>
    public static FabricFamily FamilyOf(Platform device) => device is not FpgaPlatform fpga
        ? throw new GraphException($"'{device.Name}' is no FPGA: Verilog is generated for one (accelsim hardware lists them).")
        : fpga.Family.Value switch
        {
            FpgaFamily.UltraScalePlus => FabricFamily.UltraScalePlus,
            FpgaFamily.Series7 => FabricFamily.Series7,
            FpgaFamily.Ecp5 => FabricFamily.Ecp5,
            _ => FabricFamily.Ice40,
        };

    /// <summary>What Vitis HLS is asked for to build for a device.</summary>
    /// <exception cref="GraphException">The device is no FPGA, or its file names no part.</exception>
    public static HlsTarget HlsTargetOf(Platform device) => device is FpgaPlatform { Part: { } part } fpga
        ? new HlsTarget(part.Value, fpga.ClockHertz.Value)
        : throw new GraphException($"'{device.Name}' has no part for Vitis HLS, which is for AMD's FPGAs: choose one of those (accelsim hw lists them), add 'part' to its file, or generate Verilog (--target verilog).");

    /// <summary>The slices and blocks of a device.</summary>
    public static PipelineBudget BudgetOf(FpgaPlatform fpga)
    {
        const double block = 36 * 1024;
        return new PipelineBudget(fpga.Name, fpga.Fabric.Dsps.Value, fpga.Fabric.BlockRams.Value * fpga.Fabric.BlockRamBits.Value / block);
    }

    private static long IntervalFor(double rate, double clock) => rate > 0 && clock / rate >= 1
        ? (long)Math.Min(clock / rate, long.MaxValue / 4.0)
        : throw new GraphException(FormattableString.Invariant($"{rate} frames a second cannot be asked for: at {clock / 1e6:0.#} MHz there are more than 0 and at most {clock:0}."));
}
