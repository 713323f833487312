using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AccelSim.Graph.Serialization;

/// <summary>
/// A graph as a YAML file with its constants' data beside it, as little-endian bytes one after another in a file of the
/// same name that ends in <c>.weights</c>. Loss-free in both directions.
/// </summary>
public static class GraphYaml
{
    internal const int FormatVersion = 1;

    /// <summary>A file claims no more than this, so that a damaged one cannot exhaust memory.</summary>
    private const long LargestYaml = 64L << 20;

    /// <summary>The text of the YAML file; <paramref name="weightsFile"/> and its digest are named when the graph has data.</summary>
    public static string Text(LayerGraph graph, string? weightsFile = null, string? sha256 = null)
    {
        var root = new YamlMappingNode
        {
            { "accelsim", FormatVersion.ToString(CultureInfo.InvariantCulture) },
            { "name", graph.Name },
        };
        if (weightsFile is not null)
            root.Add("weights", new YamlMappingNode { { "file", weightsFile }, { "sha256", sha256! } });
        root.Add("inputs", new YamlSequenceNode(graph.Inputs.Select(input => Typed(input.Name, input.Type))));
        root.Add("constants", new YamlSequenceNode(Ordered(graph).Select(constant => Typed(constant.Name, constant.Type))));
        root.Add("layers", new YamlSequenceNode(graph.Layers.Select(WriteLayer)));
        root.Add("outputs", Names(graph.Outputs));
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString();
    }

    /// <summary>Writes <paramref name="path"/> and, when the constants have data, the weights beside it; each file complete or not at all.</summary>
    /// <exception cref="GraphException">Some constants have data and others not, or the path ends in <c>.weights</c>.</exception>
    public static void Save(LayerGraph graph, string path)
    {
        string weights = Path.ChangeExtension(path, ".weights");
        if (weights == path)
            throw new GraphException($"{path} is where the weights go: give the graph another ending, such as .yaml.");
        if (!graph.HasWeights && graph.Constants.Values.FirstOrDefault(constant => constant.Data is not null) is { } part)
            throw new GraphException($"The graph '{graph.Name}' has data for '{part.Name}' but not for all its constants, which a file cannot say.");
        if (!graph.HasWeights || graph.Constants.IsEmpty)
        {
            CompleteFile.Write(path, Text(graph));
            return;
        }
        CompleteFile.Write(weights, stream =>
        {
            foreach (var constant in Ordered(graph))
                stream.Write(Bytes(constant.Value));
        });
        CompleteFile.Write(path, Text(graph, Path.GetFileName(weights), Digest(weights)));
    }

    /// <exception cref="GraphException">The file is not a graph; the message has the line, the value and what is allowed.</exception>
    public static LayerGraph Load(string path)
    {
        if (!File.Exists(path))
            throw new GraphException($"There is no file {path}.");
        if (new FileInfo(path).Length > LargestYaml)
            throw new GraphException($"{path} has more than {LargestYaml >> 20} MiB, which no graph needs: weights belong in a .weights file.");
        var root = Parse(path);
        var reader = new GraphYamlReader(path);
        var graph = reader.Read(root);
        return root.Optional("weights") is { } weights ? graph.WithData(ReadWeights(weights, reader.Constants, path)) : graph;
    }

    private static IOrderedEnumerable<Constant> Ordered(LayerGraph graph) => graph.Constants.Values.OrderBy(constant => constant.Name, StringComparer.Ordinal);

    private static YamlMappingNode Typed(string name, TensorType type)
    {
        var node = RecordYaml.Write(type, flow: true);
        node.Children.Insert(0, new YamlScalarNode("name"), new YamlScalarNode(name));
        return node;
    }

    private static YamlMappingNode WriteLayer(Layer layer)
    {
        var node = new YamlMappingNode
        {
            { "name", layer.Name },
            { "operator", layer.Operator.Name },
            { "inputs", Names(layer.Inputs) },
        };
        if (!layer.Constants.IsEmpty)
            node.Add("constants", Names(layer.Constants));
        var attributes = RecordYaml.Write(layer.Operator);
        if (attributes.Children.Count > 0)
            node.Add("attributes", attributes);
        return node;
    }

    private static Dictionary<string, Tensor> ReadWeights(YamlNode node, IReadOnlyList<Constant> constants, string path)
    {
        var mapping = node as YamlMappingNode ?? throw RecordYaml.Error(path, node, "weights is a mapping with file and sha256");
        var name = mapping.Child("file", path);
        if (Path.GetFileName(name.Text(path)) != name.Text(path))
            throw RecordYaml.Error(path, name, $"the weights file '{name}' must stand beside the graph, without a folder");
        string file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name.Text(path));
        if (!File.Exists(file))
            throw RecordYaml.Error(path, name, $"there is no weights file {file}");
        long expected = constants.Sum(constant => constant.Type.Bytes), actual = new FileInfo(file).Length;
        if (expected != actual)
            throw RecordYaml.Error(path, name, $"{file} has {actual} bytes, but the constants need {expected}");
        var digest = mapping.Child("sha256", path);
        if (Digest(file) != digest.Text(path))
            throw RecordYaml.Error(path, digest, $"{file} is not the file that this graph was saved with (its SHA-256 differs)");
        using var stream = File.OpenRead(file);
        return constants.ToDictionary(constant => constant.Name, constant => ReadTensor(stream, constant.Type));
    }

    private static ReadOnlySpan<byte> Bytes(Tensor tensor) => tensor.Element switch
    {
        ElementType.Float32 => MemoryMarshal.AsBytes(tensor.Float32),
        ElementType.Int8 => MemoryMarshal.AsBytes(tensor.Int8),
        _ => MemoryMarshal.AsBytes(tensor.Int32),
    };

    private static Tensor ReadTensor(Stream stream, TensorType type)
    {
        return type.Element switch
        {
            ElementType.Float32 => Tensor.Of(type.Shape, Read<float>()),
            ElementType.Int8 => Tensor.Of(type.Shape, Read<sbyte>()),
            _ => Tensor.Of(type.Shape, Read<int>()),
        };

        T[] Read<T>() where T : unmanaged
        {
            var data = new T[type.Shape.Elements];
            stream.ReadExactly(MemoryMarshal.AsBytes(data.AsSpan()));
            return data;
        }
    }

    private static string Digest(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static YamlMappingNode Parse(string path)
    {
        var yaml = new YamlStream();
        try
        {
            using var reader = File.OpenText(path);
            yaml.Load(new PlainParser(new Parser(reader)));
        }
        catch (YamlException error)
        {
            throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {error.Start.Line}: not YAML: {error.Message}"), error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner lets these through on some malformed text.
            throw new GraphException($"{path} is not YAML: {error.Message}", error);
        }
        return yaml.Documents.Count == 1 && yaml.Documents[0].RootNode is YamlMappingNode root
            ? root
            : throw new GraphException($"{path} is not a graph: it must hold one YAML mapping that begins with 'accelsim: {FormatVersion}'.");
    }

    private static YamlSequenceNode Names(IEnumerable<string> names) => new(names.Select(name => new YamlScalarNode(name))) { Style = YamlDotNet.Core.Events.SequenceStyle.Flow };
}
