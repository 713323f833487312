using AccelSim.Gpu;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// Without a CUDA device: every kernel compiles to PTX, in the form that was meant. ILGPU makes the same text for sm_80 and all targets after it, but for the
/// directive; ACCELSIM_EVERY_PTX=1 compiles every kernel for every target.
/// </summary>
public sealed class CudaCompilationTests
{
    public static TheoryData<string> Targets => Environment.GetEnvironmentVariable("ACCELSIM_EVERY_PTX") == "1" ? [.. CudaTarget.All.Select(target => target.Name)] : ["sm_75", "sm_90"];

    [Theory]
    [MemberData(nameof(Targets))]
    public void EveryKernelCompilesToPtxOfItsForm(string name)
    {
        var target = CudaTarget.Of(name);
        using var compiler = new PtxCompiler(target);
        int withDotProducts = 0, withVectors = 0;
        foreach (var kernel in KernelCatalog.All)
        {
            string assembly = compiler.Compile(kernel);
            Assert.Contains($".target {name}\r", assembly.ReplaceLineEndings("\r\n"), StringComparison.Ordinal);
            Assert.Contains(".version 8.0", assembly, StringComparison.Ordinal);
            var row = PtxTable.Of(target, kernel, assembly);
            var listing = row.Listing;
            var types = kernel.Method.GetGenericArguments();
            // Local memory is global memory with another name: an array or a struct that could not stay in registers.
            Assert.True(listing.LocalBytes == 0 && !assembly.Contains(".local", StringComparison.Ordinal), $"{kernel.Name} uses local memory");
            Assert.True(types.Contains(typeof(WordPanel)) == listing.DotProducts > 0, $"{kernel.Name} has {listing.DotProducts} dp4a");
            bool isTile = kernel.Method.DeclaringType == typeof(TileKernel);
            bool isGroupKernel = isTile || kernel.Method.DeclaringType == typeof(PanelKernel) || kernel.Method.DeclaringType == typeof(VectorKernel) || kernel.Method.DeclaringType == typeof(MatrixKernel);
            Assert.True(!isGroupKernel || listing.Barriers > 0, $"{kernel.Name} has no barrier");
            if (isTile)
                CheckTile(kernel, types, listing, assembly);
            Assert.True(listing.Registers is >= 4 and <= 255, $"{kernel.Name} needs {listing.Registers} registers");
            Assert.True(row.Occupancy is { Groups: >= 1, Share: > 0 and <= 1 }, $"{kernel.Name}: {row.Occupancy}");
            withDotProducts += listing.DotProducts > 0 ? 1 : 0;
            withVectors += listing.VectorLoads > 0 ? 1 : 0;
        }
        Assert.True(withDotProducts >= 17 && withVectors >= 22, $"{withDotProducts} kernels with dp4a, {withVectors} with vector loads");
    }

    /// <summary>A term of a thread: as many products as sums, one vector load of shared memory for each quad of rows and of columns, and two tiles of each operand.</summary>
    private static void CheckTile(CatalogedKernel kernel, Type[] types, PtxListing listing, string assembly)
    {
        var shape = (ITileShape)Activator.CreateInstance(types[^1])!;
        int sums = 16 * shape.RowQuads * shape.ColumnQuads;
        Assert.Equal(2 * 16 * shape.Depth * (shape.ThreadRows * shape.RowQuads + shape.ThreadColumns * shape.ColumnQuads), listing.SharedBytes);
        if (types.Contains(typeof(WordPanel)))
            Assert.Equal(sums, listing.DotProducts);
        Assert.Equal(shape.RowQuads + shape.ColumnQuads, Count("ld.shared.v4"));
        Assert.Equal(shape.RowQuads + shape.ColumnQuads, Count("ld.shared"));
        Assert.True(Count("ld.global.v4") >= 2, $"{kernel.Name}: weights are fetched in quads");
        Assert.True(Count("st.global.v4") >= sums / 4, $"{kernel.Name}: images of whole quads are stored in quads");
        Assert.Equal(2, listing.Barriers);
        Assert.True(listing.Registers >= sums, $"{kernel.Name} keeps its sums elsewhere");

        int Count(string opcode) => assembly.Split(opcode).Length - 1;
    }

    [Fact]
    public void TheTextOfALaterTargetDiffersInTheDirectiveAlone()
    {
        using var ampere = new PtxCompiler(CudaTarget.Of("sm_80"));
        using var hopper = new PtxCompiler(CudaTarget.Of("sm_90"));
        var kernel = KernelCatalog.All.First(candidate => candidate.Name.StartsWith("DepthwiseRowsKernel", StringComparison.Ordinal));
        string later = hopper.Compile(kernel);
        Assert.Contains(".target sm_90", later, StringComparison.Ordinal);
        Assert.Equal(Instructions(ampere.Compile(kernel)), Instructions(later));

        // Names bear numbers that a context gives out.
        static IEnumerable<string> Instructions(string text) => text.Split('\n').Where(line => line.StartsWith('\t') && !line.Contains('[', StringComparison.Ordinal) && !line.Contains('L', StringComparison.Ordinal));
    }

    [Fact]
    public void RegistersAreCountedWhereTheyAreAlive()
    {
        const string ptx = """
            .visible .entry K(
            )
            {
            	.shared .align 16 .b8 __shared_alloca0[4096];
            	.reg .b32	%r<9>;

            	mov.b32	%r1, %tid.x;
            	mov.u64	%rd1, 0;
            	ld.global.v4.f32	{%f1, %f2, %f3, %f4}, [%rd1];

            	L_1:
            	setp.ge.s32	%p1, %r1, 8;
            	@%p1 bra.uni	L_2;

            	add.s32	%r1, %r1, 1;
            	bar.sync	0;
            	bra.uni	L_1;

            	L_2:
            	add.f32	%f5, %f1, %f2;
            	add.f32	%f6, %f3, %f4;
            	add.f32	%f7, %f5, %f6;
            	st.global.f32	[%rd1], %f7;
            	ret;
            }
            """;
        // %r1, %rd1 twice, and four floats are alive in the loop.
        Assert.Equal(new PtxListing(Registers: 7, SharedBytes: 4096, LocalBytes: 0, VectorLoads: 1, VectorStores: 0, DotProducts: 0, Barriers: 1), PtxListing.Of(ptx));
    }

    /// <summary>By hand, after the CUDA C++ Programming Guide's limits.</summary>
    [Theory]
    [InlineData("sm_75", 256, 32, 0, 4, 1.0, "warps")]
    [InlineData("sm_80", 256, 128, 16384, 2, 0.25, "registers")]
    [InlineData("sm_90", 64, 32, 0, 32, 1.0, "warps")]
    [InlineData("sm_80", 32, 16, 0, 32, 0.5, "groups")]
    [InlineData("sm_75", 64, 32, 32768, 2, 0.125, "shared memory")]
    [InlineData("sm_80", 128, 255, 0, 2, 0.125, "registers")]
    public void OccupancyIsThatOfTheScarcestResource(string target, int threads, int registers, int shared, int groups, double share, string limit) =>
        Assert.Equal(new Occupancy(groups, share, limit), Occupancy.Of(CudaTarget.Of(target), threads, registers, shared));

    [Fact]
    public void AnUnknownTargetListsThoseThatThereAre() => Assert.Equal(
        "There is no target 'sm_20': choose one of sm_75, sm_80, sm_86, sm_89, sm_90.", Assert.Throws<GpuException>(() => CudaTarget.Of("sm_20")).Message);
}
