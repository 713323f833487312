using YamlDotNet.RepresentationModel;

namespace AccelSim.Graph.Serialization;

/// <summary>Reading YAML nodes with errors that name the file and the line.</summary>
internal static class YamlNodes
{
    public static YamlNode? Optional(this YamlMappingNode mapping, string key) => mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    public static YamlNode Child(this YamlMappingNode mapping, string key, string path) => mapping.Optional(key) ?? throw RecordYaml.Error(path, mapping, $"the key '{key}' is missing");

    public static IEnumerable<YamlNode> Items(this YamlNode node, string key, string path) => node as YamlSequenceNode ?? throw RecordYaml.Error(path, node, $"'{key}' is a list");

    public static IEnumerable<YamlNode> Names(this YamlNode node, string path) => node as YamlSequenceNode ?? throw RecordYaml.Error(path, node, "a list of names is expected");

    public static string Text(this YamlNode node, string path) => (node as YamlScalarNode)?.Value ?? throw RecordYaml.Error(path, node, "a single value is expected");

    public static void Expect(this YamlMappingNode mapping, string path, string[] keys)
    {
        if (mapping.Children.Keys.FirstOrDefault(key => key is not YamlScalarNode { Value: { } text } || !keys.Contains(text)) is { } unknown)
            throw RecordYaml.Error(path, unknown, $"'{unknown}' is not a key here (allowed: {string.Join(", ", keys)})");
    }
}
