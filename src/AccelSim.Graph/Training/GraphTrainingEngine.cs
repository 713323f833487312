namespace AccelSim.Graph.Training;

/// <summary>Trains by executing a <see cref="TrainingStep"/> on any backend, again and again, each time on the weights that the last one made.</summary>
public sealed class GraphTrainingEngine : ITrainingEngine
{
    private readonly LayerGraph _network;
    private readonly TrainingStep _step;
    private readonly IBackend _backend;
    private readonly IExecutor _executor;
    private Dictionary<string, Tensor> _state;

    /// <param name="network">A float graph with its initial weights and one input, of any batch.</param>
    /// <param name="batch">Images a step.</param>
    /// <param name="options">Loss and update rule.</param>
    /// <param name="backend">Executes the step. It stays the caller's.</param>
    /// <exception cref="GraphException">The network cannot be trained.</exception>
    /// <exception cref="UnsupportedOperatorException">The backend lacks an operator of the step.</exception>
    public GraphTrainingEngine(LayerGraph network, int batch, TrainingStepOptions options, IBackend backend)
    {
        if (network.Inputs.Length != 1)
            throw new GraphException($"'{network.Name}' has {network.Inputs.Length} inputs; only networks with one can be trained.");
        (_network, _backend) = (network, backend);
        _step = TrainingStep.Of(network.WithBatch(batch), options);
        _state = _step.InitialState(network);
        _executor = backend.Compile(_step.Graph);
    }

    /// <inheritdoc/>
    public LayerGraph Network => _network.WithData(_step.State.Where(value => value.Constant is not null).ToDictionary(value => value.Constant!, value => _state[value.Input]));

    /// <inheritdoc/>
    public double Step(Tensor input, Tensor target, double learningRate, CancellationToken cancellation = default)
    {
        var inputs = new Dictionary<string, Tensor>(_state)
        {
            [_network.Inputs[0].Name] = input,
            [TrainingStep.TargetName] = target,
            [TrainingStep.LearningRateName] = Tensor.Of(Shape.Of(1), [(float)learningRate]),
        };
        var outputs = _executor.Run(inputs, cancellation: cancellation);
        _state = _step.State.ToDictionary(value => value.Input, value => outputs[value.Output]);
        return outputs[_step.Loss].Float32[0];
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor input, CancellationToken cancellation = default)
    {
        using var executor = _backend.Compile(Network.WithBatch(input.Shape[0]));
        return executor.Run(new Dictionary<string, Tensor> { [_network.Inputs[0].Name] = input }, cancellation: cancellation)[_network.Outputs[0]];
    }

    public void Dispose() => _executor.Dispose();
}
