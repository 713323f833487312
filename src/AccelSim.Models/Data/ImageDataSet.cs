using AccelSim.Graph;

namespace AccelSim.Models.Data;

/// <summary>Images to learn from and others to measure on.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Training">To learn from.</param>
/// <param name="Test">Never learnt from.</param>
public sealed record ImageDataSet(string Name, GreyImages Training, GreyImages Test)
{
    /// <summary>
    /// The four IDX files of MNIST and its like in a folder. Where the training files are missing, the test files are split: every fifth image tests. Their first half
    /// is harder than the second (README of ../shared/data/mnist), so that a split in the middle would mislead.
    /// </summary>
    /// <exception cref="GraphException">There are no such files, or they are damaged.</exception>
    public static ImageDataSet Open(string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var test = Read(folder, "t10k") ?? throw new GraphException($"There is no t10k-images-idx3-ubyte, with or without .gz, in {folder}.");
        return Read(folder, "train") is { } training
            ? new ImageDataSet(name, training, test)
            : new ImageDataSet($"{name}, the test images split", test.Where(index => index % 5 != 0), test.Where(index => index % 5 == 0));
    }

    /// <summary>From Debian's package.</summary>
    /// <exception cref="GraphException">It is not installed.</exception>
    public static ImageDataSet Fashion() => new("Fashion-MNIST", FashionMnist.Training(), FashionMnist.Test());

    private static GreyImages? Read(string folder, string prefix)
    {
        foreach (string ending in (string[])[".gz", ""])
        {
            string images = Path.Combine(folder, $"{prefix}-images-idx3-ubyte{ending}");
            if (File.Exists(images))
                return GreyImages.Load(images, Path.Combine(folder, $"{prefix}-labels-idx1-ubyte{ending}"));
        }
        return null;
    }
}
