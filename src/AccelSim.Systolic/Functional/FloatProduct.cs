using AccelSim.Graph;

namespace AccelSim.Systolic.Functional;

/// <summary>A convolution or fully connected layer of float32 operands: the folds and their order are those of codes, the accumulators float32.</summary>
internal static class FloatProduct
{
    /// <summary>The product into a value [N, C, …]: a bias is added and a clamp applied as the sums leave.</summary>
    public static Tensor Run(
        FoldedProduct<float> product, Tensor input, Tensor weight, Tensor? bias, ClampKind clamp, Shape output, CancellationToken cancellation)
    {
        float[] values = new float[output.Elements];
        (float low, float high) = (clamp.Low(), clamp.High());
        var layout = ImageLayout.Of(output);
        product.Run(() => input.Float32, () => weight.Float32, Store, cancellation);
        return Tensor.Of(output, values);

        void Store(int channel, int first, ReadOnlySpan<float> sums)
        {
            float offset = bias is null ? 0 : bias.Float32[channel];
            foreach ((int at, int destination, int length) in layout.Runs(channel, first, sums.Length))
            {
                for (int i = 0; i < length; i++)
                    values[destination + i] = Math.Min(Math.Max(sums[at + i] + offset, low), high);
            }
        }
    }
}
