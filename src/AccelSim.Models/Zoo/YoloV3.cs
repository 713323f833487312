using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Redmon and Farhadi, "YOLOv3: An Incremental Improvement", arXiv:1804.02767, section 2: boxes from three maps of DarkNet-53, the coarser ones doubled and joined to
/// the finer. Outputs are the predictors' maps; decoding and non-maximum suppression are not layers of it. Classes are COCO's 80; Pascal VOC has 20.
/// </summary>
public sealed class YoloV3 : ImageFamily
{
    private const int AnchorsOfMap = 3, NumbersOfBox = 5;

    public override string Name => "yolov3";

    public override string Citation => "Redmon and Farhadi, arXiv:1804.02767";

    protected override int DefaultResolution(string? variant) => 416;

    protected override int SmallestResolution => 32;

    protected override int DefaultClasses => 80;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        IReadOnlyList<string> stages = DarkNet53.Stages(layers, input);
        var boxes = new List<string>();
        string? coarser = null;
        for (int map = 1; map <= AnchorsOfMap; map++)
        {
            int channels = 1024 >> map;
            string x = stages[^map];
            if (coarser is not null)
                x = graph.Concat($"map{map}/concat", Doubled($"map{map}/up", layers.Convolution($"map{map}/reduce", coarser, channels, 1, activation: ActivationKind.LeakyRelu), x), x);
            for (int i = 1; i <= 5; i++)
                x = layers.Convolution($"map{map}/conv{i}", x, i % 2 == 1 ? channels : 2 * channels, i % 2 == 1 ? 1 : 3, activation: ActivationKind.LeakyRelu);
            coarser = x;
            x = layers.Convolution($"map{map}/conv6", x, 2 * channels, 3, activation: ActivationKind.LeakyRelu);
            boxes.Add(graph.Convolution($"map{map}/boxes", x, AnchorsOfMap * (NumbersOfBox + settings.Classes), 1, bias: true));
        }
        return boxes;

        // Each pixel four times, cut to the finer map where the image is no multiple of 32.
        string Doubled(string layer, string value, string finer)
        {
            var size = graph.TypeOf(finer).Image;
            string rows = graph.Layer($"{layer}/rows", new Gather(2, [.. Enumerable.Range(0, size.Height).Select(i => i / 2)]), [value]);
            return graph.Layer($"{layer}/columns", new Gather(3, [.. Enumerable.Range(0, size.Width).Select(i => i / 2)]), [rows]);
        }
    }
}
