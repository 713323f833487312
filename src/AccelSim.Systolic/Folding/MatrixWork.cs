namespace AccelSim.Systolic.Folding;

/// <summary>
/// A convolution or fully connected layer as matrix products, one a group:
/// [<paramref name="Pixels"/> × <paramref name="Depth"/>] inputs times [<paramref name="Depth"/> × <paramref name="Filters"/>] weights.
/// </summary>
/// <param name="Groups">Independent products: the groups of a convolution, else 1.</param>
/// <param name="Pixels">Output pixels over the whole batch (fully connected: the batch).</param>
/// <param name="Depth">Products summed into one output: input channels of a group × kernel area.</param>
/// <param name="Filters">Output channels of a group.</param>
public readonly record struct MatrixWork(int Groups, int Pixels, int Depth, int Filters)
{
    /// <summary>Multiply-accumulates of the layer.</summary>
    public long Macs => (long)Groups * Pixels * Depth * Filters;
}
