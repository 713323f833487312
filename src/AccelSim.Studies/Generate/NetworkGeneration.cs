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

/// <summary>In which language a pipeline is written, how its foldings are found, and what ports it has.</summary>
public sealed record PipelineRequest
{
    public HardwareLanguage Language { get; init; } = HardwareLanguage.Verilog;

    public WeightPlacement Weights { get; init; } = WeightPlacement.Auto;

    /// <summary>A <see cref="FoldingFile"/> instead of a search, or null.</summary>
    public string? File { get; init; }

    /// <summary>Whether it has an AXI4-Lite port.</summary>
    public bool ControlPort { get; init; }

    /// <summary>What network it is, to name a smaller one that fits; or null.</summary>
    public NetworkRequest? Network { get; init; }
}

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
    /// <summary>The next slower folding that takes fewer slices; null when there is none.</summary>
    public NetworkFolding? NextCheaper { get; init; }

    /// <summary>The family that resources are counted for.</summary>
    public required FabricFamily Family { get; init; }

    /// <summary>Whether the device has what the next faster folding takes.</summary>
    public bool NextFasterFits { get; init; }

    /// <summary>Which weights are streamed and at what rate; null where all are on the chip.</summary>
    public string? Streams { get; init; }

    /// <summary>Multiplier use at the interval that the simulation counts: multiply-accumulates ÷ (cycles × int8 multipliers).</summary>
    public double MultiplierUse => Netlist.MultiplierUse(Cycles.Interval);

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
    /// <param name="folder">Where to.</param>
    /// <param name="request">How foldings are found.</param>
    /// <exception cref="GraphException">A layer has no hardware, or the device is none that takes the language.</exception>
    /// <exception cref="RtlException">The network does not fit the device, or the folder is somebody else's.</exception>
    public static GeneratedNetwork Write(
        PreparedNetwork network, Platform device, double? framesPerSecond, string folder, PipelineRequest? request = null, CancellationToken cancellation = default)
    {
        if (device is not FpgaPlatform fpga)
            throw new GraphException($"'{device.Name}' is no FPGA: hardware is generated for one (accelsim hw lists them).");
        var target = request?.Language == HardwareLanguage.Hls ? HlsTargetOf(device) : null;
        var graph = network.Quantized.WithBatch(network.Samples.Count);
        var stages = StageGraph.Of(graph);
        var budget = BudgetOf(fpga);
        double clock = fpga.ClockHertz.Value;
        GeneratedFolder.RequireOurs(folder);
        var folding = Fold(stages, fpga, framesPerSecond, request ?? new PipelineRequest(), cancellation);
        var netlist = folding.Netlist(stages, request?.ControlPort ?? false);
        using var reference = new ReferenceBackend().Compile(graph);
        var inputs = PreparedNetwork.InputOf(graph, network.Samples.Images);
        var values = reference.Run(inputs, everyLayer: true, cancellation);
        var vectors = new NetworkVectors(inputs[graph.Inputs[0].Name], values[stages.Output]);
        var cycles = target is null ? NetworkFolder.Write(netlist, vectors, folder, cancellation) : HlsFolder.Write(netlist, vectors, target, folder, cancellation);
        var faster = folding.NextFaster(stages, budget);
        return new GeneratedNetwork(netlist, folding, cycles, faster, clock, vectors)
        {
            Family = budget.Family,
            NextFasterFits = faster is not null && budget.Holds(faster.Resources),
            NextCheaper = folding.NextCheaper(stages, budget),
            Streams = netlist.Weights.IsEmpty ? null : FoldingRemedies.Streams(folding, stages, fpga),
        };
    }

    private static NetworkFolding Fold(StageGraph stages, FpgaPlatform fpga, double? framesPerSecond, PipelineRequest request, CancellationToken cancellation)
    {
        var budget = BudgetOf(fpga);
        if (request.File is { } file)
            return NetworkFolding.Of(stages, FoldingFile.Read(file, stages), budget);
        try
        {
            return framesPerSecond is { } rate
                ? NetworkFolding.Cheapest(stages, budget, IntervalFor(rate, fpga.ClockHertz.Value), request.Weights)
                : NetworkFolding.Fastest(stages, budget, request.Weights, cancellation);
        }
        catch (FoldingException error)
        {
            var remedies = FoldingRemedies.Of(stages, fpga, request.Weights, framesPerSecond, request.Network, cancellation);
            throw new FoldingException(string.Join(" ", remedies.Prepend(error.Message)));
        }
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
        ? throw new GraphException($"'{device.Name}' is no FPGA: Verilog is generated for one (accelsim hw lists them).")
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

    /// <summary>The primitives and the DRAM of a device.</summary>
    public static PipelineBudget BudgetOf(FpgaPlatform fpga)
    {
        return new PipelineBudget(fpga.Name, fpga.Fabric.Dsps.Value, fpga.Fabric.BlockRams.Value)
        {
            Family = FamilyOf(fpga),
            Luts = fpga.Fabric.Luts.Value,
            DramBytesPerCycle = fpga.Memory.BytesPerSecond.Value / fpga.ClockHertz.Value,
        };
    }

    internal static long IntervalFor(double rate, double clock) => rate > 0 && clock / rate >= 1
        ? (long)Math.Min(clock / rate, long.MaxValue / 4.0)
        : throw new GraphException(FormattableString.Invariant($"{rate} frames a second cannot be asked for: at {clock / 1e6:0.#} MHz there are more than 0 and at most {clock:0}."));
}
