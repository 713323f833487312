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
                figures.Word(array, "folds", Overlaps))
            {
                Grouped = ArrayAdditionsReader.GroupsOf(array, figures),
            },
            figures.Count(vector, "lanes", 1, 65536),
            MemoriesReader.Read(root, figures),
            file.Dram(),
            CalibrationReader.Read(root))
        {
            Energy = EnergyProfileReader.Read(file),
            Arrays = ArrayAdditionsReader.Arrays(root, figures),
            DepthwiseEngine = ArrayAdditionsReader.Depthwise(root, figures),
            FuseDepthwise = ArrayAdditionsReader.FuseDepthwise(root, figures),
            Sparsity = ArrayAdditionsReader.Sparsity(root, figures),
        };
        array.Close();
        vector.Close();
        return platform;
    }
}
