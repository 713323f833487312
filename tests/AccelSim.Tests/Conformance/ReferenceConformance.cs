using AccelSim.Graph;
using AccelSim.Reference;

namespace AccelSim.Tests.Conformance;

public sealed class ReferenceConformance : BackendConformance
{
    protected override IBackend Backend() => new ReferenceBackend();
}

public sealed class DoubleReferenceConformance : BackendConformance
{
    protected override IBackend Backend() => new ReferenceBackend(doublePrecision: true);
}
