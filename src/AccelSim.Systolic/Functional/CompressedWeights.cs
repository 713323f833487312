using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Functional;

/// <summary>Weights of n:m sparse filters as the array holds them: those that are kept, and which of their block's inputs each meets.</summary>
/// <param name="Depth">Kept weights of a filter.</param>
/// <param name="Values">[filters × depth].</param>
/// <param name="Inputs">[filters × depth], the product of the dense depth that each weight belongs to.</param>
internal sealed record CompressedWeights(int Depth, int[] Values, int[] Inputs)
{
    /// <summary>Compresses [filters × depth] weights. A block with fewer than n weights that are not zero is filled up with zeros.</summary>
    /// <exception cref="SparsityException">A block has more.</exception>
    public static CompressedWeights Of(ReadOnlySpan<int> weights, int depth, WeightSparsity sparsity, string layer)
    {
        int filters = weights.Length / depth;
        int kept = sparsity.Compress(depth);
        (int[] values, int[] inputs) = (new int[filters * kept], new int[filters * kept]);
        for (int filter = 0; filter < filters; filter++)
        {
            ReadOnlySpan<int> row = weights.Slice(filter * depth, depth);
            int at = filter * kept;
            for (int block = 0; block < depth; block += sparsity.Of)
            {
                int length = Math.Min(sparsity.Of, depth - block);
                int places = Math.Min(sparsity.Kept, length);
                int nonzero = length - row.Slice(block, length).Count(0);
                if (nonzero > places)
                    throw new SparsityException(layer, filter, block, length, nonzero, sparsity);
                // The weights that are not zero, and before or after them as many zeros as fill the places.
                int zeros = places - nonzero;
                for (int k = block; k < block + length; k++)
                {
                    if (row[k] == 0 && zeros-- <= 0)
                        continue;
                    (values[at], inputs[at]) = (row[k], k);
                    at++;
                }
            }
        }
        return new CompressedWeights(kept, values, inputs);
    }
}
