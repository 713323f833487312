using AccelSim.Graph;

namespace AccelSim.Studies.Networks;

/// <summary>How many images to run at once when every layer's value is kept.</summary>
internal static class BatchSize
{
    /// <summary>Values of all layers together; the reference holds them in 8 bytes each.</summary>
    private const long LargestElements = 16L << 20;

    /// <summary>The largest divisor of <paramref name="samples"/> whose values fit.</summary>
    public static int Of(LayerGraph graph, int samples)
    {
        long perImage = graph.Layers.Sum(layer => graph.TypeOf(layer.Name).Shape.Elements) / graph.Batch;
        int most = (int)Math.Clamp(LargestElements / perImage, 1, samples);
        while (samples % most != 0)
            most--;
        return TakesBatch(graph, most) ? most : graph.Batch;
    }

    /// <summary>A network of the user's may have its batch written into the shapes between its layers.</summary>
    private static bool TakesBatch(LayerGraph graph, int batch)
    {
        try
        {
            return graph.WithBatch(batch).TypeOf(graph.Outputs[0]).Shape is [var images, ..] && images == batch;
        }
        catch (GraphException)
        {
            return false;
        }
    }
}
