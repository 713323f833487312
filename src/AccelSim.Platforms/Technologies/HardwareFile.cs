using AccelSim.Platforms.Reading;

namespace AccelSim.Platforms;

/// <summary>Reads any file of the <c>hw</c> folder: a platform, a technology, an energy profile or the energies of DRAM.</summary>
public static class HardwareFile
{
    private static readonly Dictionary<string, Func<PlatformFileContent, HardwareDescription>> Technologies = new(StringComparer.Ordinal)
    {
        ["technology"] = TechnologyReader.Read,
        ["dram_energy"] = TechnologyReader.ReadDram,
        ["energy_profile"] = EnergyProfileReader.ReadFile,
    };

    private static readonly Dictionary<string, Func<PlatformFileContent, HardwareDescription>> Kinds =
        PlatformFile.Readers.Select(reader => KeyValuePair.Create(reader.Key, (Func<PlatformFileContent, HardwareDescription>)reader.Value))
            .Concat(Technologies)
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Reads and validates one file of any kind.</summary>
    /// <exception cref="PlatformFileException">The file is not legal; the message lists every error.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static HardwareDescription Read(string path) => PlatformFile.Read(path, Kinds);

    /// <summary>Reads and validates the text of one file of any kind.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="path">The path that messages name; its stem must be the name in the file.</param>
    /// <exception cref="PlatformFileException">The text is not legal; the message lists every error.</exception>
    public static HardwareDescription Parse(string text, string path) => PlatformFile.Parse(text, path, Kinds);
}
