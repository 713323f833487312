namespace AccelSim.Platforms.Reading;

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
            file.Dram())
        {
            Energy = EnergyProfileReader.Read(file),
        };
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
