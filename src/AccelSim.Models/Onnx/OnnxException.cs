using AccelSim.Graph;

namespace AccelSim.Models.Onnx;

/// <summary>An ONNX file that cannot be imported; the message names the file, the node with its operator, and the remedy.</summary>
public sealed class OnnxException : GraphException
{
    public OnnxException()
    {
    }

    public OnnxException(string message) : base(message)
    {
    }

    public OnnxException(string message, Exception inner) : base(message, inner)
    {
    }
}
