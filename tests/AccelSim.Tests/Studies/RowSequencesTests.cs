using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Models.Data;
using AccelSim.Reference;
using AccelSim.Studies.Learning;
using AccelSim.Tests.Conformance;
using AccelSim.Tests.Gpu;

namespace AccelSim.Tests.Studies;

[Collection(OnGpu.Name)]
public sealed class RowSequencesTests(GpuDevicesFixture devices)
{
    private const int Side = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Which half of a noisy image a bright row is in, first or second, and on which side its bright pixels are: the last row says nothing of it, so that the state must keep it.
    /// </summary>
    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void What_passed_rows_ago_is_remembered(string family)
    {
        var data = new ImageDataSet("bright rows", BrightRows(1600, 1), BrightRows(400, 2));
        var options = new TrainingOptions { Epochs = 10, BatchSize = 32, LearningRate = 0.1 };
        var result = RowSequences.Train(family, 16, data, options, new NaiveBackend(), cancellation: Cancellation);
        Assert.True(result.TestAccuracy > 0.9, $"{100 * result.TestAccuracy:f1} %");
        Assert.Equal((1440, 160, 400), (result.TrainingImages, result.ValidationImages, result.TestImages));
        Assert.Equal(result.Executed, result.SameClass);
    }

    /// <summary>Every fifth image of the file tests, and all others train, in their order.</summary>
    [Fact]
    public void Test_images_alone_are_split_by_their_index()
    {
        string folder = SharedData.Require("mnist");
        var (_, pixels) = IdxFile.Read(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"));
        var (_, labels) = IdxFile.Read(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));
        var data = ImageDataSet.Open(folder);
        Assert.Equal((8000, 2000), (data.Training.Count, data.Test.Count));
        for (int index = 0; index < labels.Length; index++)
        {
            var (images, place) = index % 5 == 0 ? (data.Test, index / 5) : (data.Training, index - index / 5 - 1);
            Assert.Equal(labels[index], images.Labels[place]);
            Assert.True(images.Row(place, 14).SequenceEqual(pixels.AsSpan((index * 28 + 14) * 28, 28)));
        }
    }

    [Fact]
    public void A_folder_without_images_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("accelsim-images-");
        var error = Assert.Throws<GraphException>(() => ImageDataSet.Open(folder.FullName));
        folder.Delete();
        Assert.Equal($"There is no t10k-images-idx3-ubyte, with or without .gz, in {folder.FullName}.", error.Message);
    }

    public static MatrixTheoryData<string, string> FamiliesAndDevices => new(["rnn", "lstm", "gru"], TestDevices.WithDriver);

    /// <summary>Every layer, at the sizes of the zoo; LearningTests runs smaller ones on the CPU accelerator, which is slow.</summary>
    [Theory]
    [MemberData(nameof(FamiliesAndDevices))]
    public void The_zoos_networks_run_on_the_devices(string family, string device)
    {
        var graph = NetworkZoo.Find(family).Build(new NetworkOptions(Batch: 2)).WithSeededWeights(6);
        var inputs = new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = NormalNumbers.Tensor(graph.Inputs[0].Type.Shape, 3) };
        using var exact = new ReferenceBackend(doublePrecision: true).Compile(graph);
        using var executor = devices.Open(device).Compile(graph);
        var expected = exact.Run(inputs, everyLayer: true, Cancellation);
        var actual = executor.Run(inputs, everyLayer: true, Cancellation);
        foreach (var layer in graph.Layers)
        {
            var (right, got) = (expected[layer.Name].Float32.ToArray(), actual[layer.Name].Float32.ToArray());
            double largest = right.Max(Math.Abs), difference = right.Zip(got, (a, b) => Math.Abs((double)a - b)).Max();
            Assert.True(difference <= 1e-5 * largest, $"{layer.Name}: {difference:e2} of {largest:e2}");
        }
    }

    private static GreyImages BrightRows(int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Side * Side], labels = new byte[count];
        for (int image = 0; image < count; image++)
        {
            // Rows 0 to 2 or 4 to 6.
            bool late = random.Next(2) == 1, right = random.Next(2) == 1;
            int bright = (late ? 4 : 0) + random.Next(3);
            labels[image] = (byte)((late ? 2 : 0) + (right ? 1 : 0));
            for (int y = 0; y < Side; y++)
            {
                for (int x = 0; x < Side; x++)
                    pixels[(image * Side + y) * Side + x] = (byte)(random.Next(40) + (y == bright && x >= Side / 2 == right ? 200 : 0));
            }
        }
        return new GreyImages(Side, Side, pixels, labels);
    }
}
