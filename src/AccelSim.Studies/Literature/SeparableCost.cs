using AccelSim.Graph;

namespace AccelSim.Studies.Literature;

/// <summary>A standard 3×3 convolution against a depthwise and a pointwise one, in both orders.</summary>
public sealed class SeparableCost : LiteratureStudy
{
    private const int Kernel = 3;

    public override string Topic => "separable";

    public override string Question => "What does a depthwise-separable convolution save, and does the order matter?";

    public override StudyResult Run()
    {
        StudyTable[] tables = [Table(5, 3, 4), Table(112, 32, 64)];
        return new StudyResult(
            Topic, Question, "Howard et al., arXiv:1704.04861, section 3.1 (depthwise first); Chollet, CVPR 2017, section 2 (order)",
            "MACs, weights and float32 bytes of activations written, counted on the layer graph; 3×3, stride 1, SAME padding, no bias",
            tables,
            [.. Findings(5, 3, 4), .. Findings(112, 32, 64)]);
    }

    private static StudyTable Table(int side, int inputs, int outputs)
    {
        var standard = Standard(side, inputs, outputs);
        return new StudyTable($"{side}×{side}, {inputs} to {outputs} channels", ["layers", "MACs", "weights", "activation bytes", "MACs ÷ standard"],
            [.. new[] { standard, DepthwiseFirst(side, inputs, outputs), PointwiseFirst(side, inputs, outputs) }.Select(graph =>
            {
                var cost = graph.TotalCost();
                return (string[])[graph.Name, Count(cost.Macs), Count(cost.Parameters), Count(cost.OutputBytes), Ratio(cost.Macs / (double)standard.TotalCost().Macs)];
            })]);
    }

    private static IEnumerable<Finding> Findings(int side, int inputs, int outputs)
    {
        long standard = Standard(side, inputs, outputs).TotalCost().Macs;
        long depthwiseFirst = DepthwiseFirst(side, inputs, outputs).TotalCost().Macs, pointwiseFirst = PointwiseFirst(side, inputs, outputs).TotalCost().Macs;
        // As integers: 1/N + 1/K² of the standard cost is standard·(K² + N) ÷ (N·K²).
        yield return new Finding(
            Text($"{side}×{side}, {inputs}→{outputs}: depthwise first costs 1/N + 1/K² of the standard convolution"),
            depthwiseFirst * outputs * Kernel * Kernel == standard * (outputs + Kernel * Kernel),
            Text($"{depthwiseFirst:N0} of {standard:N0} MACs, 1/{outputs} + 1/9 = {1.0 / outputs + 1.0 / 9:f3}"));
        yield return new Finding(
            Text($"{side}×{side}, {inputs}→{outputs}: pointwise first costs more where the block widens, since the depthwise part then has {outputs} channels"),
            pointwiseFirst > depthwiseFirst,
            Text($"{pointwiseFirst:N0} against {depthwiseFirst:N0} MACs"));
    }

    private static LayerGraph Standard(int side, int inputs, int outputs)
    {
        var graph = new GraphBuilder("standard 3×3");
        return graph.Build(graph.Convolution("conv", Image(graph, side, inputs), outputs, Kernel));
    }

    private static LayerGraph DepthwiseFirst(int side, int inputs, int outputs)
    {
        var graph = new GraphBuilder("depthwise 3×3, pointwise");
        string x = graph.Convolution("depthwise", Image(graph, side, inputs), inputs, Kernel, groups: inputs);
        return graph.Build(graph.Convolution("pointwise", x, outputs, 1));
    }

    private static LayerGraph PointwiseFirst(int side, int inputs, int outputs)
    {
        var graph = new GraphBuilder("pointwise, depthwise 3×3");
        string x = graph.Convolution("pointwise", Image(graph, side, inputs), outputs, 1);
        return graph.Build(graph.Convolution("depthwise", x, outputs, Kernel, groups: outputs));
    }

    private static string Image(GraphBuilder graph, int side, int channels) => graph.Input("image", Shape.Of(1, channels, side, side));
}
