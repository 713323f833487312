namespace AccelSim.Rtl.Arrays;

/// <summary>[<paramref name="Pixels"/> × <paramref name="Depth"/>] int8 inputs times [<paramref name="Depth"/> × <paramref name="Filters"/>] int8 weights.</summary>
/// <param name="Pixels">Rows of the result.</param>
/// <param name="Depth">Products in a sum.</param>
/// <param name="Filters">Columns of the result.</param>
/// <param name="Inputs">[pixels × depth], row-major.</param>
/// <param name="Weights">[depth × filters], row-major.</param>
public sealed record ArrayProduct(int Pixels, int Depth, int Filters, sbyte[] Inputs, sbyte[] Weights)
{
    /// <summary>A product of uniformly random codes.</summary>
    /// <exception cref="RtlException">A size is not positive, or a sum could overflow 32 bits.</exception>
    public static ArrayProduct Random(int pixels, int depth, int filters, Random random)
    {
        const int longest = (int)(int.MaxValue / (128L * 128));
        if (pixels < 1 || depth < 1 || filters < 1)
            throw new RtlException($"A product of {pixels}×{depth} by {depth}×{filters} is empty: each size is at least 1.");
        if (depth > longest)
            throw new RtlException($"A sum of {depth} int8 products could overflow 32 bits: the depth is at most {longest}.");
        return new ArrayProduct(pixels, depth, filters, Codes(pixels * depth), Codes(depth * filters));

        sbyte[] Codes(int count)
        {
            var codes = new sbyte[count];
            foreach (ref sbyte code in codes.AsSpan())
                code = (sbyte)random.Next(sbyte.MinValue, sbyte.MaxValue + 1);
            return codes;
        }
    }

    /// <summary>An input; zero beyond the edges.</summary>
    public sbyte Input(int pixel, int depth) => pixel < Pixels && depth < Depth ? Inputs[pixel * Depth + depth] : (sbyte)0;

    /// <summary>A weight; zero beyond the edges.</summary>
    public sbyte Weight(int depth, int filter) => depth < Depth && filter < Filters ? Weights[depth * Filters + filter] : (sbyte)0;

    /// <summary>The sums [pixels × filters].</summary>
    public int[] Sums()
    {
        int[] sums = new int[Pixels * Filters];
        for (int pixel = 0; pixel < Pixels; pixel++)
        {
            for (int depth = 0; depth < Depth; depth++)
            {
                for (int filter = 0; filter < Filters; filter++)
                    sums[pixel * Filters + filter] += Inputs[pixel * Depth + depth] * Weights[depth * Filters + filter];
            }
        }
        return sums;
    }
}
