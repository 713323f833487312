using AccelSim.Graph;

namespace AccelSim.Systolic.Memory;

/// <summary>Operands of a layer that go to one edge of the array together.</summary>
/// <param name="Bytes">All of them.</param>
/// <param name="OffChipBytes">Those that come from DRAM.</param>
/// <param name="ElementBytes">Bytes of an element of the first.</param>
/// <param name="AreActivations">Whether the first is an activation, as weights may be in a training step.</param>
internal readonly record struct StoredOperands(long Bytes, long OffChipBytes, int ElementBytes, bool AreActivations)
{
    public static StoredOperands Of(LayerGraph graph, OnChipPlan plan, IReadOnlyList<string> values) => new(
        values.Sum(value => graph.TypeOf(value).Bytes),
        values.Sum(value => IsOnChip(graph, plan, value) ? 0 : graph.TypeOf(value).Bytes),
        values.Count == 0 ? 1 : graph.TypeOf(values[0]).Element.Bytes(),
        values.Count > 0 && !graph.Constants.ContainsKey(values[0]));

    public static bool IsOnChip(LayerGraph graph, OnChipPlan plan, string value) => graph.Constants.ContainsKey(value) ? plan.WeightsStay : plan.Keeps(value);
}
