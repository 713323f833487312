using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AccelSim.Graph.Serialization;

/// <summary>Sizes and paddings as people write them: <c>3</c> for 3×3, <c>[3, 5]</c> for a height and a width, <c>1</c> for padding on all sides.</summary>
internal static class GeometryYaml
{
    public static YamlNode? Write(object value) => value switch
    {
        Size2 size when size.Height == size.Width => RecordYaml.WriteValue(size.Height),
        Size2 size => new YamlSequenceNode(RecordYaml.WriteValue(size.Height), RecordYaml.WriteValue(size.Width)) { Style = SequenceStyle.Flow },
        Padding padding when padding == Padding.All(padding.Top) => RecordYaml.WriteValue(padding.Top),
        _ => null,
    };

    /// <summary>The size or padding that a number or a pair stands for; null where the node is a mapping, or the type another.</summary>
    /// <exception cref="GraphException">The node is none of them; the message has the line.</exception>
    public static object? Read(Type type, YamlNode node, string file)
    {
        if ((type != typeof(Size2) && type != typeof(Padding)) || node is YamlMappingNode)
            return null;
        if (node is YamlSequenceNode { Children: [var height, var width] } && type == typeof(Size2))
            return new Size2(Number(height, file), Number(width, file));
        if (node is not YamlScalarNode)
            throw RecordYaml.Error(file, node, type == typeof(Size2) ? "a size is one number for a square, or [height, width]" : "padding is one number for all sides, same, or {top, bottom, left, right}");
        int side = Number(node, file);
        return type == typeof(Size2) ? Size2.Square(side) : Padding.All(side);
    }

    private static int Number(YamlNode node, string file) => (int)RecordYaml.Value(typeof(int), node, file);
}
