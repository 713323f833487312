using AccelSim.Graph;
using AccelSim.Rtl;

namespace AccelSim.Tests.Rtl.Resources;

/// <summary>The blocks on which the resource model is held to synthesis: random shapes and foldings, each drawn from its number alone.</summary>
internal static class SweepBlocks
{
    public const int Count = 50;

    /// <summary>Products a cycle up to which a block is drawn, so that a synthesis takes seconds.</summary>
    private const int MostMacs = 16;

    private static readonly int[] Kernels = [3, 3, 3, 5, 5, 7], InChannels = [4, 6, 8, 12, 16, 24, 32, 48], OutChannels = [4, 8, 12, 16, 24, 32, 48, 64];
    private static readonly int[] MultiplierBits = [16, 16, 16, 16, 16, 16, 8, 12, 17, 24, 31];

    /// <param name="number">From 0.</param>
    public static (BlockShape Shape, BlockFolding Folding) Draw(int number)
    {
        var random = new Random(1000 + number);
        for (; ; )
        {
            int kernel = Pick(Kernels), stride = random.Next(1, 3), channels = Pick(InChannels), outputs = Pick(OutChannels);
            var padding = Padding.All(random.Next(5) == 0 ? 0 : kernel / 2);
            var shape = new BlockShape(random.Next(kernel, 57), random.Next(kernel, 57), channels, outputs, kernel, stride, padding)
            {
                DepthwiseTable = random.Next(7) == 0,
                PointwiseTable = random.Next(7) == 0,
                DepthwiseMultiplierBits = Pick(MultiplierBits),
                PointwiseMultiplierBits = Pick(MultiplierBits),
                DepthwiseWeightBits = random.Next(10) == 0 ? 9 : 8,
                PointwiseWeightBits = random.Next(10) == 0 ? 9 : 8,
            };
            var folding = new BlockFolding(
                Pick(Divisors(channels)),
                Pick([1, kernel, kernel * kernel]),
                Pick(Divisors(channels)),
                Pick(Divisors(outputs)));
            folding = folding with { Packed = folding.PwOut % 2 == 0 && random.Next(3) == 0 };
            if (folding.MacsPerCycle <= MostMacs && folding.DepthwiseResultLanes(shape) != 0)
                return (shape, folding);
        }

        int Pick(int[] choices) => choices[random.Next(choices.Length)];

        static int[] Divisors(int number) => [.. Enumerable.Range(1, number).Where(candidate => number % candidate == 0)];
    }

    /// <summary>Vectors of the right shape: synthesis does not read them.</summary>
    public static BlockVectors EmptyVectors(RandomBlock sample)
    {
        var shape = sample.Block.Shape;
        return new BlockVectors(sample.Input, Zeros(shape.Channels), Zeros(shape.OutChannels));

        Tensor Zeros(int channels)
        {
            var size = Shape.Of(1, channels, shape.OutHeight, shape.OutWidth);
            return Tensor.Of(size, new sbyte[size.Elements]);
        }
    }
}
