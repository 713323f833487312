using System.Collections.Immutable;
using AccelSim.Platforms;

namespace AccelSim.Studies.Validate;

/// <summary>Every model that published rows can be held against.</summary>
public static class Predictors
{
    /// <summary>The models of the platforms of a catalog.</summary>
    public static ImmutableArray<IPredictor> All(PlatformCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return
        [
            new DpuPredictor(catalog), new NvdlaPredictor(catalog), new EyerissPredictor(catalog), new TpuPredictor(catalog), new EdgeTpuPredictor(catalog),
            new ArrayPredictor(catalog),
        ];
    }
}
