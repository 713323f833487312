using System.Text.Json;
using System.Text.RegularExpressions;

namespace AccelSim.Rtl.Network;

/// <summary>A unit of FINN's dataflow pipeline.</summary>
/// <param name="Node">Its name in the folding file.</param>
/// <param name="Layer">The layer of our graph that it is part of.</param>
/// <param name="Cycles">Cycles a frame.</param>
public sealed record FinnUnit(string Node, string Layer, long Cycles);

/// <summary>
/// FINN's own unit formulas (get_exp_cycles of its custom operators, Xilinx/finn; collected in shared/data/finn) on the layers of our graph, as a check
/// of how layers are counted: its published foldings of MobileNetV1 must come out at its published cycles. FINN's pipeline differs from ours: windows are
/// streamed, and so is padding.
/// </summary>
public static partial class FinnCycles
{
    /// <summary>Matrix-vector unit: a convolution behind its sliding window, a pointwise or a fully connected layer.</summary>
    public static long MatrixVector(StageShape shape, int pe, int simd) =>
        shape.OutPixels * Folds(shape.OutChannels, pe, shape) * Folds(shape.Kernel * shape.Kernel * shape.Channels, simd, shape);

    /// <summary>Vector-vector unit: a depthwise convolution behind its sliding window.</summary>
    public static long VectorVector(StageShape shape, int pe, int simd) =>
        shape.OutPixels * Folds(shape.Channels, pe, shape) * Folds(shape.Kernel * shape.Kernel, simd, shape);

    /// <summary>Folded sliding window over a frame of so many columns, padding included.</summary>
    public static long SlidingWindow(StageShape shape, int columns, int simd)
    {
        int kernel = shape.Kernel, stride = shape.Stride, folds = Folds(shape.Channels, simd, shape);
        long outputs = (columns - kernel) / stride + 1;
        long fill = ((kernel - 1L) * columns + kernel) * folds;
        long row = Math.Max(outputs * kernel * kernel * folds, (long)stride * columns * folds);
        long depthwise = shape.Kind == StageKind.Depthwise ? outputs * outputs * (stride - 1) * (folds - 1) + (stride - 1L) * columns * folds : 0;
        return fill + outputs * row + depthwise;
    }

    /// <summary>Padding: every element of the padded frame passes.</summary>
    public static long Padding(StageShape shape, int simd) => (long)Padded(shape) * Padded(shape) * Folds(shape.Channels, simd, shape);

    /// <summary>Thresholds, FINN's activations: every element of a result passes.</summary>
    public static long Thresholds(StageShape shape, int pe) => shape.OutPixels * Folds(shape.OutChannels, pe, shape);

    /// <summary>Pool.</summary>
    public static long Pool(StageShape shape, int pe) => (shape.InPixels + 1) * Folds(shape.Channels, pe, shape);

    /// <summary>
    /// The units of a folding file on a network of one path whose layers follow each other as the file's nodes do: every node of a kind belongs to the next
    /// layer of that kind. Queues and nodes of the last code (channel-wise operations, label selection) are left out.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="json">FINN's folding configuration.</param>
    /// <exception cref="FoldingException">A fold does not divide, or the file has more nodes of a kind than the network has layers.</exception>
    public static IReadOnlyList<FinnUnit> Units(StageGraph graph, string json)
    {
        var shapes = graph.Stages.Select(stage => stage.Shape).ToList();
        var mixing = new Queue<StageShape>(shapes.Where(shape => shape.MixesChannels));
        var depthwise = new Queue<StageShape>(shapes.Where(shape => shape.Kind == StageKind.Depthwise));
        var padded = new Queue<StageShape>(shapes.Where(shape => shape.Kind == StageKind.Depthwise));
        var activated = new Queue<StageShape>(shapes.Where(shape => shape.HasWeights));
        var pools = new Queue<StageShape>(shapes.Where(shape => shape.Kind == StageKind.GlobalPool));
        var windows = new Queue<StageShape>(shapes.Where(shape => shape.Kind is StageKind.Convolution or StageKind.Depthwise or StageKind.GlobalPool));
        using var document = JsonDocument.Parse(json);
        var units = new List<FinnUnit>();
        foreach (var node in document.RootElement.EnumerateObject())
        {
            int pe = Number(node, "PE"), simd = Number(node, "SIMD");
            switch (Kind().Match(node.Name).Value)
            {
                case "MVAU":
                    Add(mixing, shape => MatrixVector(shape, pe, simd));
                    break;
                case "VVAU":
                    Add(depthwise, shape => VectorVector(shape, pe, simd));
                    break;
                case "FMPadding":
                    Add(padded, shape => Padding(shape, simd));
                    break;
                case "Thresholding":
                    Add(activated, shape => Thresholds(shape, pe));
                    break;
                case "Pool":
                    Add(pools, shape => Pool(shape, pe));
                    break;
                case "ConvolutionInputGenerator":
                    // No node pads before the first convolution: its window slides over the bare frame.
                    Add(windows, shape => shape.Kind == StageKind.GlobalPool
                        ? SlidingWindow(shape with { Kernel = shape.Width }, shape.Width, simd)
                        : SlidingWindow(shape, shape.Kind == StageKind.Depthwise ? Padded(shape) : shape.Width, simd));
                    break;
            }

            void Add(Queue<StageShape> layers, Func<StageShape, long> cycles)
            {
                if (!layers.TryDequeue(out var shape))
                    throw new FoldingException($"'{graph.Graph.Name}' has no layer for the node '{node.Name}'.");
                units.Add(new FinnUnit(node.Name, shape.Name, cycles(shape)));
            }
        }
        return units;
    }

    /// <summary>FINN pads as much on every side as half the kernel.</summary>
    private static int Padded(StageShape shape) => shape.Width + shape.Kernel - 1;

    private static int Folds(int total, int atOnce, StageShape shape) => total % atOnce == 0
        ? total / atOnce
        : throw new FoldingException($"{atOnce} at once does not divide the {total} of {shape.Name}.");

    private static int Number(JsonProperty node, string name) =>
        node.Value.TryGetProperty(name, out var value) && value.TryGetInt32(out int number) ? number : 1;

    [GeneratedRegex("^[A-Za-z]+")]
    private static partial Regex Kind();
}
