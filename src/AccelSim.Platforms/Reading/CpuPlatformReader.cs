namespace AccelSim.Platforms.Reading;

/// <summary>The keys of <c>kind: cpu</c>.</summary>
internal static class CpuPlatformReader
{
    public static CpuPlatform Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Section peak = root.Child("peak");
        var platform = new CpuPlatform(
            header,
            file.Clock(),
            file.Process(),
            file.Power(),
            figures.Count(root, "cores", 1, 4096),
            figures.Number(peak, "float32", Quantity.OperationRate, 1e6, 1e17),
            figures.OptionalNumber(peak, "int8", Quantity.OperationRate, 1e6, 1e17),
            figures.Number(root, "last_level_cache", Quantity.Bytes, 1024, 1e11),
            file.Dram());
        peak.Close();
        return platform;
    }
}
