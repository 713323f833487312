using AccelSim.Graph;
using AccelSim.Models.Onnx.Export;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>A graph exported to ONNX, its rules checked, and run by ONNX Runtime: an executor that shares nothing with ours but the file.</summary>
internal sealed class OnnxRuntimeBackend(GraphOptimizationLevel optimization = GraphOptimizationLevel.ORT_DISABLE_ALL) : IBackend
{
    public string Name => "onnx runtime";

    public IExecutor Compile(LayerGraph graph)
    {
        var model = OnnxExport.Model(graph);
        OnnxRules.Check(model);
        return new OnnxRuntimeExecutor(graph, options => new InferenceSession(model.ToByteArray(), options), optimization);
    }

    /// <summary>A model from a file.</summary>
    public static IExecutor Open(LayerGraph graph, string path) => new OnnxRuntimeExecutor(graph, options => new InferenceSession(path, options), GraphOptimizationLevel.ORT_ENABLE_ALL);
}

internal sealed class OnnxRuntimeExecutor : IExecutor
{
    private readonly LayerGraph _graph;
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;

    public OnnxRuntimeExecutor(LayerGraph graph, Func<SessionOptions, InferenceSession> open, GraphOptimizationLevel optimization)
    {
        _graph = graph;
        _options = new SessionOptions
        {
            GraphOptimizationLevel = optimization,
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = open(_options);
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
        return names.Zip(results).ToDictionary(pair => pair.First, pair => Tensor(pair.Second));
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

    private static Tensor Tensor(OrtValue value)
    {
        var information = value.GetTensorTypeAndShape();
        var shape = Shape.Of([.. information.Shape.Select(extent => checked((int)extent))]);
        return information.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int8
            ? AccelSim.Graph.Tensor.Of(shape, value.GetTensorDataAsSpan<sbyte>().ToArray())
            : AccelSim.Graph.Tensor.Of(shape, value.GetTensorDataAsSpan<float>().ToArray());
    }
}
