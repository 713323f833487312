using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Simonyan, Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015, Table 1, configurations A
/// (11 layers), B (13), D (16) and E (19): 3×3 convolutions with biases. Batch normalization after each is a later addition.
/// </summary>
public sealed class Vgg(int depth) : ImageFamily
{
    private static readonly int[] ChannelsOfStages = [64, 128, 256, 512, 512];

    private ImmutableArray<int> ConvolutionsOfStages => depth switch
    {
        11 => [1, 1, 2, 2, 2],
        13 => [2, 2, 2, 2, 2],
        16 => [2, 2, 3, 3, 3],
        _ => [2, 2, 4, 4, 4],
    };

    public override string Name => $"vgg{depth}";

    public override string Citation => "Simonyan and Zisserman, ICLR 2015";

    protected override ImmutableArray<NetworkOption> OwnOptions => [NetworkOption.Choice("batch-norm", "batch normalization after each convolution", "off", "on")];

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        string x = input;
        for (int stage = 0; stage < 5; stage++)
        {
            for (int i = 0; i < ConvolutionsOfStages[stage]; i++)
            {
                string layer = $"conv{stage + 1}_{i + 1}";
                x = graph.Convolution(layer, x, ChannelsOfStages[stage], 3, padding: 1, bias: true);
                if (settings.IsOn("batch-norm"))
                    x = graph.BatchNormalization($"{layer}/bn", x, 1e-5);
                x = graph.Relu(layer, x);
            }
            x = graph.MaxPool($"pool{stage + 1}", x, 2, 2);
        }
        x = graph.Layer("flatten", new Flatten(), [x]);
        x = graph.Relu("fc6", graph.FullyConnected("fc6", x, 4096));
        x = graph.Relu("fc7", graph.FullyConnected("fc7", x, 4096));
        return [graph.FullyConnected("fc8", x, settings.Classes)];
    }
}
