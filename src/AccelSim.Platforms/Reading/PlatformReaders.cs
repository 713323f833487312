using System.Collections.Immutable;

namespace AccelSim.Platforms.Reading;

/// <summary>What the reader of one kind of platform is given.</summary>
/// <param name="Header">Names, prose and sources, read already.</param>
/// <param name="Root">The top of the file.</param>
/// <param name="Figures">Reads figures and holds them to the file's sources.</param>
internal sealed record PlatformFileContent(PlatformHeader Header, Section Root, FigureReader Figures)
{
    public Figure<double> Clock() => Figures.Number(Root, "clock", Quantity.Frequency, 1e3, 1e13);

    public Figure<double>? Process() => Figures.OptionalNumber(Root, "process", Quantity.Length, 1, 1000);

    public Figure<double>? Power() => Figures.OptionalNumber(Root, "power", Quantity.Power, 1e-3, 1e4);

    public OffChipMemory Dram()
    {
        Section dram = Root.Child("dram");
        var memory = new OffChipMemory(
            Figures.Number(dram, "bandwidth", Quantity.Bandwidth, 1e6, 1e14),
            Figures.OptionalText(dram, "type"),
            Figures.OptionalNumber(dram, "capacity", Quantity.Bytes, 1024, 1e13),
            Figures.OptionalNumber(dram, "latency", Quantity.Time, 1e-9, 1e-3));
        dram.Close();
        return memory;
    }
}

/// <summary>The keys of <c>kind: gpu</c>.</summary>
internal static class GpuPlatformReader
{
    public static GpuPlatform Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Section peak = root.Child("peak");
        var platform = new GpuPlatform(
            header,
            file.Clock(),
            file.Process(),
            file.Power(),
            figures.Count(root, "multiprocessors", 1, 4096),
            Rate(peak, "int8"),
            Rate(peak, "float16"),
            figures.Number(peak, "float32", Quantity.OperationRate, 1e9, 1e17),
            figures.Number(root, "last_level_cache", Quantity.Bytes, 1024, 1e11),
            file.Dram(),
            figures.OptionalNumber(root, "launch", Quantity.Time, 1e-8, 1e-3));
        peak.Close();
        return platform;

        Figure<double>? Rate(Section section, string key) => figures.OptionalNumber(section, key, Quantity.OperationRate, 1e9, 1e17);
    }
}

/// <summary>The keys of <c>kind: fpga</c>.</summary>
internal static class FpgaPlatformReader
{
    private static readonly Dictionary<string, FpgaFamily> Families = new(StringComparer.Ordinal)
    {
        ["series7"] = FpgaFamily.Series7,
        ["ultrascale_plus"] = FpgaFamily.UltraScalePlus,
        ["ecp5"] = FpgaFamily.Ecp5,
        ["ice40"] = FpgaFamily.Ice40,
    };

    public static FpgaPlatform Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Section fabric = root.Child("fabric");
        var platform = new FpgaPlatform(
            header,
            file.Clock(),
            file.Process(),
            file.Power(),
            figures.Word(root, "family", Families),
            new FpgaFabric(
                figures.Count(fabric, "lut", 1, 100_000_000),
                figures.OptionalCount(fabric, "register", 1, 100_000_000),
                figures.Count(fabric, "dsp", 0, 1_000_000),
                figures.Count(fabric, "int8_macs_per_dsp", 1, 16),
                figures.Count(fabric, "block_ram", 0, 1_000_000),
                figures.Number(fabric, "block_ram_size", Quantity.Bits, 1024, 1024 * 1024),
                figures.OptionalCount(fabric, "ultra_ram", 1, 1_000_000),
                figures.OptionalNumber(fabric, "ultra_ram_size", Quantity.Bits, 1024, 16 * 1024 * 1024)),
            file.Dram());
        if (fabric.Has("ultra_ram") != fabric.Has("ultra_ram_size"))
        {
            string present = fabric.Has("ultra_ram") ? "ultra_ram" : "ultra_ram_size";
            fabric.Errors.Add(fabric.LineOf(present), fabric.Join(present), null, "needs its partner", "both 'ultra_ram' and 'ultra_ram_size', or neither");
        }

        fabric.Close();
        return platform;
    }
}

/// <summary>The keys of <c>kind: asic</c>.</summary>
internal static class AsicPlatformReader
{
    private static readonly Dictionary<string, StationaryOperand> Operands = new(StringComparer.Ordinal)
    {
        ["output"] = StationaryOperand.Output,
        ["weight"] = StationaryOperand.Weight,
        ["input"] = StationaryOperand.Input,
    };

    private static readonly Dictionary<string, FoldOverlap> Overlaps = new(StringComparer.Ordinal)
    {
        ["serial"] = FoldOverlap.Serial,
        ["pipelined"] = FoldOverlap.Pipelined,
    };

    private static readonly Dictionary<string, MemoryContent> Contents = new(StringComparer.Ordinal)
    {
        ["activations"] = MemoryContent.Activations,
        ["weights"] = MemoryContent.Weights,
        ["accumulators"] = MemoryContent.Accumulators,
    };

    public static AsicPlatform Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Section array = root.Child("array");
        Section vector = root.Child("vector_unit");
        var platform = new AsicPlatform(
            header,
            file.Clock(),
            file.Process(),
            file.Power(),
            new SystolicArray(
                figures.Count(array, "rows", 1, 4096),
                figures.Count(array, "columns", 1, 4096),
                figures.Word(array, "stationary", Operands),
                figures.Word(array, "folds", Overlaps)),
            figures.Count(vector, "lanes", 1, 65536),
            [.. root.Children("memories").Select(memory => Memory(memory, figures))],
            file.Dram());
        array.Close();
        vector.Close();
        CheckMemories(platform, root);
        return platform;
    }

    private static OnChipMemory Memory(Section memory, FigureReader figures)
    {
        var result = new OnChipMemory(
            memory.Text("name"),
            memory.Words("holds", Contents),
            figures.Number(memory, "size", Quantity.Bytes, 64, 1e12),
            figures.Boolean(memory, "double_buffered"));
        memory.Close();
        return result;
    }

    private static void CheckMemories(AsicPlatform platform, Section root)
    {
        foreach ((string word, MemoryContent content) in Contents.Where(content => content.Value != MemoryContent.Accumulators))
        {
            if (platform.Memories.Length > 0 && !platform.Memories.Any(memory => memory.Holds.Contains(content)))
                root.Errors.Add(root.LineOf("memories"), "memories", null, $"has no memory that holds {word}", $"at least one with '{word}' in 'holds'");
        }
    }
}
