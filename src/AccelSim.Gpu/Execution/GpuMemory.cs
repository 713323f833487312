namespace AccelSim.Gpu;

/// <summary>Device memory of a compiled graph.</summary>
/// <param name="ArenaBytes">The one allocation that holds inputs, values and scratch, planned by liveness.</param>
/// <param name="LowerBoundBytes">The largest sum of what is alive at one time: no plan could do with less.</param>
/// <param name="ConstantBytes">Weights and tables, uploaded once.</param>
public sealed record GpuMemory(long ArenaBytes, long LowerBoundBytes, long ConstantBytes);
