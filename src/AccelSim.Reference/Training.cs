using AccelSim.Graph;
using AccelSim.Graph.Training;

namespace AccelSim.Reference;

/// <summary>Images [N, C, H, W] in float32 with a class each.</summary>
public sealed record LabelledImages(Tensor Images, IReadOnlyList<int> Labels)
{
    public int Count => Labels.Count;
}

/// <summary>How a network is trained: SGD with Nesterov momentum, a cosine learning rate after a warm-up, weight decay on the weights of dense layers alone.</summary>
public sealed record TrainingOptions
{
    public int Epochs { get; init; } = 30;

    public int BatchSize { get; init; } = 128;

    public double LearningRate { get; init; } = 0.1;

    public double Momentum { get; init; } = 0.9;

    /// <summary>Depthwise filters have too few weights to be decayed (Howard et al., arXiv:1704.04861, section 3.2).</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Mirror images left to right at random.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Shift each batch by up to this many pixels, at random; what leaves the image comes back on the other side, so the border should be empty.</summary>
    public int Shift { get; init; } = 2;

    /// <summary>Stop after this many epochs without a better validation accuracy.</summary>
    public int Patience { get; init; } = 8;

    public int Seed { get; init; } = 1;

    /// <summary>The same as loss and update rule of a step.</summary>
    public TrainingStepOptions Step => new() { Momentum = Momentum, Nesterov = true, WeightDecay = WeightDecay };

    /// <exception cref="GraphException">An option is out of range.</exception>
    public void Check()
    {
        if (Epochs < 1 || Patience < 1 || BatchSize < 1)
            throw new GraphException($"Epochs, patience and batch size must be at least 1, but are {Epochs}, {Patience} and {BatchSize}.");
        if (!double.IsFinite(LearningRate) || LearningRate <= 0)
            throw new GraphException($"The learning rate {LearningRate} must be finite and above 0.");
    }
}

/// <summary>Where training stands.</summary>
public sealed record TrainingProgress(int Epoch, int Epochs, int Step, int Steps, double Loss, double? ValidationAccuracy);

/// <summary>The weights of the epoch with the best validation accuracy.</summary>
public sealed record TrainingResult(LayerGraph Graph, int BestEpoch, int EpochsRun, double ValidationAccuracy);
