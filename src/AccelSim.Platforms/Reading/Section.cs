using System.Collections.Immutable;
using AccelSim.Platforms.Yaml;

namespace AccelSim.Platforms.Reading;

/// <summary>
/// One mapping of a platform file. The keys that a reader asks for are the keys that there are; <see cref="Close"/> reports the others.
/// A read never throws: what is wrong goes to the error list, and a stand-in value lets the reader go on to find the next error.
/// </summary>
internal sealed class Section
{
    private readonly Dictionary<string, (int Line, YamlTree Value)> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly int _line;

    /// <param name="path">Path of the mapping in the file, empty at the top.</param>
    /// <param name="line">The line to name for what is missing: that of the mapping's key.</param>
    /// <param name="map">The mapping.</param>
    /// <param name="errors">Where errors go.</param>
    public Section(string path, int line, YamlMap map, ErrorList errors)
    {
        Path = path;
        Errors = errors;
        _line = line;
        foreach ((YamlText key, YamlTree value) in map.Entries)
        {
            if (!_entries.TryAdd(key.Text, (key.Line, value)))
                errors.Add(key.Line, Join(key.Text), null, $"is given twice; the first is on line {_entries[key.Text].Line}");
        }
    }

    /// <summary>Path of this mapping in the file, empty at the top.</summary>
    public string Path { get; }

    public ErrorList Errors { get; }

    /// <summary>The keys that there are, in the order of the file.</summary>
    public IReadOnlyCollection<string> Keys => _entries.Keys;

    public string Join(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>The line of a key, or of the mapping where the key is missing.</summary>
    public int LineOf(string key) => _entries.TryGetValue(key, out (int Line, YamlTree Value) entry) ? entry.Line : _line;

    public bool Has(string key)
    {
        _asked.Add(key);
        return _entries.ContainsKey(key);
    }

    /// <summary>The text of an entry that is a single value where a mapping belongs, or null.</summary>
    public string? Bare(string key) => Has(key) ? (_entries[key].Value as YamlText)?.Text : null;

    /// <summary>A text that is required.</summary>
    public string Text(string key)
    {
        if (Find(key, "text") is not { } node)
            return "";
        if (node is YamlText { Text: var text } && !string.IsNullOrWhiteSpace(text))
            return text.Trim();
        WrongSort(key, node, "text");
        return "";
    }

    /// <summary>A text that must be one of a few words; the first of them where it is not.</summary>
    public T Word<T>(string key, IReadOnlyDictionary<string, T> words)
    {
        if (Find(key, Names(words)) is not { } node)
            return words.Values.First();
        return ParseWord(key, node, words);
    }

    /// <summary>A list of words, each at most once.</summary>
    public ImmutableArray<T> Words<T>(string key, IReadOnlyDictionary<string, T> words)
    {
        if (Find(key, $"a list of {Names(words)}") is not { } node)
            return [];
        if (node is not YamlList { Items: { Count: > 0 } items })
        {
            WrongSort(key, node, $"a list of {Names(words)}");
            return [];
        }

        return [.. items.Select(item => ParseWord(key, item, words)).Distinct()];
    }

    /// <summary>A list of texts that may be missing.</summary>
    public ImmutableArray<string> OptionalTexts(string key)
    {
        if (!Has(key))
            return [];
        YamlTree node = _entries[key].Value;
        if (node is YamlList list && list.Items.All(item => item is YamlText { Text.Length: > 0 }))
            return [.. list.Items.Cast<YamlText>().Select(item => item.Text)];
        WrongSort(key, node, "a list of texts");
        return [];
    }

    /// <summary>A mapping that is required; an empty one that reports nothing where it is missing.</summary>
    public Section Child(string key) => ChildOf(key, Find(key, "a mapping"));

    /// <summary>A mapping that may be missing.</summary>
    public Section? OptionalChild(string key) => Has(key) ? ChildOf(key, _entries[key].Value) : null;

    /// <summary>A list of mappings with at least one entry.</summary>
    public IReadOnlyList<Section> Children(string key)
    {
        if (Find(key, "a list with at least one entry") is not { } node)
            return [];
        if (node is not YamlList { Items: { Count: > 0 } items })
        {
            WrongSort(key, node, "a list with at least one entry");
            return [];
        }

        return [.. items.Select((item, index) => ChildOf($"{key}[{index}]", item))];
    }

    /// <summary>Every entry of this mapping as a mapping of its own, in the order of the file.</summary>
    public IReadOnlyList<(string Key, Section Section)> AllChildren() =>
        [.. _entries.Select(entry =>
        {
            _asked.Add(entry.Key);
            return (entry.Key, ChildOf(entry.Key, entry.Value.Value));
        })];

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Close()
    {
        foreach ((string key, (int line, _)) in _entries.Where(entry => !_asked.Contains(entry.Key)))
        {
            IReadOnlyList<string> near = NearestName.Of(key, _asked.Where(name => !_entries.ContainsKey(name)), 1);
            string problem = near.Count > 0 ? $"is not a known key; did you mean '{near[0]}'?" : "is not a known key";
            Errors.Add(line, Join(key), null, problem, near.Count > 0 ? null : string.Join(", ", _asked.Order(StringComparer.Ordinal)));
        }
    }

    private YamlTree? Find(string key, string allowed)
    {
        _asked.Add(key);
        if (_entries.TryGetValue(key, out (int Line, YamlTree Value) entry))
            return entry.Value;
        Errors.Add(_line, Join(key), null, "is missing", allowed);
        return null;
    }

    private Section ChildOf(string key, YamlTree? node)
    {
        int line = _entries.TryGetValue(key, out (int Line, YamlTree Value) entry) ? entry.Line : node?.Line ?? _line;
        if (node is YamlMap map)
            return new Section(Join(key), line, map, Errors);
        if (node is not null)
            Errors.Add(node.Line, Join(key), (node as YamlText)?.Text, ErrorList.Sort(node), "a mapping");
        // One error for the whole mapping is enough; what an absent one lacks goes nowhere.
        return new Section(Join(key), line, new YamlMap(line, []), new ErrorList(""));
    }

    private T ParseWord<T>(string key, YamlTree node, IReadOnlyDictionary<string, T> words)
    {
        if (node is YamlText { Text: var text })
        {
            if (words.TryGetValue(text, out T? value))
                return value;
            IReadOnlyList<string> near = NearestName.Of(text, words.Keys, 1);
            string problem = near.Count > 0 ? $"is not known; did you mean '{near[0]}'?" : "is not known";
            Errors.Add(node.Line, Join(key), text, problem, Names(words));
        }
        else
        {
            WrongSort(key, node, Names(words));
        }

        return words.Values.First();
    }

    private void WrongSort(string key, YamlTree node, string allowed) =>
        Errors.Add(node.Line, Join(key), (node as YamlText)?.Text, node is YamlText { Text: var text } && string.IsNullOrWhiteSpace(text) ? "is empty" : ErrorList.Sort(node), allowed);

    private static string Names<T>(IReadOnlyDictionary<string, T> words) =>
        words.Count == 1 ? words.Keys.First() : $"{string.Join(", ", words.Keys.SkipLast(1))} or {words.Keys.Last()}";
}
