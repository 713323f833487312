using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks", CVPR 2017, Table 1 (DenseNet-BC): every layer
/// reads all before it in its block. Normalization and ReLU come before each convolution; a transition halves channels and image.
/// DenseNet-161 grows by 48 channels a layer from 96, the others by 32 from 64.
/// </summary>
public sealed class DenseNet(int depth) : ImageFamily
{
    private ImmutableArray<int> LayersOfBlocks => depth switch
    {
        121 => [6, 12, 24, 16],
        161 => [6, 12, 36, 24],
        169 => [6, 12, 32, 32],
        _ => [6, 12, 48, 32],
    };

    private int Growth => depth == 161 ? 48 : 32;

    public override string Name => $"densenet{depth}";

    public override string Citation => "Huang et al., CVPR 2017";

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        string x = layers.Convolution("conv1", input, 2 * Growth, 7, 2, activation: ActivationKind.Relu);
        x = graph.MaxPool("maxpool", x, 3, 2, padding: 1);
        for (int block = 0; block < 4; block++)
        {
            for (int i = 0; i < LayersOfBlocks[block]; i++)
                x = Dense($"block{block + 1}/layer{i + 1}", x);
            if (block < 3)
                x = Transition($"transition{block + 1}", x);
        }
        return [graph.Classifier(Before("last", x), settings.Classes)];

        string Dense(string layer, string value)
        {
            string y = graph.Convolution($"{layer}/1x1", Before($"{layer}/1x1", value), 4 * Growth, 1);
            y = graph.Convolution($"{layer}/3x3", Before($"{layer}/3x3", y), Growth, 3, padding: 1);
            return graph.Concat(layer, value, y);
        }

        string Transition(string layer, string value)
        {
            value = graph.Convolution($"{layer}/1x1", Before($"{layer}/1x1", value), graph.TypeOf(value).Channels / 2, 1);
            return graph.Layer($"{layer}/pool", new AveragePool(Size2.Square(2), Size2.Square(2), Padding.None), [value]);
        }

        string Before(string layer, string value) => graph.Relu(layer, layers.Normalize(layer, value));
    }
}
