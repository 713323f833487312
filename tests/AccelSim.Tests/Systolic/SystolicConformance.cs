using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Tests.Conformance;

namespace AccelSim.Tests.Systolic;

/// <summary>The conformance suite, codes and reals, on each dataflow. The arrays are small and ragged, so that every layer takes several folds.</summary>
public abstract class SystolicConformance(Dataflow dataflow, int rows, int columns) : FloatBackendConformance
{
    protected override IEnumerable<IBackend> Backends() => [new SystolicSimulator(TestArrays.Of(rows, columns, dataflow))];
}

public sealed class OutputStationaryConformance() : SystolicConformance(Dataflow.OutputStationary, 7, 5);

public sealed class WeightStationaryConformance() : SystolicConformance(Dataflow.WeightStationary, 12, 8);

public sealed class InputStationaryConformance() : SystolicConformance(Dataflow.InputStationary, 6, 16);
