using System.Reflection;

namespace AccelSim.Rtl.Rendering;

/// <summary>A file of text: its name and contents.</summary>
public sealed record SourceFile(string Name, string Text)
{
    /// <summary>The module in it, which has the file's name.</summary>
    public string Module => Path.GetFileNameWithoutExtension(Name);

    internal void Save(string folder) => File.WriteAllText(Path.Combine(folder, Name), Text);
}

/// <summary>The Verilog of a design: static cells, the generated top that instantiates them, and its testbench.</summary>
public static class HardwareSources
{
    public const string Top = "dsc_top";

    public const string Testbench = "dsc_tb";

    private static readonly Assembly Assembly = typeof(HardwareSources).Assembly;

    /// <summary>The hand-written cells, by name.</summary>
    public static IReadOnlyList<SourceFile> Cells() => Static("cells/");

    /// <summary>The static files of a folder of the resources, by name.</summary>
    internal static IReadOnlyList<SourceFile> Static(string folder) =>
        [.. Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new SourceFile(name[folder.Length..], Read(name)))];

    /// <summary>dsc_top.sv.</summary>
    public static SourceFile TopOf(BlockDesign design, string blockName) =>
        Render($"{Top}.sv", Variables(design, blockName));

    /// <summary>dsc_tb.sv.</summary>
    public static SourceFile TestbenchOf(BlockDesign design, string blockName) =>
        Render($"{Testbench}.sv", Variables(design, blockName));

    internal static SourceFile Render(string file, IReadOnlyDictionary<string, object?> variables)
    {
        string template = $"{file}.sbn";
        return new SourceFile(file, SourceTemplate.Render(template, Read($"templates/{template}"), variables));
    }

    internal static Dictionary<string, object?> Variables(BlockDesign design, string blockName) => new()
    {
        ["block"] = new { Name = blockName },
        ["top"] = Top,
        ["testbench"] = Testbench,
        ["shape"] = design.Shape,
        ["folding"] = design.Folding,
        ["design"] = design,
        ["drain_cycles"] = design.QueueDepth + design.DwLatency + design.PwLatency,
        ["timeout_cycles"] = TimeoutCycles(design),
    };

    /// <summary>
    /// Cycles without any beat that cannot happen in a live block: between two beats lie at most a pixel of each engine and
    /// their latencies, and the stalls that source and sink make.
    /// </summary>
    private static long TimeoutCycles(BlockDesign design) =>
        2 * (design.DwPixelCycles + design.PwPixelCycles + design.DwLatency + design.PwLatency) + 10_000;

    private static string Read(string resource)
    {
        using var stream = Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource '{resource}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
