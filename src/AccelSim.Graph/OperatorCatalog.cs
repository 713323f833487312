using System.Collections.Frozen;

namespace AccelSim.Graph;

/// <summary>Every operator of this assembly by name, found by reflection so that adding one is adding a file.</summary>
public static class OperatorCatalog
{
    public static FrozenDictionary<string, Type> Types { get; } = typeof(Operator).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Operator)) && !type.IsAbstract)
        .ToFrozenDictionary(type => type.Name);
}
