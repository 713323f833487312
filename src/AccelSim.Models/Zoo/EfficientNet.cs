using System.Collections.Immutable;
using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, Table 1 and the compound scaling of its released
/// code: channels times the width factor, rounded to 8, repeats times the depth factor, rounded up. Squeeze-and-excite narrows to a quarter of a block's input.
/// <c>lite0</c> is the authors' variant for integer hardware: no squeeze-and-excite, ReLU6, stem and head not scaled.
/// </summary>
public sealed class EfficientNet : ImageFamily
{
    private readonly record struct Scaling(double Width, double Depth, int Resolution);

    private static readonly ImmutableDictionary<string, Scaling> Scalings = new Dictionary<string, Scaling>
    {
        ["b0"] = new(1.0, 1.0, 224), ["b1"] = new(1.0, 1.1, 240), ["b2"] = new(1.1, 1.2, 260), ["b3"] = new(1.2, 1.4, 300),
        ["b4"] = new(1.4, 1.8, 380), ["b5"] = new(1.6, 2.2, 456), ["b6"] = new(1.8, 2.6, 528), ["b7"] = new(2.0, 3.1, 600),
        ["lite0"] = new(1.0, 1.0, 224),
    }.ToImmutableDictionary();

    private static readonly (int Kernel, int Expansion, int Channels, int Repeats, int Stride)[] Stages =
        [(3, 1, 16, 1, 1), (3, 6, 24, 2, 2), (5, 6, 40, 2, 2), (3, 6, 80, 3, 2), (5, 6, 112, 3, 1), (5, 6, 192, 4, 2), (3, 6, 320, 1, 1)];

    public override string Name => "efficientnet";

    public override string Citation => "Tan and Le, ICML 2019";

    protected override ImmutableArray<NetworkOption> OwnOptions =>
        [NetworkOption.Choice(NetworkOption.Variant, "the scaling, or the lite network", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "lite0")];

    protected override int DefaultResolution(string? variant) => Scalings[variant ?? "b0"].Resolution;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        var layers = NormalizedLayers.Torch(graph);
        var scaling = Scalings[settings.Variant];
        bool lite = settings.Variant == "lite0";
        var activation = lite ? ActivationKind.Relu6 : ActivationKind.Swish;
        string x = layers.Convolution("conv1", input, Scaled(32), 3, 2, activation: activation);
        int number = 0;
        foreach (var (kernel, expansion, channels, repeats, stride) in Stages)
        {
            // The lite network's first and last stages are not repeated, which at lite0 makes no difference.
            for (int repeat = 0; repeat < (int)Math.Ceiling(repeats * scaling.Depth); repeat++)
            {
                int inputs = graph.TypeOf(x).Channels;
                x = layers.InvertedResidual(
                    $"block{++number}", x, inputs * expansion, Scaled(channels), kernel, repeat == 0 ? stride : 1, activation,
                    lite ? null : (Math.Max(1, inputs / 4), ActivationKind.Sigmoid), ActivationKind.Swish);
            }
        }
        return [graph.Classifier(layers.Convolution("conv_last", x, Scaled(1280), 1, activation: activation), settings.Classes)];

        int Scaled(int channels) => ChannelRounding.ToMultipleOf8(channels * scaling.Width);
    }
}
