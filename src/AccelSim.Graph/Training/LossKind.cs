namespace AccelSim.Graph.Training;

/// <summary>What a training step minimizes, of the network's first output x and a target t of its shape.</summary>
public enum LossKind
{
    /// <summary>The mean over images of −Σ t·log softmax(x): logits [N, C] and target probabilities.</summary>
    CrossEntropy,

    /// <summary>The mean over all elements of softplus(x) − t·x, which is the cross entropy of sigmoid(x) with t in [0, 1].</summary>
    BinaryCrossEntropy,

    /// <summary>The mean over all elements of (x − t)².</summary>
    MeanSquaredError,
}

internal static class LossKinds
{
    /// <summary>Emits the loss, [1].</summary>
    /// <exception cref="GraphException">The output has not the shape that the loss needs.</exception>
    public static string Emit(this LossKind kind, StepBuilder builder, string output, string target)
    {
        var layers = new LossEmitter(builder);
        if (kind == LossKind.CrossEntropy)
            return builder.Emit(TrainingStep.LossName, new CrossEntropy(), [output, target], []);
        string each = kind == LossKind.BinaryCrossEntropy
            ? layers.Minus(layers.Function(ActivationKind.Softplus, output), layers.Times(target, output))
            : layers.Function(ActivationKind.Power, layers.Minus(output, target), 2);
        var all = builder.ShapeOf(each);
        string mean = layers.Mean(each, [.. Enumerable.Range(0, all.Rank)], keep: false);
        return builder.Emit(TrainingStep.LossName, new Reshape([1]), [mean], []);
    }

    private sealed class LossEmitter(StepBuilder builder) : LayerEmitter(builder, TrainingStep.LossName);
}
