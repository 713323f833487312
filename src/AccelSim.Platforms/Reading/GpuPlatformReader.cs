namespace AccelSim.Platforms.Reading;

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
            Rate(peak, "tf32"),
            figures.Number(peak, "float32", Quantity.OperationRate, 1e9, 1e17),
            Rate(peak, "int8_beside"),
            figures.Number(root, "last_level_cache", Quantity.Bytes, 1024, 1e11),
            file.Dram());
        peak.Close();
        return platform;

        Figure<double>? Rate(Section section, string key) => figures.OptionalNumber(section, key, Quantity.OperationRate, 1e9, 1e17);
    }
}
