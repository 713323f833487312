using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Functional;

/// <summary>Rows times a matrix of weights on the array: [pixels × depth] times [filters × depth] transposed is [pixels × filters], all float32.</summary>
internal sealed class RowProduct(ArrayConfiguration array, MatrixWork work)
{
    private readonly FoldedProduct<float> _product = new(MappingChoice.Choose(work, array), new FeatureMatrix<float>(work.Depth));

    public float[] Run(Operand<float> rows, Operand<float> weights, CancellationToken cancellation)
    {
        float[] result = new float[checked(work.Pixels * work.Filters)];
        _product.Run(rows, weights, Store, cancellation);
        return result;

        void Store(int filter, int first, ReadOnlySpan<float> sums)
        {
            for (int i = 0; i < sums.Length; i++)
                result[(first + i) * work.Filters + filter] = sums[i];
        }
    }
}
