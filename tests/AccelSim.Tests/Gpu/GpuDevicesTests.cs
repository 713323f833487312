using AccelSim.Gpu;

namespace AccelSim.Tests.Gpu;

public sealed class GpuDevicesTests
{
    private static readonly GpuDevice Card = new("cuda:0", GpuDeviceKind.Cuda, "Card", 1L << 30, 10, 32, 1e9, "CUDA 12");
    private static readonly GpuDevice Threads = new("cpu", GpuDeviceKind.Cpu, "Threads", null, 1, 16, null, "ILGPU");

    [Fact]
    public void TheCpuAcceleratorIsAlwaysThereAndLast()
    {
        var devices = TestDevices.Present.Devices;
        Assert.Equal(GpuDevices.Cpu, devices[^1].Id);
        Assert.Equal(GpuDeviceKind.Cpu, devices[^1].Kind);
        Assert.Equal(devices.Count, devices.Select(device => device.Id).Distinct().Count());
        Assert.Equal(devices.OrderBy(device => device.Kind), devices);
    }

    [Theory]
    [MemberData(nameof(TestDevices.DevicesWithDriver), MemberType = typeof(TestDevices))]
    public void ADeviceIsDescribed(string id)
    {
        var device = TestDevices.Present.Select(TestDevices.Require(id));
        Assert.Equal(id.StartsWith("cuda:", StringComparison.Ordinal) ? GpuDeviceKind.Cuda : GpuDeviceKind.OpenCl, device.Kind);
        Assert.NotEmpty(device.Name);
        Assert.True(device.MemoryBytes > 0);
        Assert.True(device.Multiprocessors > 0);
        Assert.True(device.WarpSize > 0);
        Assert.NotEmpty(device.Driver);
        Assert.Equal($"{id} ({device.Name})", device.ToString());
    }

    [Fact]
    public void AutoIsTheFirstDeviceAndCaseDoesNotMatter()
    {
        var list = new GpuDeviceList([Card, Threads], []);
        Assert.Same(Card, list.Select("auto"));
        Assert.Same(Card, list.Select("AUTO"));
        Assert.Same(Threads, list.Select("Cpu"));
        Assert.Same(Threads, new GpuDeviceList([Threads], []).Select("auto"));
    }

    [Theory]
    [InlineData("cuda:1")]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("cuda:-1")]
    public void AnUnknownIdListsWhatThereIs(string id)
    {
        var error = Assert.Throws<GpuDeviceNotFoundException>(() => new GpuDeviceList([Card, Threads], ["Install a driver."]).Select(id));
        Assert.Equal($"There is no device '{id}' here. Choose auto or one of: cuda:0 (Card), cpu (Threads). Install a driver.", error.Message);
    }

    [Fact]
    public void OpeningAnUnknownIdListsWhatThereIs()
    {
        var error = Assert.Throws<GpuDeviceNotFoundException>(() => GpuBackend.Open("opencl:99"));
        Assert.StartsWith("There is no device 'opencl:99' here. Choose auto or one of: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("cpu (ILGPU on CPU threads)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingOpenClNamesThePackages()
    {
        Assert.Null(GpuDevices.OpenClHint(loaderIsPresent: true, hasDevice: true));
        Assert.Contains("apt-get install ocl-icd-libopencl1 pocl-opencl-icd", GpuDevices.OpenClHint(loaderIsPresent: false, hasDevice: false), StringComparison.Ordinal);
        Assert.Contains("apt-get install pocl-opencl-icd", GpuDevices.OpenClHint(loaderIsPresent: true, hasDevice: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mine", "/cache", "/home/u", null)]
    [InlineData(null, "/cache", "/home/u", "/cache/pocl")]
    [InlineData("", "", "/home/u", "/home/u/.cache/accelsim/pocl")]
    public void CompiledKernelsAreKeptInTheCacheFolder(string? pocl, string? accelSim, string? home, string? expected) =>
        Assert.Equal(expected, OpenClRuntime.PoclCacheFolder(name => name switch
        {
            "POCL_CACHE_DIR" => pocl,
            "ACCELSIM_CACHE" => accelSim,
            "HOME" => home,
            _ => null,
        }));

    /// <summary>PoCL's memory size follows what the machine has free, so that only the ids can be compared.</summary>
    [Fact]
    public void ListingFromManyThreadsGivesOneAnswer()
    {
        var lists = new GpuDeviceList[4];
        Parallel.For(0, lists.Length, i => lists[i] = GpuDevices.List());
        Assert.All(lists, list => Assert.Equal(TestDevices.Present.Devices.Select(device => device.Id), list.Devices.Select(device => device.Id)));
    }
}
