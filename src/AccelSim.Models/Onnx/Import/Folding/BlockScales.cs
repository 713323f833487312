using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx.Import.Folding;

/// <summary>Scales of blocks of elements along an axis (operator set 21), repeated to the shape of what they scale.</summary>
internal static class BlockScales
{
    /// <exception cref="OnnxException">The scales do not fit the shape.</exception>
    public static HostTensor Expand(HostTensor values, Shape shape, int axis, long block)
    {
        if (values.Rank != shape.Rank)
            throw new OnnxException($"scales of blocks must have {shape.Rank} dimensions, but have {values.Rank}.");
        for (int i = 0; i < shape.Rank; i++)
        {
            long expected = i == axis ? (shape[i] + block - 1) / block : shape[i];
            if (values.Extents[i] != expected)
                throw new OnnxException($"scales of shape {HostTensor.Text(values.Extents)} do not fit blocks of {block} along axis {axis} of {shape}.");
        }
        var expanded = new float[shape.Elements];
        long inner = 1;
        for (int i = axis + 1; i < shape.Rank; i++)
            inner *= shape[i];
        for (long i = 0; i < expanded.LongLength; i++)
        {
            long outer = i / (inner * shape[axis]), along = i / inner % shape[axis];
            expanded[i] = (float)values.Real((outer * values.Extents[axis] + along / block) * inner + i % inner);
        }
        return HostTensor.Of([.. (IReadOnlyList<int>)shape], expanded);
    }
}
