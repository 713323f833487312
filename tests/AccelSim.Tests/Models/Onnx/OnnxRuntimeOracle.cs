using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>ONNX Runtime on the CPU without graph optimizations: an implementation that shares nothing with ours.</summary>
internal static class OnnxRuntimeOracle
{
    /// <summary>The outputs in order, or null where ONNX Runtime itself refuses the model.</summary>
    public static IReadOnlyList<HostTensor>? Run(ModelProto model, IReadOnlyDictionary<string, HostTensor> inputs, out string refusal)
    {
        refusal = "";
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
        };
        try
        {
            using var session = new InferenceSession(model.ToByteArray(), options);
            var values = inputs.ToDictionary(pair => pair.Key, pair => Value(pair.Value));
            using var run = new RunOptions();
            string[] names = [.. model.Graph.Output.Select(output => output.Name)];
            using var results = session.Run(run, values, names);
            return [.. results.Select(Tensor)];
        }
        catch (OnnxRuntimeException error)
        {
            refusal = error.Message;
            return null;
        }
    }

    private static OrtValue Value(HostTensor tensor)
    {
        long[] shape = [.. tensor.Extents.Select(extent => (long)extent)];
        return tensor.Type switch
        {
            DataType.Float => OrtValue.CreateTensorValueFromMemory(tensor.Floats(), shape),
            DataType.Uint8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tensor.Integers(), value => (byte)value), shape),
            DataType.Int8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tensor.Integers(), value => (sbyte)value), shape),
            DataType.Int32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tensor.Integers(), value => (int)value), shape),
            DataType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.Integers(), shape),
            DataType.Bool => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tensor.Integers(), value => value != 0), shape),
            _ => throw new NotSupportedException($"no test passes {tensor.Type}"),
        };
    }

    private static HostTensor Tensor(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        int[] shape = [.. info.Shape.Select(extent => (int)extent)];
        return info.ElementDataType switch
        {
            TensorElementType.Float => HostTensor.Of(shape, value.GetTensorDataAsSpan<float>().ToArray()),
            TensorElementType.UInt8 => HostTensor.Of(shape, value.GetTensorDataAsSpan<byte>().ToArray()),
            TensorElementType.Int8 => HostTensor.Of(shape, value.GetTensorDataAsSpan<sbyte>().ToArray()),
            TensorElementType.Int32 => HostTensor.Of(shape, value.GetTensorDataAsSpan<int>().ToArray()),
            TensorElementType.Int64 => HostTensor.Of(shape, value.GetTensorDataAsSpan<long>().ToArray()),
            TensorElementType.Bool => HostTensor.Of(shape, Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), flag => (byte)(flag ? 1 : 0)), DataType.Bool),
            _ => throw new NotSupportedException($"no test reads {info.ElementDataType}"),
        };
    }
}
