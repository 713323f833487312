using AccelSim.Graph;

namespace AccelSim.Systolic.Operators;

/// <summary>How values lie in the activation memory: images [N, C, H, W] a pixel at a time with its channels together, as they leave the array; all else row-major.</summary>
internal static class MemoryOrder
{
    /// <summary>What a change of shape costs.</summary>
    public static VectorLayer WorkOf(Shape input, Shape output)
    {
        bool samePixels = input.Rank == 4 && output.Rank == 4 && input[0] == output[0] && input[1] == output[1];
        if (!IsImage(input) && !IsImage(output))
            return new VectorLayer(0, "a view: it lies in memory as it becomes");
        return samePixels
            ? new VectorLayer(0, "a view: each pixel keeps its channels")
            : new VectorLayer(output.Elements, "one move an element") { ElementsRead = output.Elements };
    }

    // An image of one pixel is a vector, and one of one channel a plain plane.
    private static bool IsImage(Shape shape) => shape.Rank == 4 && shape[1] > 1 && shape[2] * (long)shape[3] > 1;
}
