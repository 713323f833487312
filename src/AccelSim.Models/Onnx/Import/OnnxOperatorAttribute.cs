using System.Collections.Frozen;
using System.Reflection;

namespace AccelSim.Models.Onnx.Import;

/// <summary>Marks a static method (<see cref="OnnxNode"/>) → void as what imports an operator.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OnnxOperatorAttribute(string type) : Attribute
{
    public string Type { get; } = type;

    /// <summary>Empty for ONNX's own operators.</summary>
    public string Domain { get; init; } = "";
}

/// <summary>Marks a static method (<see cref="Folding.FoldedNode"/>) → HostTensor[] as what evaluates an operator on constants.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OnnxFoldingAttribute(string type) : Attribute
{
    public string Type { get; } = type;
}

/// <summary>Every operator that is imported or folded, found by reflection so that adding one is adding a method in a file.</summary>
internal static class OperatorTable
{
    public static FrozenDictionary<(string Domain, string Type), Action<OnnxNode>> Importers { get; } =
        Marked<OnnxOperatorAttribute>().ToFrozenDictionary(found => (found.Mark.Domain, found.Mark.Type), found => found.Method.CreateDelegate<Action<OnnxNode>>());

    public static FrozenDictionary<string, Func<Folding.FoldedNode, Tensors.HostTensor[]>> Foldings { get; } =
        Marked<OnnxFoldingAttribute>().ToFrozenDictionary(found => found.Mark.Type, found => found.Method.CreateDelegate<Func<Folding.FoldedNode, Tensors.HostTensor[]>>());

    private static IEnumerable<(TMark Mark, MethodInfo Method)> Marked<TMark>()
        where TMark : Attribute =>
        from type in typeof(OperatorTable).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        from mark in method.GetCustomAttributes<TMark>()
        select (mark, method);
}
