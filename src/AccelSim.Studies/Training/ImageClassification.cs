using AccelSim.Graph;
using AccelSim.Models.Data;
using AccelSim.Reference;

namespace AccelSim.Studies.Training;

/// <summary>Images as a network takes them, and how many of them it classifies rightly.</summary>
internal static class ImageClassification
{
    private const int Batch = 250;

    /// <summary>In the shape of the graph's input, whatever its batch.</summary>
    public static LabelledImages Labelled(LayerGraph graph, GreyImages images, ImagePreprocessing preprocessing) => new(
        preprocessing.Tensor(images, graph.Inputs[0].Type.Channels, graph.Inputs[0].Type.Image),
        [.. images.Labels.Select(label => (int)label)]);

    /// <summary>The share of images whose class the float graph ranks first, in [0, 1].</summary>
    public static double Accuracy(LayerGraph graph, LabelledImages images, CancellationToken cancellation)
    {
        int correct = 0;
        for (int start = 0; start < images.Count; start += Batch)
        {
            var classes = Top1(graph, new ReferenceBackend(), images.Images.Batch(start, Math.Min(Batch, images.Count - start)), cancellation);
            correct += classes.Where((top, i) => top == images.Labels[start + i]).Count();
        }
        return correct / (double)images.Count;
    }

    /// <summary>The class that a backend ranks first, one an image.</summary>
    public static int[] Top1(LayerGraph graph, IBackend backend, Tensor images, CancellationToken cancellation)
    {
        using var executor = backend.Compile(graph.WithBatch(images.Shape[0]));
        return Classification.Top1(executor.Run(new Dictionary<string, Tensor> { [graph.Inputs[0].Name] = images }, cancellation: cancellation)[graph.Outputs[0]]);
    }
}
