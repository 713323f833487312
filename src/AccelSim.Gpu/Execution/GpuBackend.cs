using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <param name="CheckWrites">
/// Proves that kernels write every element: each run is executed twice, on values filled with 0xFF bytes (NaN as float32) and
/// with 0x55 before each layer, and every byte returned must be the same. Twice the time.
/// </param>
/// <param name="Kernels">Which kernels compute convolutions; null is what suits the device.</param>
/// <param name="Fuse">Whether residual adds and depthwise convolutions share the kernels of the layers beside them.</param>
/// <param name="Tuning">Which kernels were measured to be the fastest; null is what a file holds for the device (<see cref="TuningTable.Load"/>).</param>
/// <param name="Profiling">Lets <see cref="GpuExecutor.ProfileLayers"/> read the device's clock.</param>
public sealed record GpuOptions(bool CheckWrites = false, KernelFamily? Kernels = null, bool Profiling = false, bool Fuse = true, TuningTable? Tuning = null);

/// <summary>Executes float32 and int8 graphs on one device through ILGPU. Work on one backend is serialized.</summary>
/// <remarks>Dispose it after its executors. Several backends, on the same device too, do not disturb one another.</remarks>
public sealed class GpuBackend : IBackend, IDisposable
{
    private readonly Context _context;
    private readonly GpuOptions _options;
    private bool _disposed;

    private GpuBackend(Context context, Accelerator accelerator, GpuDevice device, GpuOptions options)
    {
        _context = context;
        _options = options;
        Accelerator = accelerator;
        Device = device;
        Kernels = new KernelCache(accelerator);
        Profile = DeviceProfile.Of(accelerator, options.Kernels);
        Tuning = options.Tuning ?? TuningTable.Load(device);
    }

    public GpuDevice Device { get; }

    /// <summary>For example <c>gpu opencl:0</c>.</summary>
    public string Name => $"gpu {Device.Id}";

    /// <summary>Which kernels compute convolutions here.</summary>
    public KernelFamily KernelFamily => Profile.Kernels;

    /// <summary>Which kernels were measured to be the fastest here.</summary>
    public TuningTable Tuning { get; internal set; }

    internal Accelerator Accelerator { get; }

    internal KernelCache Kernels { get; }

    /// <summary>Called before whatever an executor does with the device, with what that is: a test makes it fail there.</summary>
    internal Action<string>? Fault { get; set; }

    internal DeviceProfile Profile { get; }

    /// <summary>Held while the device works for this backend.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Opens a device by its id, or the best one.</summary>
    /// <exception cref="GpuDeviceNotFoundException">No device has that id; the message lists those that there are.</exception>
    /// <exception cref="GpuDeviceLostException">The device cannot be opened.</exception>
    public static GpuBackend Open(string deviceId = GpuDevices.Auto, GpuOptions? options = null)
    {
        var context = GpuDevices.OpenContext(options?.Profiling ?? false);
        try
        {
            var candidates = GpuDevices.Matching(context, deviceId);
            if (candidates.Count == 0)
                throw GpuDevices.List().NotFound(deviceId);
            foreach (var (id, device) in candidates)
            {
                try
                {
                    var accelerator = device.CreateAccelerator(context);
                    return new GpuBackend(context, accelerator, GpuDevices.Describe(id, device, accelerator), options ?? new GpuOptions());
                }
                catch (AcceleratorException error) when (candidates.Count == 1)
                {
                    throw new GpuDeviceLostException($"The device '{id}' cannot be opened ({GpuErrors.CodeOf(error)}): choose another with --device.", error);
                }
                catch (AcceleratorException)
                {
                    // With auto, the next one may work; the CPU accelerator always does.
                }
            }
            throw GpuDevices.List().NotFound(deviceId);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Whether layers of an operator's type can be executed.</summary>
    public static bool Supports(Type operatorType) => OperatorLowerings.All.Has(operatorType);

    /// <inheritdoc cref="IBackend.Compile"/>
    /// <exception cref="GpuOutOfMemoryException">Weights and values do not fit the device.</exception>
    /// <exception cref="GraphException">A weight is missing, or a value has more elements than 32-bit indices reach.</exception>
    public GpuExecutor Compile(LayerGraph graph) => Compile(graph, OperatorLowerings.All);

    IExecutor IBackend.Compile(LayerGraph graph) => Compile(graph);

    internal GpuExecutor Compile(LayerGraph graph, OperatorLowerings lowerings)
    {
        lock (Gate)
        {
            Bind();
            return new GpuExecutor(this, graph, _options, lowerings);
        }
    }

    /// <summary>In which steps a graph is executed here when only its outputs are asked for.</summary>
    internal IReadOnlyList<ScheduledStep> StepsOf(LayerGraph graph) => _options.Fuse ? Schedule.Fused(graph, Profile) : Schedule.Of(graph);

    /// <summary>The problem that a step's layer is, if there are several kernels for it.</summary>
    internal static ProductProblem? ProblemOf(LayerGraph graph, ScheduledStep step) =>
        ProductProblem.Of(graph, step.Layer) is { } problem ? problem with { AfterDepthwise = step.Depthwise is not null } : null;

    /// <summary>The kernel for a problem.</summary>
    internal ProductChoice Choose(ProductProblem problem)
    {
        var choices = Profile.Choices(problem);
        return Tuning.Choice(problem) is { } measured && choices.Contains(measured) ? measured : choices[0];
    }

    /// <summary>Makes the device current on this thread, under <see cref="Gate"/>.</summary>
    internal void Bind()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Accelerator.Bind();
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            GpuErrors.Forgive(Accelerator.Dispose);
            GpuErrors.Forgive(_context.Dispose);
        }
    }
}
