using AccelSim.Graph;
using AccelSim.Reference;

namespace AccelSim.Tests.Conformance;

public sealed class ReferenceConformance : FloatBackendConformance
{
    protected override IBackend Backend() => new ReferenceBackend();
}

public sealed class DoubleReferenceConformance : FloatBackendConformance
{
    protected override IBackend Backend() => new ReferenceBackend(doublePrecision: true);
}
