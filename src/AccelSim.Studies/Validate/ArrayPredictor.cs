using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Area;

namespace AccelSim.Studies.Validate;

/// <summary>Accelerators around one systolic array, on networks of the zoo.</summary>
/// <param name="platforms">Where the platforms are.</param>
public sealed class ArrayPredictor(NamedPlatforms platforms) : IPredictor
{
    /// <inheritdoc/>
    public bool Covers(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return platforms.Find<AsicPlatform>(row.Platform) is not null;
    }

    /// <inheritdoc/>
    public Prediction Predict(PublishedRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        AsicPlatform platform = platforms.Find<AsicPlatform>(row.Platform)!;
        if (row is { Quantity: "area", Unit: "mm2" })
        {
            (AreaEstimate? area, string note) = PlatformEnergy.AreaOf(platform, PlatformModels.Array(platform));
            return area is null ? new Prediction.None(note) : new Prediction.Of($"{platform.Name} area", area.TotalSquareMillimetres);
        }
        return Speed(row, ArrayOf(platform), $"{platform.Name} speed", 1e-6 * platform.Calibration[Calibration.HostMicroseconds, 0]);
    }

    /// <summary>Its configuration with what was fitted.</summary>
    internal static ArrayConfiguration ArrayOf(AsicPlatform platform)
    {
        ArrayConfiguration array = PlatformModels.Array(platform);
        double efficiency = platform.Calibration[Calibration.DramEfficiency, array.Memory.Dram.Efficiency];
        return array with { Memory = array.Memory with { Dram = array.Memory.Dram with { Efficiency = efficiency } } };
    }

    /// <summary>Latency or rate of a network of the zoo.</summary>
    internal static Prediction Speed(PublishedRow row, ArrayConfiguration array, string group, double hostSeconds)
    {
        int batch = row.Batch ?? 1;
        double seconds = ArrayTime.OfCodes(PublishedNetwork.Of(row, batch).Graph, array).Seconds + hostSeconds;
        return EnginePredictor.InUnit(row, seconds, batch / seconds) is { } value ? new Prediction.Of(group, value, array.Describe()) : EnginePredictor.NoQuantity(row);
    }
}
