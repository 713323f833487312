using AccelSim.Graph;
using AccelSim.Graph.Training;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>A float graph in libtorch from tensors to tensors, so that autograd can follow.</summary>
internal static class FloatForward
{
    /// <summary>The first output. With <paramref name="training"/> batch normalization uses and updates the statistics of the batch.</summary>
    public static TorchTensor Run(
        LayerGraph graph, IReadOnlyDictionary<string, TorchTensor> constants, IReadOnlyDictionary<string, TorchTensor> inputs, bool training)
    {
        var values = new Dictionary<string, TorchTensor>(inputs);
        foreach (var layer in graph.Layers)
        {
            values[layer.Name] = FloatOperators.Table[layer.Operator.GetType()](
                layer.Operator, [.. layer.Inputs.Select(name => values[name])], [.. layer.Constants.Select(name => constants.TryGetValue(name, out var constant) ? constant : values[name])], training);
        }
        return values[graph.Outputs[0]];
    }

    /// <summary>The loss as <see cref="LossKind"/> defines it.</summary>
    public static TorchTensor Loss(LossKind kind, TorchTensor output, TorchTensor target) => kind switch
    {
        LossKind.CrossEntropy => -(target * log_softmax(output, 1)).sum(1).mean(),
        LossKind.BinaryCrossEntropy => (softplus(output, 1, 1e9) - target * output).mean(),
        _ => (output - target).square().mean(),
    };
}
