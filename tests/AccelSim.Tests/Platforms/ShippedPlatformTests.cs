using AccelSim.Platforms;

namespace AccelSim.Tests.Platforms;

public sealed class ShippedPlatformTests
{
    private static readonly PlatformCatalog Catalog = PlatformCatalog.Open();

    public static TheoryData<string> Names => [.. Catalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_file_is_legal_and_every_source_says_something(string name)
    {
        var platform = Catalog.Find(name);
        Assert.NotEmpty(platform.Header.Sources);
        Assert.All(platform.Header.Sources, source => Assert.True(source.Text.Length > 15, source.Key));
        Assert.True(platform.ClockHertz.Value > 1e6);
        Assert.True(platform.Dram.BytesPerSecond.Value > 1e6);
    }

    [Fact]
    public void The_platforms_that_compare_needs_are_there()
    {
        string[] needed =
        [
            "a100", "alveo-u250", "ecp5-85f", "edge_tpu", "gemmini_16x16", "generic_128x128", "generic_16x16", "generic_32x32",
            "h100", "jetson-agx-orin", "t4", "tpu_v1", "ultra96", "zcu102", "zcu104", "kv260", "ice40up5k", "zynq-7020", "eyeriss_v1", "nvdla_2048", "dpu_zcu102", "what_if_optical",
        ];
        Assert.Subset(Catalog.Names.ToHashSet(), needed.ToHashSet());
        Assert.Equal(Catalog.Names.Order(StringComparer.Ordinal), Catalog.Names);
    }

    [Fact]
    public void The_folder_of_a_platform_is_its_kind() => Assert.All(
        Catalog.All(),
        platform => Assert.Equal(platform.Kind, Path.GetFileName(Path.GetDirectoryName(platform.Header.File))));

    // MACs of the array, twice the clock: the peak that the maker publishes.
    [Theory]
    [InlineData("tpu_v1", 92e12)]
    [InlineData("edge_tpu", 4e12)]
    [InlineData("gemmini_16x16", 0.512e12)]
    public void An_array_and_its_clock_give_the_published_peak(string name, double operationsPerSecond)
    {
        var platform = Assert.IsType<AsicPlatform>(Catalog.Find(name));
        double peak = 2 * platform.Array.Rows.Value * platform.Array.Columns.Value * platform.ClockHertz.Value;
        Assert.InRange(peak / operationsPerSecond, 0.97, 1.03);
    }

    [Fact]
    public void Units_arrive_in_base_units()
    {
        var tpu = Assert.IsType<AsicPlatform>(Catalog.Find("tpu_v1"));
        Assert.Equal(700e6, tpu.ClockHertz.Value);
        Assert.Equal(34e9, tpu.Dram.BytesPerSecond.Value);
        Assert.Equal(24 * 1024 * 1024, tpu.Memories.Single(memory => memory.Holds.Contains(MemoryContent.Activations)).SizeBytes.Value);
        var edge = Assert.IsType<AsicPlatform>(Catalog.Find("edge_tpu"));
        Assert.Equal(8 * 1024 * 1024, Assert.Single(edge.Memories, memory => memory.Holds.Length == 3).SizeBytes.Value);
        Assert.Equal(StationaryOperand.Weight, tpu.Array.Stationary.Value);
        Assert.Equal(Confidence.Verified, tpu.ClockHertz.Source.Confidence);
        var u250 = Assert.IsType<FpgaPlatform>(Catalog.Find("alveo-u250"));
        Assert.Equal((2688 * 36 * 1024 + 1280 * 288 * 1024) / 8, u250.Fabric.OnChipBytes);
        var h100 = Assert.IsType<GpuPlatform>(Catalog.Find("h100"));
        Assert.Equal(1979e12, h100.Int8OpsPerSecond!.Value);
        Assert.Equal(3e-6, h100.LaunchSeconds!.Value, 1e-12);
    }

    [Theory]
    [InlineData("TPU-V1", "tpu_v1")]
    [InlineData("jetson_agx_orin", "jetson-agx-orin")]
    [InlineData("google-tpu-v1", "tpu_v1")]
    [InlineData("Coral_EdgeTPU", "edge_tpu")]
    public void Names_ignore_case_and_the_kind_of_dash_and_aliases_count(string asked, string name) =>
        Assert.Equal(name, Catalog.Find(asked).Name);

    [Fact]
    public void A_platform_is_found_by_path() =>
        Assert.Equal("zcu102", Catalog.Find(Path.Combine(Catalog.Folder, "fpga", "zcu102.yaml")).Name);

    [Theory]
    [InlineData("tpu_v2", "there is no platform 'tpu_v2'; did you mean tpu_v1?")]
    [InlineData("zcu120", "there is no platform 'zcu120'; did you mean zcu102 or zcu104?")]
    [InlineData("generic", "there is no platform 'generic'; did you mean generic_128x128 or generic_16x16 or generic_256x256?")]
    [InlineData("no/such.yaml", "there is no platform file 'no/such.yaml'")]
    public void A_miss_names_what_is_near(string asked, string message) =>
        Assert.Equal(message, Assert.Throws<UnknownPlatformException>(() => Catalog.Find(asked)).Message);

    [Fact]
    public void A_miss_far_from_all_lists_them() => Assert.Equal(
        $"there is no platform 'quantum'; known: {string.Join(", ", Catalog.Names)}",
        Assert.Throws<UnknownPlatformException>(() => Catalog.Find("quantum")).Message);

    [Fact]
    public void The_home_can_be_given() =>
        Assert.Equal(Catalog.Names, PlatformCatalog.Open(Path.GetDirectoryName(Catalog.Folder)).Names);

    [Fact]
    public void A_home_without_hw_is_named() => Assert.Equal(
        "the home of AccelSim is '/no/such' (ACCELSIM_HOME), but there is no folder '/no/such/hw'",
        Assert.Throws<DirectoryNotFoundException>(() => PlatformCatalog.Open("/no/such")).Message);

    [Fact]
    public void Two_files_of_one_name_are_refused()
    {
        string folder = Directory.CreateTempSubdirectory("accelsim-hw-").FullName;
        try
        {
            foreach (string path in (string[])["asic/my_array.yaml", "fpga/My-Array.yaml"])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
                File.WriteAllText(Path.Combine(folder, path), "");
            }
            string message = Assert.Throws<UnknownPlatformException>(() => new PlatformCatalog(folder)).Message;
            Assert.Equal($"{folder}/asic/my_array.yaml and {folder}/fpga/My-Array.yaml bear the same name; '-' and '_' count as one character, and case does not count", message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_without_platforms_is_named() =>
        Assert.Contains("/no/such/folder has no platform files", Assert.Throws<DirectoryNotFoundException>(() => new PlatformCatalog("/no/such/folder")).Message, StringComparison.Ordinal);
}
