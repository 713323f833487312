using AccelSim.Platforms.Reading;

namespace AccelSim.Platforms;

/// <summary>Which layers share a kernel.</summary>
public enum StackFusion
{
    /// <summary>None.</summary>
    None,

    /// <summary>Elementwise layers among themselves.</summary>
    Elementwise,

    /// <summary>Elementwise layers in the end of the product before them.</summary>
    Epilogue,
}

/// <summary>A software stack, read from <c>hw/stacks</c>: how layers become kernels, and at most three constants for all devices and networks.</summary>
/// <param name="Header">Names, prose and sources; the sources list the rows that the constants were fitted to.</param>
/// <param name="Fusion">Which layers share a kernel.</param>
/// <param name="IsSerial">A kernel waits for its launch; otherwise the host runs ahead.</param>
/// <param name="Winograd">Float32 3×3 convolutions of stride 1 take Winograd's form.</param>
/// <param name="SplitsConvolutions">The sums of a convolution with few tiles are split over idle multiprocessors.</param>
/// <param name="VectorProductsOnOneCore">A matrix-vector product runs on one core.</param>
/// <param name="CastsWeights">Float32 weights are cast before each use in float16.</param>
/// <param name="ComputeEfficiency">Reached ÷ data sheet's peak for a full wave of large tiles.</param>
/// <param name="MemoryEfficiency">Reached ÷ data sheet's bandwidth.</param>
/// <param name="LaunchSeconds">A kernel's launch.</param>
public sealed record StackProfile(
    PlatformHeader Header,
    StackFusion Fusion,
    bool IsSerial,
    bool Winograd,
    bool SplitsConvolutions,
    bool VectorProductsOnOneCore,
    bool CastsWeights,
    Figure<double> ComputeEfficiency,
    Figure<double> MemoryEfficiency,
    Figure<double> LaunchSeconds)
    : HardwareDescription(Header)
{
    /// <summary>The folder beside the platforms'.</summary>
    public const string FolderName = "stacks";

    private static readonly Dictionary<string, Func<PlatformFileContent, StackProfile>> Kinds = new(StringComparer.Ordinal) { ["stack"] = StackReader.Read };

    /// <inheritdoc/>
    public override string Kind => "stack";

    /// <summary>Reads and validates the text of a stack's file.</summary>
    /// <inheritdoc cref="PlatformFile.Parse(string, string)"/>
    public static StackProfile Parse(string text, string path) => PlatformFile.Parse(text, path, Kinds);

    /// <summary>Reads <c>stacks/NAME.yaml</c> of a catalog's folder.</summary>
    /// <exception cref="UnknownPlatformException">There is none of that name; the message lists all.</exception>
    /// <exception cref="PlatformFileException">The file is not legal; the message lists every error.</exception>
    public static StackProfile Find(PlatformCatalog catalog, string name)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(name);
        string folder = Path.Combine(catalog.Folder, FolderName);
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)] : [];
        string? path = files.FirstOrDefault(file => PlatformName.Same(Path.GetFileNameWithoutExtension(file), name));
        return path is null
            ? throw new UnknownPlatformException($"there is no software stack '{name}' in {folder}; known: {string.Join(", ", files.Select(Path.GetFileNameWithoutExtension))}")
            : PlatformFile.Read(path, Kinds);
    }
}
