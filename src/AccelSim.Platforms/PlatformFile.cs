using System.Collections.Immutable;
using System.Text;
using AccelSim.Platforms.Reading;
using AccelSim.Platforms.Yaml;

namespace AccelSim.Platforms;

/// <summary>Reads a platform file. <c>hw/README.md</c> describes its shape.</summary>
public static class PlatformFile
{
    /// <summary>A platform file is a page of text; this is a hundred times that.</summary>
    public const int LargestBytes = 256 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Dictionary<string, Func<PlatformFileContent, Platform>> Kinds = new(StringComparer.Ordinal)
    {
        ["gpu"] = GpuPlatformReader.Read,
        ["fpga"] = FpgaPlatformReader.Read,
        ["asic"] = AsicPlatformReader.Read,
        ["engine"] = EnginePlatformReader.Read,
    };

    private static readonly Dictionary<string, Confidence> Confidences = new(StringComparer.Ordinal)
    {
        ["verified"] = Confidence.Verified,
        ["memory"] = Confidence.Memory,
        ["assumption"] = Confidence.Assumption,
    };

    /// <summary>Reads and validates one file.</summary>
    /// <exception cref="PlatformFileException">The file is not legal; the message lists every error.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Platform Read(string path) => Read(path, Kinds);

    /// <summary>Reads and validates the text of one file.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="path">The path that messages name; its stem must be the platform's name.</param>
    /// <exception cref="PlatformFileException">The text is not legal; the message lists every error.</exception>
    public static Platform Parse(string text, string path) => Parse(text, path, Kinds);

    /// <summary>The readers of platforms by kind.</summary>
    internal static IReadOnlyDictionary<string, Func<PlatformFileContent, Platform>> Readers => Kinds;

    internal static T Read<T>(string path, IReadOnlyDictionary<string, Func<PlatformFileContent, T>> kinds)
        where T : HardwareDescription
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        // One byte more than is allowed tells too large from just right, also for a pipe, which has no length.
        byte[] buffer = new byte[LargestBytes + 1];
        int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (count > LargestBytes)
            throw Whole(path, $"is larger than {LargestBytes / 1024} KiB; a platform file is a page of text");
        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, count);
        if (bytes.Contains((byte)0))
            throw Whole(path, "is a binary file; a platform file is YAML text");
        try
        {
            return Parse(StrictUtf8.GetString(bytes).TrimStart('\uFEFF'), path, kinds);
        }
        catch (DecoderFallbackException)
        {
            throw Whole(path, "is not UTF-8 text");
        }
    }

    internal static T Parse<T>(string text, string path, IReadOnlyDictionary<string, Func<PlatformFileContent, T>> kinds)
        where T : HardwareDescription
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var errors = new ErrorList(path);
        T? description = null;
        try
        {
            YamlTree tree = YamlTreeParser.Parse(text);
            if (tree is YamlMap map)
                description = ReadRoot(new Section("", map.Line, map, errors), path, kinds);
            else
                errors.Add(tree.Line, "", null, "is not a platform file: its top is not a mapping of keys");
        }
        catch (YamlSyntaxException e)
        {
            errors.Add(e.Line, "", null, e.Message);
        }

        return errors.Errors.Count == 0 && description is not null ? description : throw new PlatformFileException(errors.Errors);
    }

    private static T? ReadRoot<T>(Section root, string path, IReadOnlyDictionary<string, Func<PlatformFileContent, T>> kinds)
        where T : HardwareDescription
    {
        string name = root.Text("name");
        string stem = Path.GetFileNameWithoutExtension(path);
        if (name.Length > 0 && !PlatformName.Same(name, stem))
            root.Errors.Add(root.LineOf("name"), "name", name, "differs from the file's name", stem);
        int errorsBefore = root.Errors.Errors.Count;
        Func<PlatformFileContent, T> read = root.Word("kind", kinds);
        // Without a kind there is no telling which keys belong here.
        if (root.Errors.Errors.Count > errorsBefore)
            return null;
        ImmutableArray<Source> sources = Sources(root.Child("sources"));
        var header = new PlatformHeader(name, root.Text("title"), root.Text("description"), root.OptionalTexts("aliases"), sources, path);
        var cited = new HashSet<string>(StringComparer.Ordinal);
        var figures = new FigureReader(sources.ToDictionary(source => source.Key), cited);
        T description = read(new PlatformFileContent(header, root, figures));
        root.Close();
        foreach (Source source in sources.Where(source => !cited.Contains(source.Key)))
            root.Errors.Add(root.LineOf("sources"), $"sources.{source.Key}", null, "is cited by no figure; remove it or cite it");
        return (T)(description with { CitedFigures = [.. figures.Figures] });
    }

    private static ImmutableArray<Source> Sources(Section table)
    {
        var sources = ImmutableArray.CreateBuilder<Source>();
        foreach ((string key, Section entry) in table.AllChildren())
        {
            sources.Add(new Source(key, entry.Text("text"), entry.Word("confidence", Confidences)));
            entry.Close();
        }

        return sources.ToImmutable();
    }

    private static PlatformFileException Whole(string path, string problem) =>
        new([new PlatformFileError(path, 0, "", null, problem, null)]);
}
