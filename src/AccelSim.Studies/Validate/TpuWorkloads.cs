using AccelSim.Graph;

namespace AccelSim.Studies.Validate;

/// <summary>One of the six workloads by which Jouppi et al., ISCA 2017, measured the first TPU, reconstructed.</summary>
/// <param name="Name">As the paper names it.</param>
/// <param name="Batch">Images, or sequences, at once.</param>
/// <param name="Layers">Rows, inputs and outputs of each product.</param>
/// <param name="BytesAnActivation">Two halve the array's speed, as the paper says of mixed precision.</param>
public sealed record TpuWorkload(string Name, int Batch, IReadOnlyList<TpuLayer> Layers, int BytesAnActivation = 1)
{
    /// <summary>Multiply-accumulates that the workload asks for, of one batch.</summary>
    public long UsefulMacs => Layers.Sum(layer => layer.Macs(Batch));

    /// <summary>
    /// The graph as it lies in the weight memory: in whole tiles of 256 × 256 (18 µs for the nine tiles of a 600 × 600 matrix are their 64 KiB each at
    /// 34 GB/s). An activation of two bytes passes the array twice, which counts as a batch of twice the size.
    /// </summary>
    public LayerGraph Graph()
    {
        var graph = new GraphBuilder($"tpu-{Name}");
        TpuLayer first = Layers[0];
        int batch = Batch * BytesAnActivation;
        string x = first.Side == 1
            ? graph.Input("input", Shape.Of(batch, Whole(first.Inputs)))
            : graph.Input("input", Shape.Of(batch, Whole(first.Inputs), first.Side, first.Side));
        for (int i = 0; i < Layers.Count; i++)
        {
            TpuLayer layer = Layers[i];
            if (layer.PoolBefore is { } window)
                x = graph.Layer($"pool{i}", new MaxPool(Size2.Square(window), Size2.Square(window), Padding.None), [x]);
            if (layer.Side == 1 && graph.TypeOf(x).Shape.Rank > 2)
                x = graph.Layer($"flatten{i}", new Flatten(), [x]);
            x = layer.Side == 1
                ? graph.FullyConnected($"layer{i}", x, Whole(layer.Outputs), bias: false)
                : graph.Convolution($"layer{i}", x, Whole(layer.Outputs), layer.Kernel);
            x = graph.Activation($"layer{i}/relu", x, ActivationKind.Relu);
        }
        return graph.Build([x]);
    }

    private static int Whole(int extent) => (extent + TpuWorkloads.TileSide - 1) / TpuWorkloads.TileSide * TpuWorkloads.TileSide;
}

/// <summary>A product of a workload.</summary>
/// <param name="Inputs">Input features or channels.</param>
/// <param name="Outputs">Output features or channels.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Side">Side of the image; 1 where it is a matrix.</param>
/// <param name="PoolBefore">Side of a pooling window before the layer, or null.</param>
public sealed record TpuLayer(int Inputs, int Outputs, int Kernel = 1, int Side = 1, int? PoolBefore = null)
{
    /// <summary>Weights of the layer.</summary>
    public long Weights => (long)Inputs * Outputs * Kernel * Kernel;

    /// <summary>Multiply-accumulates of a batch.</summary>
    public long Macs(int batch) => Weights * Side * Side * batch;
}

/// <summary>
/// The workloads. They are proprietary: layers, weights, batch and MACs a weight are the paper's (Table 1), sizes were chosen to meet them, and to leave as
/// much of the array unused as Table 3 counts.
/// </summary>
public static class TpuWorkloads
{
    /// <summary>Rows and columns of a tile of weights.</summary>
    public const int TileSide = 256;

    /// <summary>All six.</summary>
    public static IReadOnlyList<TpuWorkload> All { get; } =
    [
        // 5 layers, 20 million weights, next to nothing of a tile unused.
        new("mlp0", 200, [.. Enumerable.Repeat(new TpuLayer(2048, 2048), 5)]),
        // 4 layers, 5 million weights.
        new("mlp1", 168, [new(1024, 1220), new(1220, 1024), new(1024, 1220), new(1220, 1024)]),
        // 24 layers, 52 million weights, nothing of a tile unused; 16-bit activations at half speed.
        new("lstm0", 64, [.. Enumerable.Range(0, 24).Select(i => i % 2 == 0 ? new TpuLayer(1024, 2048) : new TpuLayer(2048, 1024))], BytesAnActivation: 2),
        // 37 layers, 34 million weights; the paper's example of a matrix is 600 × 600, of which 94 make 34 million, so that a layer has two or three.
        new("lstm1", 96, [.. Enumerable.Repeat(new TpuLayer(600, 600), 94)], BytesAnActivation: 2),
        // 16 convolutions, 8 million weights, 2888 MACs a weight at batch 8: 361 pixels, a board of 19 × 19.
        new("cnn0", 8, [.. Enumerable.Repeat(new TpuLayer(256, 256, 3, 19), 13), .. Enumerable.Repeat(new TpuLayer(256, 256, 1, 19), 3)]),
        // 72 convolutions, 13 poolings, 4 matrices, 100 million weights, 1750 MACs a weight at batch 32; shallow features, half of the columns unused.
        new("cnn1", 32,
        [
            .. Enumerable.Repeat(new TpuLayer(128, 128, 3, 22), 72),
            new(3200, 6144, PoolBefore: 4), new(6144, 6144), new(6144, 4096), new(4096, 1536),
        ]),
    ];

    /// <summary>The workload of this name, or null.</summary>
    public static TpuWorkload? Find(string name) => All.FirstOrDefault(workload => workload.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
