using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>Redmon and Farhadi, "YOLOv3: An Incremental Improvement", arXiv:1804.02767, Table 1: the classifier under the detector.</summary>
public sealed class DarkNet53 : ImageFamily
{
    private static readonly int[] BlocksOfStages = [1, 2, 8, 8, 4];

    public override string Name => "darknet53";

    public override string Citation => "Redmon and Farhadi, arXiv:1804.02767";

    protected override int DefaultResolution(string? variant) => 256;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings) =>
        [graph.Classifier(Stages(NormalizedLayers.Torch(graph), input)[^1], settings.Classes)];

    /// <summary>The output of every stage, for networks that go on from them.</summary>
    internal static IReadOnlyList<string> Stages(NormalizedLayers layers, string input)
    {
        var stages = new List<string>();
        string x = layers.Convolution("conv1", input, 32, 3, activation: ActivationKind.LeakyRelu);
        for (int stage = 0; stage < BlocksOfStages.Length; stage++)
        {
            int channels = 64 << stage;
            x = layers.Convolution($"stage{stage + 1}/down", x, channels, 3, 2, activation: ActivationKind.LeakyRelu);
            for (int block = 1; block <= BlocksOfStages[stage]; block++)
            {
                string path = $"stage{stage + 1}/block{block}";
                string y = layers.Convolution($"{path}/conv1", x, channels / 2, 1, activation: ActivationKind.LeakyRelu);
                x = layers.Graph.Add($"{path}/add", layers.Convolution($"{path}/conv2", y, channels, 3, activation: ActivationKind.LeakyRelu), x);
            }
            stages.Add(x);
        }
        return stages;
    }
}
