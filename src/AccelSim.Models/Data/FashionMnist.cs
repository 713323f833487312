using AccelSim.Graph;

namespace AccelSim.Models.Data;

/// <summary>
/// Xiao, Rasul, Vollgraf, "Fashion-MNIST", arXiv:1708.07747: 60,000 + 10,000 photographs of clothes, 28×28 grey, ten classes, MIT licence;
/// from Debian's package dataset-fashion-mnist.
/// </summary>
public static class FashionMnist
{
    public const string DebianPackage = "dataset-fashion-mnist";

    private const string Folder = "/usr/share/datasets/fashion-mnist";

    /// <summary>Mean and deviation of the training pixels ÷ 255.</summary>
    public static ImagePreprocessing Preprocessing { get; } = new(0.2860, 0.3530);

    public static IReadOnlyList<string> Classes { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    public static GreyImages Training() => Load("train");

    public static GreyImages Test() => Load("t10k");

    private static GreyImages Load(string prefix)
    {
        string images = Path.Combine(Folder, $"{prefix}-images-idx3-ubyte.gz");
        if (!File.Exists(images))
            throw new GraphException($"Fashion-MNIST is not installed ({images} is missing): apt-get install {DebianPackage}");
        return GreyImages.Load(images, Path.Combine(Folder, $"{prefix}-labels-idx1-ubyte.gz"));
    }
}
