using System.Reflection;
using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Models.Onnx.Schema;
using Google.Protobuf;

namespace AccelSim.Models.Onnx.Export;

/// <summary>
/// A layer graph as an ONNX model: the layers' names are those of the values, float graphs are float32 operators, quantized ones the same operators between
/// QuantizeLinear and DequantizeLinear ("QDQ") with the graph's own scales and zero points, codes at the interface where the graph has codes there.
/// </summary>
public static class OnnxExport
{
    /// <summary>The lowest operator set that has all that graphs need: AveragePool's dilations came with 19. Lower is read by more.</summary>
    public const int OperatorSet = 19;

    /// <summary>The file format that goes with operator set 19 (ONNX 1.14).</summary>
    public const int FormatVersion = 9;

    /// <summary>A protobuf message ends at 2 GiB; weights beyond this go beside it.</summary>
    private const long LargestInside = 1L << 30;

    /// <summary>Smaller constants stay in the model when the others go beside it, so that axes and scales can be read there.</summary>
    private const int SmallestBeside = 1024;

    /// <summary>The data begin at multiples of it, so that a reader may map them.</summary>
    private const int Alignment = 4096;

    /// <summary>Whether layers of an operator can be written.</summary>
    public static bool Writes(Type @operator) => OnnxOperators.All.Contains(@operator);

    /// <summary>The model as a message, with its weights inside.</summary>
    /// <param name="graph">A graph with weights.</param>
    /// <param name="source">Where the graph and its weights come from, for the file's description.</param>
    /// <exception cref="UnsupportedOperatorException">A layer cannot be written in standard operators.</exception>
    /// <exception cref="GraphException">A constant has no data.</exception>
    public static ModelProto Model(LayerGraph graph, string? source = null)
    {
        var (model, initializers) = Structure(graph, source);
        model.Graph.Initializer.Add(initializers.Select(initializer => initializer.WithData()));
        return model;
    }

    /// <summary>
    /// Writes the model, complete or not at all. Weights of more than 1 GiB go into a file beside it, named after it with <c>.data</c> added; so do smaller ones where
    /// <paramref name="weightsBeside"/> asks for it.
    /// </summary>
    /// <returns>The files written, the model first.</returns>
    /// <inheritdoc cref="Model"/>
    public static IReadOnlyList<string> Save(LayerGraph graph, string path, string? source = null, bool weightsBeside = false, CancellationToken cancellation = default)
    {
        var (model, initializers) = Structure(graph, source);
        if (!weightsBeside && initializers.Sum(initializer => (long)initializer.Bytes.Length) <= LargestInside)
        {
            model.Graph.Initializer.Add(initializers.Select(initializer => initializer.WithData()));
            CompleteFile.Write(path, model.WriteTo);
            return [path];
        }
        string data = path + ".data";
        CompleteFile.Write(data, stream =>
        {
            foreach (var initializer in initializers)
            {
                cancellation.ThrowIfCancellationRequested();
                model.Graph.Initializer.Add(WriteBeside(initializer, stream, Path.GetFileName(data)));
            }
        });
        CompleteFile.Write(path, model.WriteTo);
        return [path, data];
    }

    private static TensorProto WriteBeside(OnnxInitializer initializer, Stream stream, string file)
    {
        if (initializer.Bytes.Length < SmallestBeside)
            return initializer.WithData();
        long offset = (stream.Position + Alignment - 1) / Alignment * Alignment;
        stream.SetLength(offset);
        stream.Position = offset;
        stream.Write(initializer.Bytes);
        return initializer.Beside(file, offset);
    }

    private static (ModelProto Model, IReadOnlyList<OnnxInitializer> Initializers) Structure(LayerGraph graph, string? source)
    {
        var writer = new OnnxGraphWriter(graph);
        foreach (var layer in graph.Layers)
        {
            var export = OnnxOperators.All.For(layer);
            try
            {
                var nodes = new LayerNodes(writer, graph, layer);
                if (export(layer, nodes) is { } value)
                    nodes.Finish(value);
            }
            catch (GraphException error)
            {
                throw new GraphException($"Layer '{layer.Name}' ({layer.Operator.Name}) of '{graph.Name}' cannot be written as ONNX: {error.Message}", error);
            }
        }
        string version = typeof(OnnxExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var model = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "AccelSim",
            ProducerVersion = version,
            DocString = source is null ? graph.Name : $"{graph.Name}: {source}",
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
            Graph = writer.Graph(),
        };
        model.MetadataProps.Add(new StringStringEntryProto { Key = "network", Value = graph.Name });
        if (source is not null)
            model.MetadataProps.Add(new StringStringEntryProto { Key = "source", Value = source });
        return (model, [.. writer.Initializers]);
    }
}
