using System.Collections.Immutable;
using System.Text.Json;

namespace AccelSim.Gpu;

/// <summary>
/// The kernel that was measured to be the fastest on a device for each shape of convolution and fully connected layer. A file of the user's cache keeps it, one for
/// each device and driver.
/// </summary>
public sealed class TuningTable
{
    private const int Format = 1;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private TuningTable(ImmutableSortedDictionary<string, TunedKernel> kernels) => Kernels = kernels;

    /// <summary>Nothing was measured.</summary>
    public static TuningTable Empty { get; } = new(ImmutableSortedDictionary.Create<string, TunedKernel>(StringComparer.Ordinal));

    /// <summary>By shape.</summary>
    public ImmutableSortedDictionary<string, TunedKernel> Kernels { get; }

    /// <summary>
    /// Where a device's measurements are kept: <c>$ACCELSIM_CACHE/tuning</c>, else <c>~/.cache/accelsim/tuning</c>, in a file that bears the device's and the
    /// driver's name, for a new driver compiles other code.
    /// </summary>
    public static string FileOf(GpuDevice device) => FileOf(device, Environment.GetEnvironmentVariable);

    internal static string FileOf(GpuDevice device, Func<string, string?> environment) =>
        Path.Combine(CacheFolder.Of(environment), "tuning", Slug($"{device.Kind} {device.Name} {device.Driver}") + ".json");

    /// <summary>What was measured on a device; nothing where there is no file, or one of another format, which the next measurement replaces.</summary>
    public static TuningTable Load(GpuDevice device) => Read(FileOf(device));

    /// <summary>The same table with entries added or replaced.</summary>
    internal TuningTable With(IEnumerable<KeyValuePair<string, TunedKernel>> kernels) => new(Kernels.SetItems(kernels));

    internal ProductChoice? Choice(ProductProblem problem) =>
        Kernels.TryGetValue(problem.Key, out var tuned) && ProductChoice.TryParse(tuned.Kernel, out var choice) ? choice : null;

    internal static TuningTable Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var stored = JsonSerializer.Deserialize<TuningFile>(stream, Json);
            return stored is { Format: Format, Kernels: { } kernels } ? Empty.With(kernels) : Empty;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return Empty;
        }
    }

    /// <summary>Writes the table beside what the file holds of other shapes by now, at once or not at all: two processes may tune at a time.</summary>
    internal void Save(GpuDevice device, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var merged = Read(file).With(Kernels);
        string partial = $"{file}.{Environment.ProcessId}.{Guid.NewGuid():n}";
        try
        {
            using (var stream = File.Create(partial))
                JsonSerializer.Serialize(stream, new TuningFile(Format, device.Name, device.Driver, merged.Kernels), Json);
            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static string Slug(string text) => string.Join('-', new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? char.ToLowerInvariant(c) : ' ')])
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private sealed record TuningFile(int Format, string Device, string Driver, IReadOnlyDictionary<string, TunedKernel> Kernels);
}

/// <summary>The fastest kernel of a shape.</summary>
/// <param name="Kernel">As <c>Panels/64</c>, <c>Rows</c> or <c>Tile64x128</c>.</param>
/// <param name="Seconds">The shortest of its runs.</param>
/// <param name="DefaultSeconds">That of the kernel that is taken without a measurement.</param>
public sealed record TunedKernel(string Kernel, double Seconds, double DefaultSeconds);
