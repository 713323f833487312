using System.Globalization;
using System.Text;
using AccelSim.Graph;

namespace AccelSim.Models.Graphviz;

/// <summary>
/// A layer graph in the DOT language (https://graphviz.org/doc/info/lang.html): a box a layer with operator, attributes and output shape, filled by what it does;
/// an arrow a value with its shape; an ellipse an input, a double border an output.
/// </summary>
public static class GraphvizDot
{
    public static string Text(LayerGraph graph)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"digraph {Quoted(graph.Name)} {{\n");
        text.Append("  rankdir=TB;\n");
        text.Append("  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=10, fillcolor=\"#eeeeee\"];\n");
        text.Append("  edge [fontname=\"Helvetica\", fontsize=8, color=\"#666666\"];\n\n");
        foreach (var input in graph.Inputs)
            Node(text, input.Name, [input.Name, input.Type.ToString()], "shape=ellipse, fillcolor=\"#ffffff\"");
        var outputs = graph.Outputs.ToHashSet();
        foreach (var layer in graph.Layers)
        {
            string attributes = layer.Operator.Describe();
            string[] lines = [layer.Name, attributes.Length == 0 ? layer.Operator.Name : $"{layer.Operator.Name} {attributes}", graph.TypeOf(layer.Name).ToString()];
            Node(text, layer.Name, lines, $"fillcolor={Quoted(LayerColour.Of(graph, layer))}{(outputs.Contains(layer.Name) ? ", peripheries=2" : "")}");
        }
        text.Append('\n');
        foreach (var layer in graph.Layers)
        {
            // A float layer may read an activation in place of a constant: that is an arrow, too.
            foreach (string value in layer.Operands.Where(value => !graph.Constants.ContainsKey(value)))
                text.Append(CultureInfo.InvariantCulture, $"  {Quoted(value)} -> {Quoted(layer.Name)} [label={Quoted(graph.TypeOf(value).Shape.ToString())}];\n");
        }
        return text.Append("}\n").ToString();
    }

    private static void Node(StringBuilder text, string name, IEnumerable<string> lines, string attributes) =>
        text.Append(CultureInfo.InvariantCulture, $"  {Quoted(name)} [label=\"{string.Join("\\n", lines.Select(Escaped))}\", {attributes}];\n");

    private static string Quoted(string name) => $"\"{Escaped(name)}\"";

    /// <summary>Within double quotes a quote is escaped, and a backslash, which begins the escapes of labels; a line break would end the line of the file.</summary>
    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");
}
