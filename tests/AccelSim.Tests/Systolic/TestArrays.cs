using AccelSim.Systolic;
using AccelSim.Systolic.Memory;

namespace AccelSim.Tests.Systolic;

/// <summary>Arrays for tests: round numbers, memory that is never in the way unless a test says otherwise.</summary>
internal static class TestArrays
{
    public static readonly MemoryHierarchy Ample = MemoryHierarchy.Split(1L << 40, 1L << 40, new Dram(1e15));

    public static ArrayConfiguration Of(int rows, int columns, Dataflow dataflow, FoldSchedule schedule = FoldSchedule.Serial) =>
        new($"{rows}x{columns}", rows, columns, dataflow, schedule, ClockHz: 1e9, VectorLanes: columns, Ample);
}
