namespace AccelSim.Platforms.Reading;

/// <summary>The keys of <c>kind: stack</c>.</summary>
internal static class StackReader
{
    private static readonly Dictionary<string, StackFusion> Fusions = new(StringComparer.Ordinal)
    {
        ["none"] = StackFusion.None,
        ["elementwise"] = StackFusion.Elementwise,
        ["epilogue"] = StackFusion.Epilogue,
    };

    private static readonly Dictionary<string, bool> Launches = new(StringComparer.Ordinal) { ["overlapped"] = false, ["serial"] = true };

    private static readonly Dictionary<string, bool> Winograd = new(StringComparer.Ordinal) { ["direct"] = false, ["winograd"] = true };

    private static readonly Dictionary<string, bool> Sums = new(StringComparer.Ordinal) { ["whole"] = false, ["split"] = true };

    private static readonly Dictionary<string, bool> VectorProducts = new(StringComparer.Ordinal) { ["all_cores"] = false, ["one_core"] = true };

    private static readonly Dictionary<string, bool> Weights = new(StringComparer.Ordinal) { ["stored"] = false, ["cast"] = true };

    public static StackProfile Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        return new StackProfile(
            header,
            root.Word("fusion", Fusions),
            root.Word("launches", Launches),
            root.Has("float32_3x3") && root.Word("float32_3x3", Winograd),
            !root.Has("convolution_sums") || root.Word("convolution_sums", Sums),
            root.Has("vector_products") && root.Word("vector_products", VectorProducts),
            root.Has("float16_weights") && root.Word("float16_weights", Weights),
            figures.Number(root, "compute_efficiency", Quantity.Share, 0.001, 10),
            figures.Number(root, "memory_efficiency", Quantity.Share, 0.001, 10),
            figures.Number(root, "launch", Quantity.Time, 1e-9, 1));
    }
}
