using System.Collections.Immutable;
using AccelSim.Graph.Passes;

namespace AccelSim.Graph.Training;

/// <summary>A value that one training step hands to the next.</summary>
/// <param name="Input">The input of the step that takes it.</param>
/// <param name="Output">The layer of the step that makes its next value.</param>
/// <param name="Constant">The network's constant that it is, or null for one that begins as 0, such as a velocity.</param>
public sealed record StepState(string Input, string Output, string? Constant);

/// <summary>
/// One step of training as a graph of the same layers that inference has, so that every backend can execute it and say what it costs: forward with the statistics of the
/// batch, loss, backward, update. Its inputs are those of the network, the target, the learning rate, and all that training changes; its outputs the loss and the changed values.
/// </summary>
/// <param name="Graph">The step, for the network's batch.</param>
/// <param name="Loss">The layer with the loss, [1].</param>
/// <param name="State">What goes from step to step: weights, velocities and moving statistics.</param>
public sealed record TrainingStep(LayerGraph Graph, string Loss, ImmutableArray<StepState> State)
{
    /// <summary>The input with the target, of the shape of the network's first output.</summary>
    public const string TargetName = "target";

    /// <summary>The input with the learning rate, [1].</summary>
    public const string LearningRateName = "learning_rate";

    internal const string LossName = "loss";

    /// <summary>Makes the training step of a network.</summary>
    /// <param name="graph">A float graph of the batch to train with; it needs no weights, but for constants that are not learned.</param>
    /// <param name="options">Loss and update rule.</param>
    /// <exception cref="GraphException">The graph is quantized, or has a layer that cannot be trained through; the message names it.</exception>
    public static TrainingStep Of(LayerGraph graph, TrainingStepOptions options)
    {
        options.Check();
        if (graph.IsQuantized)
            throw new GraphException($"'{graph.Name}' is quantized, and codes have no gradients: give the float graph.");
        graph = DeadLayerRemoval.Apply(new LayerGraph(graph.Name, graph.Inputs, graph.Constants.Values, graph.Layers, [graph.Outputs[0]]));
        var builder = new StepBuilder($"{graph.Name}-training");
        foreach (var input in graph.Inputs)
            builder.Input(input.Name, input.Type.Shape);
        builder.Input(TargetName, graph.TypeOf(graph.Outputs[0]).Shape);
        builder.Input(LearningRateName, Shape.Of(1));
        var learned = LearnedConstants.Of(graph).ToList();
        var names = learned.Select(constant => constant.Name).ToHashSet();
        string[] statistics = [.. MovingStatistics(graph)];
        var constants = new Dictionary<string, string>();
        foreach (string name in graph.Layers.SelectMany(layer => layer.Constants).Where(graph.Constants.ContainsKey))
        {
            constants[name] = names.Contains(name) || statistics.Contains(name)
                ? builder.Input(name, graph.TypeOf(name).Shape)
                : builder.Literal(name, graph.Constants[name].Value);
        }
        var updates = new StatisticsUpdates(options.StatisticsMomentum);
        string output = ForwardPass.Emit(builder, graph, constants, updates);
        string loss = options.Loss.Emit(builder, output, TargetName);
        var backward = new BackwardPass(builder, learned.Select(constant => constant.Name));
        if (!backward.Wants(loss))
            throw new GraphException($"'{graph.Name}' has nothing to learn: no layer up to its first output has weights.");
        backward.Run(loss, builder.Literal($"{LossName}/gradient", Tensor.Of(Shape.Of(1), [1f])));
        var state = new List<StepState>();
        foreach (var constant in learned)
        {
            string gradient = backward.GradientOf(constant.Name)
                ?? throw new GraphException($"The loss of '{graph.Name}' does not depend on '{constant.Name}'.");
            state.AddRange(new WeightUpdate(builder, constant, options).Emit(gradient));
        }
        state.AddRange(statistics.Select(name => new StepState(name, updates.New[name], name)));
        return new TrainingStep(builder.Build([loss, .. state.Select(value => value.Output)]), loss, [.. state]);
    }

    /// <summary>The state before the first step: the network's weights, and zeros.</summary>
    /// <exception cref="GraphException">The network has no weights yet.</exception>
    public Dictionary<string, Tensor> InitialState(LayerGraph network) => State.ToDictionary(value => value.Input, value =>
    {
        var shape = Graph.TypeOf(value.Input).Shape;
        return value.Constant is { } constant ? network.Constants[constant].Value : Tensor.Of(shape, new float[shape.Elements]);
    });

    private static IEnumerable<string> MovingStatistics(LayerGraph graph) => graph.Layers
        .Where(layer => layer.Operator is BatchNormalization)
        .SelectMany(layer => layer.Constants.Skip(2)).Where(graph.Constants.ContainsKey);
}
