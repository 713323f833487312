using AccelSim.Graph;
using AccelSim.Models;

namespace AccelSim.Studies.Literature;

/// <summary>How MobileNetV1's cost follows its width multiplier α and its resolution multiplier ρ.</summary>
public sealed class MobileNetScaling : LiteratureStudy
{
    private static readonly double[] Widths = [1, 0.75, 0.5, 0.25];
    private static readonly int[] Resolutions = [224, 192, 160, 128];

    public override string Topic => "scaling";

    public override string Question => "Do MobileNetV1's MACs fall with the square of width and of resolution?";

    public override StudyResult Run()
    {
        var whole = Cost(1, 224);
        var rows = Widths.SelectMany(width => Resolutions, (width, resolution) =>
        {
            var cost = Cost(width, resolution);
            double law = width * width * Math.Pow(resolution / 224.0, 2);
            return (string[])
            [
                Text($"{width:0.00}"), Text($"{resolution}"), Count(cost.Macs), Count(cost.Parameters),
                Ratio(cost.Macs / (double)whole.Macs), Ratio(law), Text($"{100 * (cost.Macs / (double)whole.Macs / law - 1):f1} %"),
            ];
        });
        double widthExponent = Math.Log(Cost(0.25, 224).Macs / (double)whole.Macs) / Math.Log(0.25);
        double resolutionExponent = Math.Log(Cost(1, 128).Macs / (double)whole.Macs) / Math.Log(128 / 224.0);
        return new StudyResult(
            Topic, Question, "Howard et al., arXiv:1704.04861, section 3.3 (width) and 3.4 (resolution), Tables 6 and 7",
            "MACs and parameters counted on the layer graph",
            [new StudyTable("MobileNetV1", ["α", "resolution", "MACs", "parameters", "MACs ÷ those of 1.00/224", "α²ρ²", "above α²ρ²"], [.. rows])],
            [
                new Finding("MACs fall with ρ² (the spatial part is all of them but the classifier)", Math.Abs(resolutionExponent - 2) < 0.01, Text($"exponent {resolutionExponent:f3} from 224 to 128")),
                new Finding(
                    "MACs fall \"roughly quadratically\" with α: a little slower, since the first layer, the depthwise layers and the classifier fall linearly",
                    widthExponent is > 1.75 and < 2, Text($"exponent {widthExponent:f3} from 1.00 to 0.25")),
            ]);
    }

    private static LayerCost Cost(double width, int resolution) => Network("mobilenet_v1", new NetworkOptions(Width: width, Resolution: resolution)).TotalCost();
}
