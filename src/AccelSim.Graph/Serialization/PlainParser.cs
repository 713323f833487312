using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AccelSim.Graph.Serialization;

/// <summary>
/// Lets through YAML that is a plain tree of no great depth. The library's object model recurses at each level, so that deep
/// nesting overflows the stack, which no handler catches; and aliases of aliases expand without end.
/// </summary>
internal sealed class PlainParser(IParser parser) : IParser
{
    /// <summary>Graphs nest seven levels.</summary>
    private const int DeepestNesting = 32;

    private int _depth;

    public ParsingEvent? Current => parser.Current;

    /// <exception cref="YamlException">The file is not YAML, nests too deep, or has an anchor or alias.</exception>
    public bool MoveNext()
    {
        if (!parser.MoveNext())
            return false;
        var read = parser.Current!;
        _depth += read.NestingIncrease;
        if (_depth > DeepestNesting)
            throw new YamlException(read.Start, read.End, $"it nests deeper than {DeepestNesting} levels");
        if (read is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw new YamlException(read.Start, read.End, "anchors and aliases are not read: write the value out where it is needed");
        return true;
    }
}
