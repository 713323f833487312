namespace AccelSim.Graph.Training;

/// <summary>Something that holds a network's weights and improves them a batch at a time.</summary>
public interface ITrainingEngine : IDisposable
{
    /// <summary>The network with the weights of now.</summary>
    LayerGraph Network { get; }

    /// <summary>One step of gradient descent.</summary>
    /// <param name="input">The network's first input, for the batch.</param>
    /// <param name="target">What its first output should be.</param>
    /// <param name="learningRate">For this step.</param>
    /// <param name="cancellation">Stops the step; the weights stay as they were.</param>
    /// <returns>The loss before the step.</returns>
    double Step(Tensor input, Tensor target, double learningRate, CancellationToken cancellation = default);

    /// <summary>The first output for inputs of any batch, in inference.</summary>
    Tensor Predict(Tensor input, CancellationToken cancellation = default);
}
