using System.Collections.Frozen;

namespace AccelSim.Graph.Training;

/// <summary>How an operator passes the gradient of its value on to its operands, as layers. One class an operator, found by reflection.</summary>
internal abstract class GradientRule
{
    public abstract Type Operator { get; }

    public abstract void Apply(LayerBackward layer);
}

/// <summary>The rule of one operator type.</summary>
internal abstract class GradientRule<T> : GradientRule
    where T : Operator
{
    public sealed override Type Operator => typeof(T);

    public sealed override void Apply(LayerBackward layer) => Apply((T)layer.Layer.Operator, layer);

    protected abstract void Apply(T op, LayerBackward layer);
}

/// <summary>The operators of a forward pass that can be differentiated, by the rules and expansions of this assembly.</summary>
public static class DifferentiableOperators
{
    internal static FrozenDictionary<Type, GradientRule> Rules { get; } = Found<GradientRule>().ToFrozenDictionary(rule => rule.Operator);

    internal static FrozenDictionary<Type, TrainingExpansion> Expansions { get; } = Found<TrainingExpansion>().ToFrozenDictionary(expansion => expansion.Operator);

    /// <summary>Types of operators that a training step may contain.</summary>
    public static IReadOnlySet<Type> All { get; } = Rules.Keys.Concat(Expansions.Keys).ToFrozenSet();

    private static IEnumerable<T> Found<T>() => typeof(T).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
        .Select(type => (T)Activator.CreateInstance(type)!);
}
