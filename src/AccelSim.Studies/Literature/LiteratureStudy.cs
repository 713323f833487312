using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;

namespace AccelSim.Studies.Literature;

/// <summary>A statement that the literature makes about networks, counted or modelled again on our own graphs.</summary>
public abstract class LiteratureStudy
{
    public static ImmutableArray<LiteratureStudy> All { get; } =
        [new SeparableCost(), new MobileNetScaling(), new ComputeOrder(), new MemoryOrder(), new SqueezeExciteCost(), new DeviceMemory()];

    /// <summary>The name on the command line.</summary>
    public abstract string Topic { get; }

    /// <summary>What it answers, in one line.</summary>
    public abstract string Question { get; }

    public abstract StudyResult Run();

    /// <exception cref="GraphException">There is none of that name; the message lists all.</exception>
    public static LiteratureStudy Find(string topic) => All.FirstOrDefault(study => study.Topic == topic)
        ?? throw new GraphException($"There is no study '{topic}' (there are {string.Join(", ", All.Select(study => study.Topic))}).");

    private protected static LayerGraph Network(string name, NetworkOptions? options = null) => NetworkZoo.Find(name).Build(options ?? new NetworkOptions());

    /// <summary>As inference runs it: batch norm folded, ReLU fused.</summary>
    private protected static LayerGraph Folded(string name, NetworkOptions? options = null) => FloatPasses.Run(Network(name, options));

    private protected static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private protected static string Ratio(double value) => value.ToString("f3", CultureInfo.InvariantCulture);

    private protected static string Megabytes(double bytes) => (bytes / 1e6).ToString("f1", CultureInfo.InvariantCulture);

    private protected static string Text(FormattableString text) => FormattableString.Invariant(text);
}
