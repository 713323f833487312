using System.Collections.Immutable;
using AccelSim.Platforms;
using AccelSim.Studies.Validate.TimeModel;

namespace AccelSim.Studies.Validate;

/// <summary>Every model that published rows can be held against.</summary>
public static class Predictors
{
    /// <summary>The models of the platforms of a catalog.</summary>
    public static ImmutableArray<IPredictor> All(PlatformCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var platforms = new NamedPlatforms(catalog);
        return
        [
            new DpuPredictor(platforms), new NvdlaPredictor(platforms), new EyerissPredictor(platforms), new TpuPredictor(platforms), new EdgeTpuPredictor(platforms),
            new TimeModelPredictor(catalog), new ArrayPredictor(platforms),
        ];
    }
}
