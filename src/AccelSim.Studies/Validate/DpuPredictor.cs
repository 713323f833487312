using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Systolic.Fpga;

namespace AccelSim.Studies.Validate;

/// <summary>
/// AMD's DPU on its boards: Vitis AI's published rates and latencies. One thread is one core with the host's work before it; many threads keep all cores
/// busy, hide the host and share the memory.
/// </summary>
/// <param name="platforms">Where <c>dpu_BOARD</c> and <c>dpu_ARCHITECTURE</c> are.</param>
public sealed partial class DpuPredictor(NamedPlatforms platforms) : IPredictor
{
    private const string ResourcePrefix = "resource_";

    /// <inheritdoc/>
    public bool Covers(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return BoardOf(row) is not null;
    }

    /// <inheritdoc/>
    public Prediction Predict(PublishedRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Quantity.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            return Resource(row);
        if (!row.Quantity.StartsWith("latency", StringComparison.Ordinal) && !row.Quantity.StartsWith("throughput", StringComparison.Ordinal))
            return EnginePredictor.NoQuantity(row);
        EnginePlatform platform = Configured(BoardOf(row)!, row);
        LayerGraph graph = PublishedNetwork.Of(row, 1).Graph;
        Shape image = graph.Inputs[0].Type.Shape;
        bool multi = row.Quantity.EndsWith("multi", StringComparison.Ordinal);
        int cores = multi ? (int)platform.Cores.Value : 1;
        double host = multi ? 0 : 1e-9 * platform.Calibration[Calibration.HostNanosecondsAPixel, 0] * image[2] * image[3];
        double seconds = EnginePredictor.Seconds(graph, platform, cores) + host;
        string family = platform.Name.StartsWith("dpu_alveo", StringComparison.Ordinal) ? "alveo dpu" : "dpu";
        string group = $"{family} {(multi ? "throughput" : "latency")}, {EnginePredictor.KindOf(row, graph)}";
        return EnginePredictor.InUnit(row, seconds, cores / seconds) is { } value
            ? new Prediction.Of(group, value, $"{platform.Name}, {graph.Name}, {cores} of {platform.Cores.Value} cores, host {1e3 * host:f2} ms".ToString(CultureInfo.InvariantCulture))
            : EnginePredictor.NoQuantity(row);
    }

    /// <summary>What one core of an architecture uses of its device (PG338, Table 9).</summary>
    private Prediction Resource(PublishedRow row)
    {
        if (platforms.Find<EnginePlatform>(row.Network) is not { Engine: ChannelParallelUnits units })
            return new Prediction.None($"there is no DPU architecture '{row.Network}' in hw/engine");
        var cost = new ChannelParallelCost((int)units.Pixels.Value, (int)units.InputChannels.Value, (int)units.OutputChannels.Value);
        bool high = row.Variant["dsp_usage"] != "low";
        (double Value, string Group)? figure = row.Quantity[ResourcePrefix.Length..] switch
        {
            "lut" => (cost.Luts(high), "dpu look-up tables and flip-flops, fitted"),
            "ff" => (cost.Registers(high), "dpu look-up tables and flip-flops, fitted"),
            "bram36" => (cost.BlockRams, "dpu block RAM and DSP slices"),
            "dsp48" => (cost.Dsps(high), "dpu block RAM and DSP slices"),
            _ => null,
        };
        return figure is { } known ? new Prediction.Of(known.Group, known.Value) : EnginePredictor.NoQuantity(row);
    }

    [GeneratedRegex(@"^(\d+)\s+DPU[\w-]+ kernels running at (\d+)\s*MHz", RegexOptions.IgnoreCase)]
    private static partial Regex KernelsClock();

    [GeneratedRegex(@"^(\d+)\s*x\s*(B\d+)F?\s*@\s*(\d+(?:\.\d+)?)\s*MHz", RegexOptions.IgnoreCase)]
    private static partial Regex CoresArchitectureClock();

    private EnginePlatform? BoardOf(PublishedRow row) => platforms.Find<EnginePlatform>($"dpu_{row.Platform}");

    /// <summary>The board with the cores, architecture and clock that the row names.</summary>
    private EnginePlatform Configured(EnginePlatform board, PublishedRow row)
    {
        if (row.Variant["dpu"] is not { } dpu)
            return board;
        if (KernelsClock().Match(dpu) is { Success: true } kernels)
        {
            // Where the row has both, the clock that the kernels ran at was scaled down from the one in their name.
            double megahertz = row.Variant.Number("dpu_mhz") ?? double.Parse(kernels.Groups[2].Value, CultureInfo.InvariantCulture);
            return board with
            {
                Cores = board.Cores with { Value = long.Parse(kernels.Groups[1].Value, CultureInfo.InvariantCulture) },
                ClockHertz = board.ClockHertz with { Value = 1e6 * megahertz },
            };
        }
        if (CoresArchitectureClock().Match(dpu) is not { Success: true } match)
            throw new GraphException($"'{dpu}' is no DPU of this board (such as 3xB4096 @ 281MHz)");
        string architecture = match.Groups[2].Value;
        EnginePlatform core = platforms.Find<EnginePlatform>($"dpu_{architecture}") ?? throw new GraphException($"there is no DPU architecture {architecture} in hw/engine");
        double clock = 1e6 * double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
        return board with
        {
            Cores = board.Cores with { Value = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) },
            ClockHertz = board.ClockHertz with { Value = clock },
            Engine = core.Engine,
            BufferBytes = core.BufferBytes,
            PortBytesPerSecond = core.PortBytesPerSecond is { } port ? port with { Value = port.Value * clock / core.ClockHertz.Value } : null,
        };
    }
}
