using System.Collections.Immutable;

namespace AccelSim.Platforms.Reading;

/// <summary>The key <c>memories</c>: memories on the chip, from the array outwards.</summary>
internal static class MemoriesReader
{
    private static readonly Dictionary<string, MemoryContent> Contents = new(StringComparer.Ordinal)
    {
        ["activations"] = MemoryContent.Activations,
        ["weights"] = MemoryContent.Weights,
        ["accumulators"] = MemoryContent.Accumulators,
    };

    public static ImmutableArray<OnChipMemory> Read(Section root, FigureReader figures)
    {
        ImmutableArray<OnChipMemory> memories = [.. root.Children("memories").Select(memory => Memory(memory, figures))];
        foreach ((string word, MemoryContent content) in Contents.Where(content => content.Value != MemoryContent.Accumulators))
        {
            if (memories.Length > 0 && !memories.Any(memory => memory.Holds.Contains(content)))
                root.Errors.Add(root.LineOf("memories"), "memories", null, $"has no memory that holds {word}", $"at least one with '{word}' in 'holds'");
        }
        foreach (IGrouping<string, OnChipMemory> twice in memories.GroupBy(memory => memory.Name).Where(group => group.Key.Length > 0 && group.Count() > 1))
            root.Errors.Add(root.LineOf("memories"), "memories", twice.Key, "is the name of two memories", "a name of its own for each, since reports go by it");
        return memories;
    }

    private static OnChipMemory Memory(Section memory, FigureReader figures)
    {
        var result = new OnChipMemory(
            memory.Text("name"),
            memory.Words("holds", Contents),
            figures.Number(memory, "size", Quantity.Bytes, 64, 1e12),
            figures.Boolean(memory, "double_buffered"))
        {
            Fifo = memory.Has("fifo") ? figures.Boolean(memory, "fifo") : null,
            Banks = figures.OptionalCount(memory, "banks", 1, 65536),
            BankWidthBytes = figures.OptionalNumber(memory, "bank_width", Quantity.Bytes, 0.125, 65536),
            Ports = figures.OptionalCount(memory, "ports", 1, 16),
            ReadPicojoulesPerByte = figures.OptionalNumber(memory, "read_energy", Quantity.EnergyPerByte, 1e-6, 1e6),
            WritePicojoulesPerByte = figures.OptionalNumber(memory, "write_energy", Quantity.EnergyPerByte, 1e-6, 1e6),
        };
        if (result.Fifo?.Value == true && result.DoubleBuffered.Value)
            memory.Errors.Add(memory.LineOf("fifo"), memory.Join("fifo"), "true", "contradicts double_buffered", "one of the two");
        memory.Close();
        return result;
    }
}
