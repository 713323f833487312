using AccelSim.Graph;
using AccelSim.Reference;

namespace AccelSim.Tests.Conformance;

public sealed class ReferenceConformance : FloatBackendConformance
{
    protected override IEnumerable<IBackend> Backends() => [new ReferenceBackend()];
}

public sealed class DoubleReferenceConformance : FloatBackendConformance
{
    protected override IEnumerable<IBackend> Backends() => [new ReferenceBackend(doublePrecision: true)];
}
