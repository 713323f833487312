using System.Collections.Immutable;

namespace AccelSim.Graph.Training;

/// <summary>
/// An operator as simpler ones that have gradient rules, or as it behaves in training. One class an operator, found by reflection.
/// </summary>
internal abstract class TrainingExpansion
{
    public abstract Type Operator { get; }

    /// <summary>Emits the layers and returns the value that stands for the layer's.</summary>
    public abstract string Expand(LayerExpansion layer);
}

internal abstract class TrainingExpansion<T> : TrainingExpansion
    where T : Operator
{
    public sealed override Type Operator => typeof(T);

    public sealed override string Expand(LayerExpansion layer) => Expand((T)layer.Layer.Operator, layer);

    protected abstract string Expand(T op, LayerExpansion layer);
}

/// <summary>A layer of the source graph whose operands are those of the step.</summary>
internal sealed class LayerExpansion(StepBuilder builder, Layer layer, StatisticsUpdates? statistics) : LayerEmitter(builder, layer.Name)
{
    public Layer Layer { get; } = layer;

    /// <summary>Where the moving statistics' new values go; null where the layer keeps the statistics that it has.</summary>
    public StatisticsUpdates? Statistics { get; } = statistics;

    public string X(int index) => Layer.Inputs[index];

    public string? ConstantAt(int index) => index < Layer.Constants.Length ? Layer.Constants[index] : null;

    public static ImmutableArray<string> OneOrTwo(string first, string? second) => second is null ? [first] : [first, second];
}

/// <summary>New values of moving statistics by the name of their constant.</summary>
internal sealed class StatisticsUpdates(double momentum)
{
    /// <summary>The share of a batch in the new statistics.</summary>
    public double Momentum { get; } = momentum;

    public Dictionary<string, string> New { get; } = [];
}
