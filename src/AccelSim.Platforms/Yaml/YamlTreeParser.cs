using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AccelSim.Platforms.Yaml;

/// <summary>Text is not a YAML document of the plain sort that platform files are.</summary>
internal sealed class YamlSyntaxException(int line, string message) : Exception(message)
{
    /// <summary>Line, from 1.</summary>
    public int Line { get; } = line;
}

/// <summary>Builds the tree of one YAML document from YamlDotNet's events.</summary>
/// <remarks>
/// The events are read directly because the object model of the library stops at a duplicate key, and a user is better served by
/// all errors at once. Anchors and aliases are refused: a figure must stand where it is read, and an alias can expand without end.
/// </remarks>
internal sealed class YamlTreeParser
{
    // Platform files nest four levels; a file that nests more than this is an attack or an accident.
    private const int DeepestNesting = 16;

    private readonly Parser _parser;

    private YamlTreeParser(string text) => _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>Reads one document.</summary>
    /// <exception cref="YamlSyntaxException">The text is empty, not YAML, or uses what platform files may not use.</exception>
    public static YamlTree Parse(string text)
    {
        RefuseTabs(text);
        var parser = new YamlTreeParser(text);
        try
        {
            return parser.Document();
        }
        catch (YamlException e)
        {
            throw new YamlSyntaxException((int)e.Start.Line, $"is not YAML: {e.InnerException?.Message ?? e.Message}");
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 18.1's scanner stops so at some unclosed brackets, and says no more.
            throw new YamlSyntaxException((int)(parser._parser.Current?.End.Line ?? 1), "is not YAML: a bracket, brace or quotation mark is not closed");
        }
    }

    // A tab looks like the indentation that it is not, and the library's message for it points elsewhere.
    private static void RefuseTabs(string text)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line[..(line.Length - line.TrimStart().Length)].Contains('\t'))
                throw new YamlSyntaxException(number, "is indented with a tab; YAML indents with spaces");
        }
    }

    private static int LineOf(ParsingEvent e) => (int)e.Start.Line;

    private YamlTree Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            throw new YamlSyntaxException(1, "is empty");
        _parser.Consume<DocumentStart>();
        YamlTree root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
            throw new YamlSyntaxException(LineOf(_parser.Current!), "has a second document; a platform file has one");
        return root;
    }

    private YamlTree Node(int depth)
    {
        ParsingEvent e = _parser.Current!;
        if (depth > DeepestNesting)
            throw new YamlSyntaxException(LineOf(e), $"nests deeper than {DeepestNesting} levels");
        if (e is AnchorAlias || e is NodeEvent { Anchor.IsEmpty: false })
            throw new YamlSyntaxException(LineOf(e), "uses an anchor or alias; write the value out where it is needed");
        return e switch
        {
            Scalar scalar => Text(scalar),
            SequenceStart => List(depth),
            MappingStart => Map(depth),
            _ => throw new YamlSyntaxException(LineOf(e), "is not YAML: a value is missing"),
        };
    }

    private YamlText Text(Scalar scalar)
    {
        _parser.MoveNext();
        return new YamlText(LineOf(scalar), scalar.Value);
    }

    private YamlList List(int depth)
    {
        int line = LineOf(_parser.Current!);
        _parser.MoveNext();
        var items = new List<YamlTree>();
        while (_parser.Current is not SequenceEnd)
            items.Add(Node(depth + 1));
        _parser.MoveNext();
        return new YamlList(line, items);
    }

    private YamlMap Map(int depth)
    {
        int line = LineOf(_parser.Current!);
        _parser.MoveNext();
        var entries = new List<(YamlText, YamlTree)>();
        while (_parser.Current is not MappingEnd)
        {
            if (Node(depth + 1) is not YamlText key)
                throw new YamlSyntaxException(line, "has a key that is not a plain word");
            entries.Add((key, Node(depth + 1)));
        }

        _parser.MoveNext();
        return new YamlMap(line, entries);
    }
}
