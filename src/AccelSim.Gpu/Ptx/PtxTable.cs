namespace AccelSim.Gpu;

/// <summary>A kernel as PTX for a target: read off the text, not measured.</summary>
public sealed record PtxTableRow(string Kernel, int Threads, PtxListing Listing, Occupancy Occupancy);

/// <summary>Every kernel of the executor compiled for a CUDA device that need not be there.</summary>
public static class PtxTable
{
    public static IReadOnlyList<PtxTableRow> Of(CudaTarget target, IProgress<(int Done, int All)>? progress = null, CancellationToken cancellation = default)
    {
        using var compiler = new PtxCompiler(target);
        var rows = new List<PtxTableRow>();
        foreach (var kernel in KernelCatalog.All)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add(Of(target, kernel, compiler.Compile(kernel)));
            progress?.Report((rows.Count, KernelCatalog.All.Count));
        }
        return rows;
    }

    internal static PtxTableRow Of(CudaTarget target, CatalogedKernel kernel, string assembly)
    {
        var listing = PtxListing.Of(assembly);
        return new PtxTableRow(kernel.Name, kernel.Threads, listing, Occupancy.Of(target, kernel.Threads, listing.Registers, listing.SharedBytes));
    }
}
