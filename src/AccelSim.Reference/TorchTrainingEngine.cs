using AccelSim.Graph;
using AccelSim.Graph.Training;
using TorchSharp;
using TorchSharp.Modules;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>
/// Trains through libtorch: autograd over the same operator implementations that execute a graph, and libtorch's SGD.
/// </summary>
public sealed class TorchTrainingEngine : ITrainingEngine
{
    private readonly LayerGraph _network;
    private readonly LossKind _loss;
    private readonly Dictionary<string, TorchTensor> _constants;
    private readonly torch.optim.Optimizer _optimizer;
    private readonly IReadOnlyList<(TorchTensor Weight, TorchTensor Mask)> _masks;

    /// <param name="network">A float graph with its initial weights and one input, of any batch.</param>
    /// <param name="options">Loss and update rule.</param>
    /// <exception cref="GraphException">The network cannot be trained.</exception>
    public TorchTrainingEngine(LayerGraph network, TrainingStepOptions options)
    {
        options.Check();
        if (network.IsQuantized || network.Inputs.Length != 1)
            throw new GraphException($"'{network.Name}' must be a float graph with one input to be trained.");
        TorchRuntime.Ensure();
        using var scope = torch.NewDisposeScope();
        (_network, _loss) = (network, options.Loss);
        _constants = network.Constants.Values.ToDictionary(constant => constant.Name, constant => constant.Value.ToTorch());
        _optimizer = Optimizer(options);
        _masks = [.. Masks()];
        foreach (var tensor in _constants.Values.Concat(_masks.Select(mask => mask.Mask)))
            tensor.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public LayerGraph Network => _network.WithData(_constants.ToDictionary(pair => pair.Key, pair => pair.Value.detach().ToTensor()));

    /// <inheritdoc/>
    public double Step(Tensor input, Tensor target, double learningRate, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = torch.NewDisposeScope();
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = learningRate;
        var error = FloatForward.Loss(_loss, Forward(input, training: true), target.ToTorch());
        _optimizer.zero_grad();
        error.backward();
        _optimizer.step();
        using var inference = torch.no_grad();
        foreach (var (weight, mask) in _masks)
            weight.mul_(mask);
        return error.item<float>();
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor input, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = torch.NewDisposeScope();
        using var inference = torch.no_grad();
        return Forward(input, training: false).ToTensor();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (var tensor in _constants.Values.Concat(_masks.Select(mask => mask.Mask)))
            tensor.Dispose();
    }

    private TorchTensor Forward(Tensor input, bool training) =>
        FloatForward.Run(_network, _constants, new Dictionary<string, TorchTensor> { [_network.Inputs[0].Name] = input.ToTorch() }, training);

    private SGD Optimizer(TrainingStepOptions options)
    {
        List<Parameter> decaying = [], others = [];
        foreach (var constant in LearnedConstants.Of(_network))
        {
            var parameter = new Parameter(_constants[constant.Name]);
            _constants[constant.Name] = parameter;
            (constant.Decays ? decaying : others).Add(parameter);
        }
        if (decaying.Count + others.Count == 0)
            throw new GraphException($"'{_network.Name}' has nothing to learn: no layer has weights.");
        // The rate is set before each step.
        return torch.optim.SGD([Group(decaying, options.WeightDecay), Group(others, 0)], 1);

        SGD.ParamGroup Group(List<Parameter> parameters, double decay) =>
            new(parameters, new SGD.Options { LearningRate = 1, momentum = options.Momentum, nesterov = options.Nesterov, weight_decay = decay });
    }

    /// <summary>Weights that a connection table lacks stay 0.</summary>
    private IEnumerable<(TorchTensor Weight, TorchTensor Mask)> Masks()
    {
        foreach (var layer in _network.Layers)
        {
            if (layer.Operator is not Graph.Convolution { ConnectionTable.IsDefaultOrEmpty: false } convolution)
                continue;
            var weight = _constants[layer.Constants[0]];
            var mask = torch.zeros_like(weight);
            for (int output = 0; output < convolution.ConnectionTable.Length; output++)
            {
                foreach (int input in convolution.ConnectionTable[output])
                    mask[output, input].fill_(1);
            }
            yield return (weight, mask);
        }
    }
}
