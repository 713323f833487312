using System.Collections.Immutable;
using AccelSim.Graph;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>Operators that move elements, the same for reals and for codes.</summary>
internal static class MovementOperators
{
    public delegate TorchTensor Implementation(Operator @operator, TorchTensor[] inputs);

    public static IReadOnlyDictionary<Type, Implementation> Table { get; } = new Dictionary<Type, Implementation>
    {
        [typeof(MaxPool)] = (op, x) => MaxPooled((MaxPool)op, x[0]),
        [typeof(Flatten)] = (_, x) => x[0].flatten(1),
        [typeof(Reshape)] = (op, x) => Reshaped((Reshape)op, x[0]),
        [typeof(Transpose)] = (op, x) => x[0].permute([.. ((Transpose)op).Permutation.Select(dimension => (long)dimension)]),
        [typeof(Slice)] = (op, x) => Sliced((Slice)op, x[0]),
        [typeof(Gather)] = (op, x) => Pick(x[0], ((Gather)op).Axis, ((Gather)op).Indices),
        [typeof(Concat)] = (op, x) => torch.cat(x, ((Concat)op).Axis),
        [typeof(ChannelShuffle)] = (op, x) => Pick(x[0], 1, [.. Enumerable.Range(0, (int)x[0].shape[1]).Select(channel => ((ChannelShuffle)op).Source(channel, (int)x[0].shape[1]))]),
    };

    /// <summary>The elements at some positions of an axis, which may repeat.</summary>
    public static TorchTensor Pick(TorchTensor input, int axis, ImmutableArray<int> positions) =>
        input.index_select(axis, torch.tensor(positions.Select(position => (long)position).ToArray()));

    /// <summary>Real padding, or the code that stands for it.</summary>
    public static TorchTensor Padded(Pad pad, TorchTensor input, double value)
    {
        if (pad.Mode == PadMode.Constant)
        {
            // libtorch takes the last dimension first.
            long[] sides = [.. Enumerable.Range(0, pad.Before.Length).Reverse().SelectMany(dimension => new long[] { pad.Before[dimension], pad.After[dimension] })];
            return torch.nn.functional.pad(input, sides, PaddingModes.Constant, value);
        }
        for (int dimension = 0; dimension < pad.Before.Length; dimension++)
        {
            int extent = (int)input.shape[dimension];
            int padded = pad.Before[dimension] + extent + pad.After[dimension];
            if (padded != extent)
                input = Pick(input, dimension, [.. Enumerable.Range(0, padded).Select(position => pad.Source(dimension, extent, position))]);
        }
        return input;
    }

    /// <summary>Padding outside the image never wins. libtorch pools no int8, but float32 holds its codes.</summary>
    private static TorchTensor MaxPooled(MaxPool pool, TorchTensor input)
    {
        if (input.dtype == torch.int8)
            return MaxPooled(pool, input.to(torch.float32)).to(torch.int8);
        return max_pool2d(
            input.Pad(pool.Padding, double.NegativeInfinity), pool.Kernel.Extents(), pool.Stride.Extents(), dilation: (pool.Dilation ?? Size2.Square(1)).Extents());
    }

    private static TorchTensor Reshaped(Reshape reshape, TorchTensor input) =>
        input.reshape([.. reshape.Extents.Select((extent, i) => extent == 0 ? input.shape[i] : extent)]);

    private static TorchTensor Sliced(Slice slice, TorchTensor input) => slice.Step > 0
        ? input.slice(slice.Axis, slice.Start, slice.Start + (slice.Length - 1L) * slice.Step + 1, slice.Step)
        : Pick(input, slice.Axis, [.. Enumerable.Range(0, slice.Length).Select(i => slice.Start + i * slice.Step)]);
}
