using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Models.Zoo;

namespace AccelSim.Models;

/// <summary>The networks by name.</summary>
public static class NetworkZoo
{
    public static ImmutableArray<NetworkFamily> Families { get; } =
    [
        new LeNet5(), new LeNetCaffe(), new AlexNet(),
        new Vgg(11), new Vgg(13), new Vgg(16), new Vgg(19),
        new GoogLeNet(), new InceptionV3(), new InceptionV4(), new InceptionResNetV2(),
        new ResNet(18, plain: true), new ResNet(34, plain: true), new ResNet(18), new ResNet(34), new ResNet(50), new ResNet(101), new ResNet(152),
        new PreActivationResNet(),
        new ResNetCifar(20), new ResNetCifar(32), new ResNetCifar(44), new ResNetCifar(56), new ResNetCifar(110), new ResNetCifar(1202),
        new ResNeXt(50), new ResNeXt(101), new SeResNet(50), new SeResNet(101), new SeResNet(152),
        new SeResNeXt(50), new SeResNeXt(101), new WideResNet(50), new RegNet(squeezes: false), new RegNet(squeezes: true), new RepVgg(), new DarkNet53(),
        new DenseNet(121), new DenseNet(161), new DenseNet(169), new DenseNet(201),
        new SqueezeNet(), new ShuffleNetV1(), new ShuffleNetV2(),
        new NasNetA(large: false), new NasNetA(large: true), new MnasNet(), new Xception(), new Xception41(),
        new MobileNetV1(), new MobileNetV2(), new MobileNetV3(large: false), new MobileNetV3(large: true),
        new EfficientNet(), new EfficientNetEdgeTpu(), new FbNetC(), new GhostNet(),
        new Ssd(SsdBackbone.MobileNetV1), new Ssd(SsdBackbone.MobileNetV2), new Ssd(SsdBackbone.ResNet34), new Ssd(SsdBackbone.ResNet50), new YoloV3(),
        new MultilayerPerceptron(),
        new RecurrentClassifier(RecurrentCell.Simple), new RecurrentClassifier(RecurrentCell.Lstm), new RecurrentClassifier(RecurrentCell.Gru),
        new Hopfield(), new RestrictedBoltzmann(),
    ];

    /// <summary>Finds a family; <c>-</c> and <c>_</c> are the same.</summary>
    /// <exception cref="GraphException">There is none of that name; the message lists all.</exception>
    public static NetworkFamily Find(string name) =>
        Families.FirstOrDefault(family => family.Name.Equals(name.Replace('-', '_'), StringComparison.OrdinalIgnoreCase))
        ?? throw new GraphException($"There is no network '{name}' (there are {string.Join(", ", Families.Select(family => family.Name))}).");
}
