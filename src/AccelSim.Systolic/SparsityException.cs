using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic;

/// <summary>A layer's weights are not as sparse as the array expects.</summary>
public sealed class SparsityException : Exception
{
    internal SparsityException(string layer, int filter, int block, int length, int nonzero, WeightSparsity sparsity)
        : base(FormattableString.Invariant(
            $"Layer '{layer}' is not {sparsity} sparse: filter {filter} has {nonzero} weights that are not zero of the {length} from {block}; prune the graph first (StructuredPruning), or take the sparsity from the array."))
    {
    }
}
