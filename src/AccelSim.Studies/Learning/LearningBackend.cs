using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Reference;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;

namespace AccelSim.Studies.Learning;

/// <summary>A backend by the name that a user gives, and what must be closed after it.</summary>
public sealed class LearningBackend : IDisposable
{
    /// <summary>The array that <c>systolic</c> is.</summary>
    private const string Platform = "generic_32x32";

    private readonly IDisposable? _device;

    private LearningBackend(IBackend backend, IDisposable? device) => (Backend, _device) = (backend, device);

    public IBackend Backend { get; }

    /// <param name="name"><c>reference</c>, <c>systolic</c>, <c>gpu</c> for the best device, or a device such as <c>opencl:0</c>.</param>
    /// <exception cref="GpuException">There is no such device.</exception>
    public static LearningBackend Open(string name)
    {
        switch (name)
        {
            case "reference":
                return new LearningBackend(new ReferenceBackend(), null);
            case "systolic":
                return new LearningBackend(new SystolicSimulator(PlatformModels.ArrayOf(PlatformCatalog.Open().Find(Platform))), null);
            default:
                var gpu = GpuBackend.Open(name == "gpu" ? "auto" : name);
                return new LearningBackend(gpu, gpu);
        }
    }

    public void Dispose() => _device?.Dispose();
}
