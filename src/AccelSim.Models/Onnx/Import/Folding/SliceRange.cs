namespace AccelSim.Models.Onnx.Import.Folding;

/// <summary>The elements that a slice takes of one axis.</summary>
internal readonly record struct SliceRange(int Start, int Length, int Step)
{
    /// <summary>ONNX's slices, clamped as numpy clamps them, for each axis; <paramref name="axes"/> are by default the first ones.</summary>
    /// <exception cref="OnnxException">Lengths differ, an axis is out of range or occurs twice, or a step is 0.</exception>
    public static SliceRange[] Of(int[] shape, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        int count = starts.Length;
        if (ends.Length != count || (axes is not null && axes.Length != count) || (steps is not null && steps.Length != count))
            throw new OnnxException($"it has {count} starts, but {ends.Length} ends, {axes?.Length ?? count} axes and {steps?.Length ?? count} steps.");
        SliceRange[] ranges = [.. shape.Select(extent => new SliceRange(0, extent, 1))];
        var seen = new HashSet<int>();
        for (int i = 0; i < count; i++)
        {
            int axis = OnnxNode.Axis(axes?[i] ?? i, shape.Length);
            if (!seen.Add(axis))
                throw new OnnxException($"its axis {axis} occurs twice.");
            ranges[axis] = Along(shape[axis], starts[i], ends[i], steps?[i] ?? 1);
        }
        return ranges;
    }

    private static SliceRange Along(int extent, long start, long end, long step)
    {
        if (step == 0)
            throw new OnnxException("its step is 0.");
        step = Math.Clamp(step, -int.MaxValue, int.MaxValue);
        start = Clamped(start);
        end = Clamped(end);
        long length = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        length = Math.Max(0, length);
        // With one element left any step will do, and a huge one would overflow.
        return new SliceRange((int)start, (int)length, length <= 1 ? 1 : (int)step);

        long Clamped(long position)
        {
            if (position < 0)
                position = position < -(long)extent ? -1 - (step > 0 ? 0 : 1) : position + extent;
            return step > 0 ? Math.Clamp(position, 0, extent) : Math.Clamp(position, -1, extent - 1);
        }
    }
}
