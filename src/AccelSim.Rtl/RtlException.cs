namespace AccelSim.Rtl;

/// <summary>An expected failure of the generator or of a tool that it runs; the message names the place, the value and the remedy.</summary>
public class RtlException : Exception
{
    public RtlException()
    {
    }

    public RtlException(string message) : base(message)
    {
    }

    public RtlException(string message, Exception inner) : base(message, inner)
    {
    }
}

/// <summary>A folding that the block does not allow; the message names the nearest ones that it does.</summary>
public sealed class FoldingException(string message) : RtlException(message);

/// <summary>A program that must be installed is not.</summary>
public sealed class MissingToolException(string tool, string package)
    : RtlException($"'{tool}' is not installed: apt-get install -y --no-install-recommends {package}")
{
    public string Tool { get; } = tool;

    /// <summary>The Debian package that carries it.</summary>
    public string Package { get; } = package;
}

/// <summary>A program ran and failed, or took too long.</summary>
public sealed class ToolFailedException(string message, string output) : RtlException(message)
{
    /// <summary>What it printed.</summary>
    public string Output { get; } = output;
}
