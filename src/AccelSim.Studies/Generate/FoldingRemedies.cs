using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Rtl;
using AccelSim.Rtl.Network;
using AccelSim.Studies.Networks;

namespace AccelSim.Studies.Generate;

/// <summary>What would make a network fit that does not: each with the figures that the folding search finds.</summary>
internal static class FoldingRemedies
{
    private static readonly double[] Widths = [1.0, 0.75, 0.5, 0.35, 0.25];

    /// <summary>One sentence a remedy; none where none helps.</summary>
    /// <param name="stages">The network.</param>
    /// <param name="fpga">The device that is too small.</param>
    /// <param name="placement">Where its weights were allowed to be.</param>
    /// <param name="framesPerSecond">The rate asked for, or null for any.</param>
    /// <param name="request">What network it is, for smaller widths; or null.</param>
    public static IEnumerable<string> Of(
        StageGraph stages, FpgaPlatform fpga, WeightPlacement placement, double? framesPerSecond, NetworkRequest? request, CancellationToken cancellation)
    {
        if (framesPerSecond is not null && Try(() => NetworkFolding.Fastest(stages, NetworkGeneration.BudgetOf(fpga), placement, cancellation)) is { } slower)
            yield return string.Create(CultureInfo.InvariantCulture, $"--fps {Math.Floor(fpga.ClockHertz.Value / slower.Interval)} is the most that fits.");
        if (placement == WeightPlacement.Chip && Find(stages, fpga, WeightPlacement.Auto, framesPerSecond, cancellation) is { } streamed)
            yield return string.Create(CultureInfo.InvariantCulture, $"--weights auto fits: {Streams(streamed, stages, fpga)}.");
        if (Larger(stages, fpga, placement, framesPerSecond, cancellation) is var (device, there))
            yield return string.Create(CultureInfo.InvariantCulture, $"--device {device.Name} fits: {there.Resources.DspSlices} of {device.Fabric.Dsps.Value} DSP slices, {there.Resources.BlockRams:0.#} of {NetworkGeneration.BudgetOf(device).BlockRams:0.#} blocks of RAM, a frame every {there.Interval} cycles.");
        if (Narrower(stages, request) is var (width, bits))
            yield return string.Create(CultureInfo.InvariantCulture, $"--width {width} has {bits / 1024.0:0} Kibit of weights instead of {stages.Stages.Sum(stage => stage.Shape.Weights * stage.Shape.WeightBits) / 1024.0:0} (the device has {fpga.Fabric.BlockRams.Value * fpga.Fabric.BlockRamBits.Value / 1024.0:0} Kibit of block RAM).");
        if (fpga.Fabric.UltraRams is { Value: > 0 } large)
            yield return string.Create(CultureInfo.InvariantCulture, $"Its {large.Value} UltraRAMs hold no weights here: they are zero after configuration and cannot be initialized from a bitstream (UG573).");
    }

    /// <summary>Which layers stream, and at what rate.</summary>
    public static string Streams(NetworkFolding folding, StageGraph stages, FpgaPlatform fpga)
    {
        var netlist = folding.Netlist(stages);
        double rate = netlist.WeightTraffic * fpga.ClockHertz.Value / folding.Interval;
        return string.Create(CultureInfo.InvariantCulture, $"the weights of {string.Join(", ", netlist.Weights.Select(port => netlist.Stages[port.Stage].Shape.Name))} streamed from DRAM, {netlist.WeightTraffic} bytes a frame, {rate / 1e6:0.#} of its {fpga.Memory.BytesPerSecond.Value / 1e6:0.#} MB/s, and {folding.Resources.BlockRams:0.#} blocks of RAM at a frame every {folding.Interval} cycles");
    }

    private static NetworkFolding? Find(StageGraph stages, FpgaPlatform fpga, WeightPlacement placement, double? framesPerSecond, CancellationToken cancellation) => Try(() =>
    {
        var budget = NetworkGeneration.BudgetOf(fpga);
        return framesPerSecond is { } rate
            ? NetworkFolding.Cheapest(stages, budget, NetworkGeneration.IntervalFor(rate, fpga.ClockHertz.Value), placement)
            : NetworkFolding.Fastest(stages, budget, placement, cancellation);
    });

    /// <summary>Of the devices in the catalogue with more memory, the smallest that fits.</summary>
    private static (FpgaPlatform Device, NetworkFolding Folding)? Larger(
        StageGraph stages, FpgaPlatform fpga, WeightPlacement placement, double? framesPerSecond, CancellationToken cancellation)
    {
        // The slowest pipeline is enough to know whether something fits where no rate was asked for.
        double rate = framesPerSecond ?? 1;
        foreach (var device in PlatformCatalog.Open().All().OfType<FpgaPlatform>()
            .Where(device => device.Fabric.OnChipBytes > fpga.Fabric.OnChipBytes || device.Fabric.Dsps.Value > fpga.Fabric.Dsps.Value)
            .OrderBy(device => device.Fabric.OnChipBytes).ThenBy(device => device.Fabric.Dsps.Value))
        {
            if (Find(stages, device, placement, rate, cancellation) is { } folding)
                return (device, folding);
        }
        return null;
    }

    /// <summary>The next smaller width of a network of the zoo, and the bits of its weights.</summary>
    private static (double Width, long Bits)? Narrower(StageGraph stages, NetworkRequest? request)
    {
        if (request is null || NetworkFile.IsFile(request.NetworkOrFile))
            return null;
        double now = request.Options.Width ?? 1;
        foreach (double width in Widths.Where(width => width < now))
        {
            try
            {
                var narrow = PreparedNetwork.Structure(request.NetworkOrFile, request.Options with { Width = width });
                var whole = PreparedNetwork.Structure(request.NetworkOrFile, request.Options);
                // Bias and normalization are in both; the ratio carries over to the weights that the pipeline holds.
                double ratio = (double)narrow.TotalCost().Parameters / whole.TotalCost().Parameters;
                return (width, (long)(stages.Stages.Sum(stage => stage.Shape.Weights * stage.Shape.WeightBits) * ratio));
            }
            catch (GraphException)
            {
                // A family without widths, or without this one.
            }
        }
        return null;
    }

    private static NetworkFolding? Try(Func<NetworkFolding> find)
    {
        try
        {
            return find();
        }
        catch (FoldingException)
        {
            return null;
        }
    }
}
