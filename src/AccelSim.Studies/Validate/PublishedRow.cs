namespace AccelSim.Studies.Validate;

/// <summary>What a published figure is, since a vendor's estimate or a figure quoted from memory proves less than a measurement that was read.</summary>
public enum Basis
{
    /// <summary>Somebody measured it, and the document was read.</summary>
    Measured,

    /// <summary>The maker's own model said so (metrics named <c>est_*</c>).</summary>
    Estimate,

    /// <summary>Believed to be in the document, but not read again.</summary>
    Memory,
}

/// <summary>One published figure: a line of <c>asic.csv</c>, <c>fpga.csv</c>, <c>mobile.csv</c> or <c>gpu.csv</c>.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Platform">The device, as the table names it.</param>
/// <param name="Network">The network, after a slash a layer of it; empty where the figure is of the device.</param>
/// <param name="Variant">Everything else that the row says.</param>
/// <param name="Batch">Images at once, or null where unknown or not applicable.</param>
/// <param name="Precision">Such as <c>int8</c>.</param>
/// <param name="Metric">Such as <c>latency</c>.</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Unit">Such as <c>ms</c>.</param>
/// <param name="Source">The document.</param>
/// <param name="Confidence"><c>verified</c> or <c>memory</c>.</param>
public sealed record PublishedRow(
    string File,
    int Line,
    string Platform,
    string Network,
    PublishedVariant Variant,
    int? Batch,
    string Precision,
    string Metric,
    double Value,
    string Unit,
    string Source,
    string Confidence)
{
    private const string EstimatePrefix = "est_";

    /// <summary>What the figure is worth.</summary>
    public Basis Basis => Metric.StartsWith(EstimatePrefix, StringComparison.Ordinal) ? Basis.Estimate
        : Confidence == "memory" ? Basis.Memory
        : Basis.Measured;

    /// <summary>The metric without the prefix that marks an estimate.</summary>
    public string Quantity => Basis == Basis.Estimate ? Metric[EstimatePrefix.Length..] : Metric;
}
