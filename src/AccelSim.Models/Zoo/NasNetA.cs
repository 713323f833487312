using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Zoph, Vasudevan, Shlens, Le, "Learning Transferable Architectures for Scalable Image Recognition", CVPR 2018, Figure 4: NASNet-A, whose
/// cells each read the two before. Mobile is 4 @ 1056 on 224, large 6 @ 4032 on 331 (N normal cells between reductions @ channels
/// at the end). Separable convolutions are applied twice, ReLU first; the rest as in the authors' released code.
/// </summary>
public sealed class NasNetA(bool large) : ImageFamily
{
    public override string Name => large ? "nasnet_a_large" : "nasnet_a_mobile";

    public override string Citation => "Zoph et al., CVPR 2018";

    protected override int DefaultResolution(string? variant) => large ? 331 : 224;

    protected override int SmallestResolution => 32;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.TensorFlow(graph);
        // A cell concatenates six values, and channels double twice: the first normal cells have 1 ÷ 24 of the last channels.
        int filters = (large ? 4032 : 1056) / 24;
        string stem = layers.Convolution("conv0", input, large ? 96 : 32, 3, 2, valid: true);
        // The first cell has only one value before it.
        var (x, previous) = (Reduction("stem1", stem, stem, filters / 4), stem);
        (x, previous) = (Reduction("stem2", x, previous, filters / 2), x);
        int number = 0;
        for (int stage = 0; stage < 3; stage++)
        {
            if (stage > 0)
            {
                // Large skips its reduction's input: the next cell reads what came before that (skip_reduction_layer_input).
                string reduced = Reduction($"reduction{stage}", x, previous, filters << stage);
                (x, previous) = (reduced, large ? previous : x);
            }
            for (int cell = 0; cell < (large ? 6 : 4); cell++)
                (x, previous) = (Normal($"cell{++number}", x, previous, filters << stage), x);
        }
        return [graph.Classifier(graph.Relu("last", x), settings.Classes)];

        string Normal(string cell, string value, string before, int channels)
        {
            var (h, p) = (Narrowed($"{cell}/begin", value, channels), Matched($"{cell}/previous", before, value, channels));
            string x1 = graph.Add($"{cell}/add1", Separable($"{cell}/left1", h, channels, 5), Separable($"{cell}/right1", p, channels, 3));
            string x2 = graph.Add($"{cell}/add2", Separable($"{cell}/left2", p, channels, 5), Separable($"{cell}/right2", p, channels, 3));
            string x3 = graph.Add($"{cell}/add3", graph.AveragePoolSame($"{cell}/left3", h, 3, 1), p);
            string x4 = graph.Add($"{cell}/add4", graph.AveragePoolSame($"{cell}/left4", p, 3, 1), graph.AveragePoolSame($"{cell}/right4", p, 3, 1));
            string x5 = graph.Add($"{cell}/add5", Separable($"{cell}/left5", h, channels, 3), h);
            return graph.Concat(cell, p, x1, x2, x3, x4, x5);
        }

        string Reduction(string cell, string value, string before, int channels)
        {
            var (h, p) = (Narrowed($"{cell}/begin", value, channels), Matched($"{cell}/previous", before, value, channels));
            string x1 = graph.Add($"{cell}/add1", Separable($"{cell}/left1", h, channels, 5, 2), Separable($"{cell}/right1", p, channels, 7, 2));
            string x2 = graph.Add($"{cell}/add2", graph.MaxPoolSame($"{cell}/left2", h, 3, 2), Separable($"{cell}/right2", p, channels, 7, 2));
            string x3 = graph.Add($"{cell}/add3", graph.AveragePoolSame($"{cell}/left3", h, 3, 2), Separable($"{cell}/right3", p, channels, 5, 2));
            string x4 = graph.Add($"{cell}/add4", x2, graph.AveragePoolSame($"{cell}/left4", x1, 3, 1));
            string x5 = graph.Add($"{cell}/add5", Separable($"{cell}/left5", x1, channels, 3), graph.MaxPoolSame($"{cell}/right5", h, 3, 2));
            return graph.Concat(cell, x2, x3, x4, x5);
        }

        string Narrowed(string layer, string value, int channels) => layers.Convolution(layer, graph.Relu(layer, value), channels, 1);

        // The value before in the shape of a cell's own input: half its channels from the even pixels and half from the odd where the image is larger.
        string Matched(string layer, string before, string value, int channels)
        {
            var (image, wanted) = (graph.TypeOf(before).Image, graph.TypeOf(value).Image);
            if (image == wanted)
                return before == value || graph.TypeOf(before).Channels == channels ? before : Narrowed(layer, before, channels);
            string rectified = graph.Relu(layer, before);
            string even = graph.Convolution($"{layer}/even", rectified, channels / 2, Halving(Padding.None), bias: false);
            string shifted = graph.Layer($"{layer}/rows", new Slice(2, 1, image.Height - 1), [rectified]);
            shifted = graph.Layer($"{layer}/columns", new Slice(3, 1, image.Width - 1), [shifted]);
            string odd = graph.Convolution($"{layer}/odd", shifted, channels / 2, Halving(new Padding(0, 1, 0, 1)), bias: false);
            return layers.Normalize(layer, graph.Concat($"{layer}/concat", even, odd));
        }

        string Separable(string layer, string value, int channels, int kernel, int stride = 1)
        {
            value = layers.Separable($"{layer}/first", graph.Relu($"{layer}/first", value), channels, kernel, stride);
            return layers.Separable($"{layer}/second", graph.Relu($"{layer}/second", value), channels, kernel);
        }

        static Convolution Halving(Padding padding) => new(Size2.Square(1), Size2.Square(2), padding);
    }
}
