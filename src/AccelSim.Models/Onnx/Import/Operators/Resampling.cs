using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx.Import.Operators;

/// <summary>
/// Resize and Upsample, one axis after another: nearest is a Gather, linear an Interpolate, cubic (Keys, IEEE ASSP 29, 1981) a product with a
/// matrix of weights along the rows or the columns.
/// </summary>
internal static class Resampling
{
    private const int LargestExtent = 1 << 20;

    /// <summary>Where output positions fall in the input: the attributes of a node.</summary>
    private sealed record Grid(string Mode, string Coordinates, string Nearest, double CubicCoefficient, bool ExcludeOutside);

    [OnnxOperator("Upsample")]
    public static void Upsample(OnnxNode node)
    {
        string x = node.Any(0);
        int rank = node.ShapeOf(x).Rank;
        double[] scales = node.Opset >= 9
            ? Reals(node.Constant(1, "scales"))
            : node.Attributes.Floats("scales") is { } given
                ? [.. given.Select(scale => (double)scale)]
                : [.. Enumerable.Repeat(1.0, Math.Max(0, rank - 2)), node.Attributes.Float("height_scale", 1), node.Attributes.Float("width_scale", 1)];
        string mode = node.Attributes.Text("mode", "nearest");
        node.Set(0, Resample(node, x, scales, null, new Grid(mode == "bilinear" ? "linear" : mode, "asymmetric", "floor", -0.75, false)));
    }

    [OnnxOperator("Resize")]
    public static void Resize(OnnxNode node)
    {
        string x = node.Any(0);
        int rank = node.ShapeOf(x).Rank;
        string mode = node.Attributes.Text("mode", "nearest");
        if (node.Opset < 11)
        {
            double[] all = Reals(node.Constant(1, "scales"));
            // The oldest Resize rounds up where it shrinks and down where it enlarges.
            node.Set(0, Resample(node, x, all, null, new Grid(mode, "asymmetric", "simple", -0.75, false)));
            return;
        }
        if (node.Attributes.Flag("antialias"))
            throw new OnnxException("antialias = 1 is not supported.");
        string coordinates = node.Attributes.Text("coordinate_transformation_mode", "half_pixel");
        if (coordinates == "tf_crop_and_resize")
            throw new OnnxException("tf_crop_and_resize is not supported: crop with Slice, then resize.");
        int[] axes = node.Attributes.Ints("axes") is { Count: > 0 } given ? [.. given.Select(axis => OnnxNode.Axis(axis, rank))] : [.. Enumerable.Range(0, rank)];
        var grid = new Grid(
            mode, coordinates, node.Attributes.Text("nearest_mode", "round_prefer_floor"),
            node.Attributes.Float("cubic_coeff_a", -0.75), node.Attributes.Flag("exclude_outside"));
        var sizes = node.Has(3) ? node.Constant(3, "sizes") : null;
        if (sizes is { Elements: > 0 })
        {
            node.Set(0, ToSizes(node, x, sizes.Integers(), axes, grid));
            return;
        }
        double[] scales = Reals(node.Constant(2, "scales"));
        if (scales.Length != axes.Length)
            throw new OnnxException($"it has {scales.Length} scales for {axes.Length} axes.");
        node.Set(0, Resample(node, x, Spread(scales, axes, rank), null, grid));
    }

    private static string ToSizes(OnnxNode node, string x, long[] sizes, int[] axes, Grid grid)
    {
        var shape = node.ShapeOf(x);
        if (sizes.Length != axes.Length)
            throw new OnnxException($"it has {sizes.Length} sizes for {axes.Length} axes.");
        var scales = new double[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
            scales[i] = (double)sizes[i] / shape[axes[i]];
        string policy = node.Attributes.Text("keep_aspect_ratio_policy", "stretch");
        if (policy != "stretch")
        {
            double scale = policy switch
            {
                "not_larger" => scales.Min(),
                "not_smaller" => scales.Max(),
                _ => throw new OnnxException($"its keep_aspect_ratio_policy is '{policy}'; stretch, not_larger and not_smaller are known."),
            };
            for (int i = 0; i < sizes.Length; i++)
                (scales[i], sizes[i]) = (scale, (long)Math.Floor(scale * shape[axes[i]] + 0.5));
        }
        var extents = shape.Select(extent => (long)extent).ToArray();
        for (int i = 0; i < sizes.Length; i++)
            extents[axes[i]] = sizes[i];
        return Resample(node, x, Spread(scales, axes, shape.Rank), extents, grid);
    }

    private static double[] Spread(double[] scales, int[] axes, int rank)
    {
        double[] all = [.. Enumerable.Repeat(1.0, rank)];
        for (int i = 0; i < axes.Length; i++)
            all[axes[i]] = scales[i];
        return all;
    }

    private static string Resample(OnnxNode node, string x, double[] scales, long[]? sizes, Grid grid)
    {
        var shape = node.ShapeOf(x);
        if (scales.Length != shape.Rank)
            throw new OnnxException($"it has {scales.Length} scales for {shape.Rank} dimensions.");
        if (grid.Mode is not ("nearest" or "linear" or "cubic"))
            throw new OnnxException($"its mode is '{grid.Mode}'; nearest, linear and cubic are known.");
        if (grid.Mode != "nearest")
            x = node.Number(0);
        string start = x;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            double scale = scales[axis];
            double extent = sizes?[axis] ?? Math.Floor(shape[axis] * scale);
            if (!(scale > 0) || !(extent is >= 1 and <= LargestExtent))
                throw new OnnxException($"axis {axis} of {shape} would have {extent:g6} elements at scale {scale:g6}; 1 to {LargestExtent} are supported.");
            if (extent == shape[axis] && scale == 1)
                continue;
            node.RequireModest((long)extent, "an axis");
            double[] positions = [.. Enumerable.Range(0, (int)extent).Select(i => Position(grid.Coordinates, i, (float)scale, shape[axis], (int)extent))];
            x = grid.Mode switch
            {
                "nearest" => node.Layer(new Gather(axis, [.. positions.Select(position => Nearest(grid.Nearest, position, scale, shape[axis]))]), x),
                "linear" => Linear(node, x, axis, positions, shape[axis]),
                _ => Cubic(node, x, axis, positions, shape[axis], grid),
            };
        }
        return x == start ? node.Layer(new Reshape([.. shape]), x) : x;
    }

    /// <summary>In float32, as ONNX Runtime computes it: which neighbour is nearest hangs on it where a position is half way.</summary>
    private static double Position(string coordinates, int i, float scale, int input, int output) => coordinates switch
    {
        "half_pixel" => (i + 0.5f) / scale - 0.5f,
        "pytorch_half_pixel" => output > 1 ? (i + 0.5f) / scale - 0.5f : 0,
        "align_corners" => output > 1 ? i * (float)(input - 1) / (output - 1) : 0,
        "asymmetric" => i / scale,
        "tf_half_pixel_for_nn" => (i + 0.5f) / scale,
        "half_pixel_symmetric" => input / 2f * (1 - output / (scale * input)) + (i + 0.5f) / scale - 0.5f,
        _ => throw new OnnxException($"its coordinate_transformation_mode '{coordinates}' is not known."),
    };

    private static int Nearest(string mode, double position, double scale, int input)
    {
        double rounded = mode switch
        {
            "round_prefer_floor" => Math.Ceiling(position - 0.5),
            "round_prefer_ceil" => Math.Floor(position + 0.5),
            "floor" => Math.Floor(position),
            "ceil" => Math.Ceiling(position),
            "simple" => scale < 1 ? Math.Ceiling(position) : Math.Floor(position),
            _ => throw new OnnxException($"its nearest_mode '{mode}' is not known."),
        };
        return (int)Math.Clamp(rounded, 0, input - 1);
    }

    private static string Linear(OnnxNode node, string x, int axis, double[] positions, int input)
    {
        var (low, high, fraction) = (new int[positions.Length], new int[positions.Length], new double[positions.Length]);
        for (int i = 0; i < positions.Length; i++)
        {
            double position = Math.Clamp(positions[i], 0, input - 1);
            low[i] = (int)position;
            high[i] = Math.Min(low[i] + 1, input - 1);
            fraction[i] = position - low[i];
        }
        return node.Layer(new Interpolate(axis, [.. low], [.. high], [.. fraction]), x);
    }

    private static string Cubic(OnnxNode node, string x, int axis, double[] positions, int input, Grid grid)
    {
        int rank = node.ShapeOf(x).Rank;
        if (rank < 2 || axis < rank - 2)
            throw new OnnxException($"cubic interpolation along axis {axis} of {rank} dimensions is not supported; along the last two it is.");
        node.RequireModest((long)positions.Length * input, "the interpolation's weights");
        var weights = new float[positions.Length * input];
        for (int i = 0; i < positions.Length; i++)
        {
            int floor = (int)Math.Floor(positions[i]);
            var taps = new double[4];
            for (int t = 0; t < 4; t++)
                taps[t] = grid.ExcludeOutside && (floor - 1 + t < 0 || floor - 1 + t >= input) ? 0 : Keys(Math.Abs(positions[i] - (floor - 1 + t)), grid.CubicCoefficient);
            double sum = taps.Sum();
            for (int t = 0; t < 4; t++)
                weights[i * input + Math.Clamp(floor - 1 + t, 0, input - 1)] += (float)(taps[t] / sum);
        }
        string matrix = node.Literal(HostTensor.Of([positions.Length, input], weights));
        return axis == rank - 1
            ? node.Layer(new MatrixProduct(TransposeB: true), [x, matrix])
            : node.Layer(new MatrixProduct(), [matrix, x]);
    }

    private static double Keys(double distance, double a) => distance switch
    {
        <= 1 => ((a + 2) * distance - (a + 3)) * distance * distance + 1,
        < 2 => ((distance - 5) * distance + 8) * distance * a - 4 * a,
        _ => 0,
    };

    private static double[] Reals(HostTensor tensor) => tensor.Elements <= HostTensor.LargestRank
        ? [.. Enumerable.Range(0, (int)tensor.Elements).Select(i => tensor.Real(i))]
        : throw new OnnxException($"it has {tensor.Elements} scales.");
}
