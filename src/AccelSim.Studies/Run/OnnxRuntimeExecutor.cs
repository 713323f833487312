using AccelSim.Graph;
using AccelSim.Models.Onnx.Export;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AccelSim.Studies.Run;

/// <summary>A graph exported to ONNX and run by ONNX Runtime on the CPU.</summary>
internal sealed class OnnxRuntimeExecutor : IExecutor
{
    private readonly LayerGraph _graph;
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;

    /// <exception cref="GraphException">ONNX Runtime refuses the exported graph; the message is its own.</exception>
    public OnnxRuntimeExecutor(LayerGraph graph, int threads)
    {
        _graph = graph;
        _options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Threads that spin between runs would take the cores from whoever is measured next.
        _options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            _session = new InferenceSession(OnnxExport.Model(graph).ToByteArray(), _options);
        }
        catch (OnnxRuntimeException error)
        {
            _options.Dispose();
            throw new GraphException($"ONNX Runtime refuses '{graph.Name}': {error.Message}");
        }
    }

    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs, bool everyLayer = false, CancellationToken cancellation = default)
    {
        if (everyLayer)
            throw new NotSupportedException("ONNX Runtime gives out the graph's outputs alone");
        var given = _graph.Inputs.ToDictionary(input => input.Name, input => Value(inputs[input.Name]));
        using var run = new RunOptions();
        string[] names = [.. _graph.Outputs.Distinct()];
        using var results = _session.Run(run, given, names);
        foreach (var value in given.Values)
            value.Dispose();
        return names.Zip(results).ToDictionary(pair => pair.First, pair => ToTensor(_graph.TypeOf(pair.First), pair.Second));
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    private static OrtValue Value(Tensor tensor)
    {
        long[] shape = [.. tensor.Shape.Select(extent => (long)extent)];
        return tensor.Element == ElementType.Int8
            ? OrtValue.CreateTensorValueFromMemory(tensor.Int8.ToArray(), shape)
            : OrtValue.CreateTensorValueFromMemory(tensor.Float32.ToArray(), shape);
    }

    private static Tensor ToTensor(TensorType type, OrtValue value) => type.Element == ElementType.Int8
        ? Tensor.Of(type.Shape, value.GetTensorDataAsSpan<sbyte>().ToArray())
        : Tensor.Of(type.Shape, value.GetTensorDataAsSpan<float>().ToArray());
}
