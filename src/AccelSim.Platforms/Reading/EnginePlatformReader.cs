namespace AccelSim.Platforms.Reading;

/// <summary>The keys of <c>kind: engine</c>.</summary>
internal static class EnginePlatformReader
{
    private const int MostUnits = 4096;

    private static readonly Dictionary<string, Func<Section, FigureReader, ComputeEngine>> Arrangements = new(StringComparer.Ordinal)
    {
        ["channel_parallel"] = ChannelParallel,
        ["row_stationary"] = RowStationary,
    };

    public static EnginePlatform Read(PlatformFileContent file)
    {
        (PlatformHeader header, Section root, FigureReader figures) = file;
        Section engine = root.Child("engine");
        ComputeEngine units = engine.Word("arrangement", Arrangements)(engine, figures);
        engine.Close();
        return new EnginePlatform(
            header,
            file.Clock(),
            file.Process(),
            file.Power(),
            units,
            figures.Count(root, "cores", 1, 1024),
            figures.Number(root, "buffer", Quantity.Bytes, 64, 1e12),
            figures.OptionalNumber(root, "keep", Quantity.Bytes, 64, 1e12),
            figures.OptionalNumber(root, "port", Quantity.Bandwidth, 1e6, 1e14),
            file.Dram(),
            CalibrationReader.Read(root));
    }

    private static ChannelParallelUnits ChannelParallel(Section engine, FigureReader figures) => new(
        figures.Count(engine, "pixels", 1, MostUnits),
        figures.Count(engine, "input_channels", 1, MostUnits),
        figures.Count(engine, "output_channels", 1, MostUnits),
        figures.Boolean(engine, "packs_kernel_columns"),
        figures.OptionalCount(engine, "depthwise_pixels", 1, MostUnits),
        figures.Count(engine, "lanes", 1, 65536),
        figures.OptionalCount(engine, "cycles_a_weight", 1, 65536));

    private static RowStationaryElements RowStationary(Section engine, FigureReader figures) => new(
        figures.Count(engine, "rows", 1, MostUnits),
        figures.Count(engine, "columns", 1, MostUnits),
        figures.Count(engine, "filter_words", 1, 1 << 20),
        figures.Count(engine, "input_words", 1, 1 << 20),
        figures.Count(engine, "sum_words", 1, 1 << 20),
        figures.Count(engine, "word_bytes", 1, 8),
        figures.Count(engine, "sums_per_cycle", 1, MostUnits),
        figures.OptionalNumber(engine, "coded_bits", Quantity.Bits, 1, 128));
}
