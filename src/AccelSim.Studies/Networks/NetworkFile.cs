using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Models;

namespace AccelSim.Studies.Networks;

/// <summary>A user's own network, in a file whose ending says its format: a graph's YAML or ONNX.</summary>
public static class NetworkFile
{
    private static readonly string[] Endings = [".yaml", ".yml", ".onnx"];

    /// <summary>True when a network's name is that of a file and not one of the zoo.</summary>
    public static bool IsFile(string networkOrFile) =>
        Endings.Any(ending => networkOrFile.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) || networkOrFile.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <exception cref="GraphException">The file is missing or not a network, or options are given that only networks of the zoo have.</exception>
    public static LayerGraph Load(string file, NetworkOptions options, IReadOnlyDictionary<string, int>? dimensions = null, CancellationToken cancellation = default)
    {
        if (!options.AreDefault)
            throw new GraphException($"Variant, width, resolution, classes and other options choose a network of the zoo; {file} is as it is.");
        if (options.Batch < 1)
            throw new GraphException("The batch must be at least 1.");
        return GraphYaml.Load(file).WithBatch(options.Batch);
    }
}
