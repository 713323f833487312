using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Models;
using AccelSim.Models.Onnx;
using AccelSim.Models.ScaleSim;

namespace AccelSim.Studies.Networks;

/// <summary>A user's own network, in a file whose ending says its format: a graph's YAML, ONNX, or the CSV of a SCALE-Sim topology.</summary>
public static class NetworkFile
{
    private static readonly string[] Endings = [".yaml", ".yml", ".onnx", ".csv"];

    /// <summary>True when a network's name is that of a file and not one of the zoo.</summary>
    public static bool IsFile(string networkOrFile) =>
        Endings.Any(ending => networkOrFile.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) || networkOrFile.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <param name="file">The file.</param>
    /// <param name="options">The batch, and nothing else.</param>
    /// <param name="dimensions">Extents of an ONNX file's symbolic dimensions by name.</param>
    /// <param name="cancellation">Stops an import between nodes.</param>
    /// <exception cref="GraphException">The file is missing or not a network, or options are given that only networks of the zoo have.</exception>
    public static LayerGraph Load(string file, NetworkOptions options, IReadOnlyDictionary<string, int>? dimensions = null, CancellationToken cancellation = default)
    {
        if (!options.AreDefault)
            throw new GraphException($"Variant, width, resolution, classes and other options choose a network of the zoo; {file} is as it is.");
        if (options.Batch < 1)
            throw new GraphException("The batch must be at least 1.");
        bool isOnnx = Has(".onnx");
        if (dimensions is { Count: > 0 } && !isOnnx)
            throw new GraphException($"Only an ONNX file has symbolic dimensions, and {file} is none.");
        var graph = isOnnx ? Import(file, dimensions, cancellation) : Has(".csv") ? ScaleSimTopology.Load(file) : GraphYaml.Load(file);
        return graph.WithBatch(options.Batch);

        bool Has(string ending) => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
    }

    private static LayerGraph Import(string file, IReadOnlyDictionary<string, int>? dimensions, CancellationToken cancellation) =>
        OnnxImporter.Import(file, new OnnxImportOptions { Dimensions = dimensions ?? new Dictionary<string, int>() }, cancellation).Graph
        ?? throw new GraphException($"{file} computes nothing at run time: all of its outputs are constants.");
}
