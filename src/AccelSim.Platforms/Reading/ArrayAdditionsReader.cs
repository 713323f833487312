namespace AccelSim.Platforms.Reading;

/// <summary>What an accelerator may have beside its one dense array: <c>arrays</c>, <c>depthwise_engine</c>, <c>fuse_depthwise</c>, <c>sparsity</c> and, of the array, <c>grouped</c>.</summary>
internal static class ArrayAdditionsReader
{
    private static readonly Dictionary<string, SharedWork> Work = new(StringComparer.Ordinal)
    {
        ["auto"] = SharedWork.Auto,
        ["output_channels"] = SharedWork.OutputChannels,
        ["pixels"] = SharedWork.Pixels,
        ["groups"] = SharedWork.Groups,
        ["images"] = SharedWork.Images,
    };

    private static readonly Dictionary<string, GroupedLayers> Grouped = new(StringComparer.Ordinal)
    {
        ["auto"] = GroupedLayers.Auto,
        ["one_group_a_fold"] = GroupedLayers.OneGroupAFold,
        ["groups_across_columns"] = GroupedLayers.GroupsAcrossColumns,
        ["pixels_across_columns"] = GroupedLayers.PixelsAcrossColumns,
    };

    public static IdenticalArrays? Arrays(Section root, FigureReader figures) => Optional(root, "arrays", section => new IdenticalArrays(
        figures.Count(section, "count", 1, 1024),
        figures.Word(section, "divide", Work)));

    public static DepthwiseUnit? Depthwise(Section root, FigureReader figures) => Optional(root, "depthwise_engine", section => new DepthwiseUnit(
        figures.Count(section, "channels", 1, 65536),
        figures.Count(section, "taps", 1, 65536)));

    public static StructuredSparsity? Sparsity(Section root, FigureReader figures)
    {
        StructuredSparsity? sparsity = Optional(root, "sparsity", section => new StructuredSparsity(
            figures.Count(section, "kept", 1, 63),
            figures.Count(section, "of", 2, 64)));
        if (sparsity is not null && sparsity.Kept.Value >= sparsity.Of.Value && root.OptionalChild("sparsity") is { } section)
            root.Errors.Add(section.LineOf("kept"), section.Join("kept"), FormattableString.Invariant($"{sparsity.Kept.Value}"), "keeps every weight of a block", FormattableString.Invariant($"1 to {Math.Max(1, sparsity.Of.Value - 1)}, fewer than 'of'"));
        return sparsity;
    }

    public static Figure<bool>? FuseDepthwise(Section root, FigureReader figures) => root.Has("fuse_depthwise") ? figures.Boolean(root, "fuse_depthwise") : null;

    public static Figure<GroupedLayers>? GroupsOf(Section array, FigureReader figures) => array.Has("grouped") ? figures.Word(array, "grouped", Grouped) : null;

    private static T? Optional<T>(Section root, string key, Func<Section, T> read)
        where T : class
    {
        if (root.OptionalChild(key) is not { } section)
            return null;
        T result = read(section);
        section.Close();
        return result;
    }
}
