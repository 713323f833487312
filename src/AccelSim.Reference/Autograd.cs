using AccelSim.Graph;
using AccelSim.Graph.Training;
using TorchSharp;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>Gradients by libtorch's autograd in float64: the oracle of the gradients that the layer graph makes itself.</summary>
public static class Autograd
{
    /// <summary>The gradients of a loss in training with respect to all that <see cref="LearnedConstants"/> names.</summary>
    /// <param name="network">A float graph with weights.</param>
    /// <param name="inputs">By name.</param>
    /// <param name="target">Of the first output's shape.</param>
    /// <param name="loss">What is differentiated.</param>
    public static (double Loss, IReadOnlyDictionary<string, Tensor> Gradients) OfLoss(
        LayerGraph network, IReadOnlyDictionary<string, Tensor> inputs, Tensor target, LossKind loss)
    {
        double value = 0;
        var gradients = Backward(network, inputs, [.. LearnedConstants.Of(network).Select(constant => constant.Name)], training: true, output =>
        {
            var error = FloatForward.Loss(loss, output, Double(target));
            value = error.item<double>();
            return error;
        });
        return (value, gradients);
    }

    /// <summary>From the gradient of a graph's first output to those of some inputs and constants; zeros where the output does not depend on one.</summary>
    public static IReadOnlyDictionary<string, Tensor> VectorJacobianProduct(
        LayerGraph graph, IReadOnlyDictionary<string, Tensor> inputs, Tensor outputGradient, IReadOnlyCollection<string> values) =>
        Backward(graph, inputs, values, training: false, output => (output * Double(outputGradient)).sum());

    private static Dictionary<string, Tensor> Backward(
        LayerGraph graph, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyCollection<string> values, bool training, Func<TorchTensor, TorchTensor> objective)
    {
        TorchRuntime.Ensure();
        using var scope = torch.NewDisposeScope();
        var constants = graph.Constants.Values.ToDictionary(constant => constant.Name, constant => Double(constant.Value));
        var leaves = graph.Inputs.ToDictionary(input => input.Name, input => Double(inputs[input.Name]));
        foreach (string value in values)
            (leaves.GetValueOrDefault(value) ?? constants[value]).requires_grad_(true);
        objective(FloatForward.Run(graph, constants, leaves, training)).backward();
        return values.ToDictionary(value => value, value =>
        {
            var leaf = leaves.GetValueOrDefault(value) ?? constants[value];
            return (leaf.grad ?? torch.zeros_like(leaf)).ToTensor();
        });
    }

    private static TorchTensor Double(Tensor tensor) => tensor.ToTorch().to(torch.float64);
}
