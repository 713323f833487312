using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Models.Data;

namespace AccelSim.Models.Trained;

/// <summary>A network with trained weights and the record of its training, in a folder of its own.</summary>
public sealed record TrainedNetwork(LayerGraph Graph, TrainingRecord Record)
{
    private const string GraphFile = "graph.yaml";
    private const string RecordFile = "training.yaml";

    /// <summary>The networks and images that come with AccelSim, copied beside the program.</summary>
    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "trained");

    public ImagePreprocessing Preprocessing => new(Record.Mean, Record.Deviation);

    /// <exception cref="GraphException">The folder does not hold a trained network.</exception>
    public static TrainedNetwork Load(string folder)
    {
        string record = Path.Combine(folder, RecordFile);
        if (!File.Exists(record))
            throw new GraphException($"{folder} does not hold a trained network: {RecordFile} is missing (accelsim train makes one).");
        return new TrainedNetwork(GraphYaml.Load(Path.Combine(folder, GraphFile)), TrainingRecord.Load(record));
    }

    /// <summary>The trained network that comes with AccelSim under a graph's name, such as <c>mobilenet_v1-0.25-32</c>, or null.</summary>
    public static TrainedNetwork? ShippedAs(string name)
    {
        string folder = Path.Combine(Shipped, name);
        return Directory.Exists(folder) ? Load(folder) : null;
    }

    /// <summary>256 images of the test set of Fashion-MNIST that come with AccelSim.</summary>
    public static GreyImages ShippedImages() => GreyImages.Load(Path.Combine(Shipped, "images-idx3-ubyte"), Path.Combine(Shipped, "labels-idx1-ubyte"));

    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        GraphYaml.Save(Graph, Path.Combine(folder, GraphFile));
        Record.Save(Path.Combine(folder, RecordFile));
    }
}
