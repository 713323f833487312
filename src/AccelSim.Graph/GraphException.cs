namespace AccelSim.Graph;

/// <summary>A graph, tensor or file that breaks a rule; the message names the place, the value and the remedy.</summary>
public class GraphException : Exception
{
    public GraphException()
    {
    }

    public GraphException(string message) : base(message)
    {
    }

    public GraphException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>The layer, constant or input that breaks a rule of <see cref="LayerGraph"/>, so that a reader of files can name the place.</summary>
    public string? Subject { get; init; }
}

/// <summary>A backend has no implementation of a layer's operator.</summary>
public sealed class UnsupportedOperatorException(string backend, string layer, string operatorName, string reason)
    : GraphException($"The {backend} backend cannot execute layer '{layer}' ({operatorName}): {reason}")
{
    public string Backend { get; } = backend;

    public string Layer { get; } = layer;

    public string OperatorName { get; } = operatorName;
}
