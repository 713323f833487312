using AccelSim.Platforms;

namespace AccelSim.Tests.Platforms;

public sealed class StackFileTests
{
    private const string Legal = """
        name: mini
        kind: stack
        title: Mini
        description: A stack.
        sources:
          fit: { text: some rows, confidence: assumption }
        fusion: epilogue
        launches: serial
        compute_efficiency: { value: 80 %, source: fit }
        memory_efficiency: { value: 90 %, source: fit }
        launch: { value: 5 us, source: fit }
        """;

    [Fact]
    public void Every_shipped_stack_reads_and_has_at_most_three_constants()
    {
        var catalog = PlatformCatalog.Open();
        string[] names = [.. Directory.EnumerateFiles(Path.Combine(catalog.Folder, StackProfile.FolderName), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path))];
        Assert.True(names.Length >= 9);
        Assert.All(names, name => Assert.Equal(name, StackProfile.Find(catalog, name).Name));
    }

    [Fact]
    public void A_stack_arrives_in_base_units()
    {
        var stack = StackProfile.Parse(Legal, "mini.yaml");
        Assert.Equal((StackFusion.Epilogue, true, false, true, false), (stack.Fusion, stack.IsSerial, stack.Winograd, stack.SplitsConvolutions, stack.VectorProductsOnOneCore));
        Assert.Equal((0.8, 0.9), (stack.ComputeEfficiency.Value, stack.MemoryEfficiency.Value));
        Assert.Equal(5e-6, stack.LaunchSeconds.Value, 1e-18);
    }

    [Theory]
    [InlineData("fusion: epilogue", "fusion: epilog", "mini.yaml:7: fusion: 'epilog' is not known; did you mean 'epilogue'?; allowed: none, elementwise or epilogue")]
    [InlineData("launches: serial", "launch_order: serial", "mini.yaml:1: launches: is missing")]
    [InlineData("value: 80 %", "value: 0.8", "mini.yaml:9: compute_efficiency: '0.8' has no unit")]
    [InlineData("value: 90 %", "value: -90 %", "mini.yaml:10: memory_efficiency: '-90 %' is out of range")]
    [InlineData("source: fit }\nlaunch:", "source: fits }\nlaunch:", "mini.yaml:10: memory_efficiency.source: 'fits' is not an entry of 'sources'; did you mean 'fit'?")]
    [InlineData("kind: stack", "kind: gpu", "mini.yaml:2: kind: 'gpu' is not known")]
    public void A_mistake_is_named_with_its_line(string right, string wrong, string message)
    {
        Assert.Contains(right, Legal, StringComparison.Ordinal);
        var error = Assert.Throws<PlatformFileException>(() => StackProfile.Parse(Legal.Replace(right, wrong, StringComparison.Ordinal), "mini.yaml"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_stack_lists_those_that_there_are()
    {
        var error = Assert.Throws<UnknownPlatformException>(() => StackProfile.Find(PlatformCatalog.Open(), "openvino"));
        Assert.Contains("there is no software stack 'openvino'", error.Message, StringComparison.Ordinal);
        Assert.Contains("tensorrt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cpu_reads_with_its_cores_and_rates()
    {
        var cpu = Assert.IsType<CpuPlatform>(PlatformCatalog.Open().Find("cpu-i9-10940x"));
        Assert.Equal((14, 2.96e12, 94e9), (cpu.Cores.Value, cpu.Float32OpsPerSecond.Value, cpu.Dram.BytesPerSecond.Value));
    }
}
