using AccelSim.Graph.Passes;
using AccelSim.Models;

namespace AccelSim.Studies.Networks;

/// <summary>The network that a study is asked for.</summary>
public sealed record NetworkRequest
{
    /// <summary>A name of the zoo, or a file (<see cref="NetworkFile"/>).</summary>
    public required string NetworkOrFile { get; init; }

    public NetworkOptions Options { get; init; } = new();

    /// <summary>Extents of an ONNX file's symbolic dimensions by name.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } = new Dictionary<string, int>();

    /// <summary>A folder that <c>accelsim train</c> wrote.</summary>
    public string? TrainedFolder { get; init; }

    /// <summary>Seed of random weights. Null: the trained weights that come with AccelSim where there are any, else seed 1.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How ranges are chosen in calibration.</summary>
    public RangeChoice Ranges { get; init; } = RangeChoice.MinMax;

    /// <summary>m, the bits of requantization multipliers.</summary>
    public int MultiplierBits { get; init; } = Graph.Requantization.DefaultMultiplierBits;

    /// <summary>A picture to run and calibrate on, or null for the images that come with AccelSim.</summary>
    public string? ImageFile { get; init; }

    /// <summary>A name in <see cref="Models.Data.ImagePreprocessing.Named"/>, or null for the network's own.</summary>
    public string? Preprocessing { get; init; }

    /// <summary>How many of the images that come with AccelSim to run.</summary>
    public int? SampleCount { get; init; }
}
