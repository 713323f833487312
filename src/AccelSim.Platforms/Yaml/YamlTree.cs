namespace AccelSim.Platforms.Yaml;

/// <summary>A node of a YAML document that remembers its line.</summary>
internal abstract record YamlTree(int Line);

/// <summary>A scalar.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Text">The text without quotes.</param>
internal sealed record YamlText(int Line, string Text) : YamlTree(Line);

/// <summary>A sequence.</summary>
internal sealed record YamlList(int Line, IReadOnlyList<YamlTree> Items) : YamlTree(Line);

/// <summary>A mapping. Keys are kept in order, duplicates included, so that the reader can report them.</summary>
internal sealed record YamlMap(int Line, IReadOnlyList<(YamlText Key, YamlTree Value)> Entries) : YamlTree(Line);
