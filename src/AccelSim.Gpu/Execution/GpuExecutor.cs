using System.Runtime.InteropServices;
using AccelSim.Graph;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>
/// A graph on a device: constants uploaded once, layers that share a kernel executed together, and one arena whose memory is reused along the graph, unless every
/// layer's value is asked for: then each layer is executed by itself.
/// </summary>
public sealed class GpuExecutor : IExecutor
{
    /// <summary>NaN as float32, −1 as int8; and a pattern that differs from it in every second bit.</summary>
    private static readonly byte[] Poisons = [0xFF, 0x55];

    private readonly GpuBackend _backend;
    private readonly LayerGraph _graph;
    private readonly GpuOptions _options;
    private readonly DeviceMemory _constants;
    private readonly List<Scratch> _scratch = [];
    private readonly MemoryPlan _plan;
    private readonly OperatorLowerings _lowerings;
    private readonly IReadOnlyList<ScheduledStep> _schedule;
    private readonly List<(ScheduledStep Step, LayerStep Run)> _steps = [];
    private readonly ValueBuffers _reused;
    private List<(ScheduledStep Step, LayerStep Run)>? _layers;
    private ValueBuffers? _kept;
    private bool _disposed;

    internal GpuExecutor(GpuBackend backend, LayerGraph graph, GpuOptions options, OperatorLowerings lowerings)
    {
        _backend = backend;
        _graph = graph;
        _options = options;
        _lowerings = lowerings;
        _schedule = backend.StepsOf(graph);
        CheckSizes(MemoryPlan.Of(graph, _schedule, keepAll: false), graph.Constants.Values.Sum(constant => constant.Type.Bytes));
        // Before anything is allocated: an operator that is missing is said at once.
        foreach (var layer in graph.Layers)
            _ = lowerings.Of(layer, backend.Name);
        _constants = new DeviceMemory(backend.Accelerator);
        try
        {
            foreach (var step in _schedule)
                _steps.Add((step, Lower(step, _scratch)));
            // Only now is it known what the kernels need beside the values.
            _plan = MemoryPlan.Of(graph, _schedule, keepAll: false, _scratch);
            CheckSizes(_plan, _constants.Bytes);
            _reused = Guard("allocating values", () => new ValueBuffers(backend.Accelerator, graph, _plan));
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>What the graph takes of the device's memory when only the outputs are asked for.</summary>
    public GpuMemory Memory => new(_plan.TotalBytes, _plan.LowerBound, _constants.Bytes);

    /// <summary>In the order of execution, the layers that are computed together, themselves in order.</summary>
    public IReadOnlyList<IReadOnlyList<Layer>> Steps => [.. _schedule.Select(step => step.Layers.ToList())];

    /// <inheritdoc/>
    /// <exception cref="UnwrittenElementException">With <see cref="GpuOptions.CheckWrites"/>: a kernel left an element untouched.</exception>
    /// <exception cref="GpuOutOfMemoryException">The values do not fit the device.</exception>
    /// <exception cref="GpuDeviceLostException">The device failed.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs, bool everyLayer = false, CancellationToken cancellation = default)
    {
        _graph.CheckInputs(inputs);
        lock (_backend.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Guard("making it current", _backend.Bind);
            var (steps, values) = everyLayer ? Kept() : (_steps, _reused);
            string[] asked = everyLayer ? [.. _graph.Layers.Select(layer => layer.Name).Concat(_graph.Outputs).Distinct()] : [.. _graph.Outputs.Distinct()];
            if (!_options.CheckWrites)
                return Execute(inputs, steps, values, asked, poison: null, cancellation);
            var result = Execute(inputs, steps, values, asked, Poisons[0], cancellation);
            CheckWrites(result, Execute(inputs, steps, values, asked, Poisons[1], cancellation));
            return result;
        }
    }

    /// <summary>Wall time of each of <paramref name="iterations"/> inferences, after one that is not counted; inputs and outputs stay on the device.</summary>
    public IReadOnlyList<double> Latencies(IReadOnlyDictionary<string, Tensor> inputs, int iterations, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        _ = Run(inputs, everyLayer: false, cancellation);
        lock (_backend.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Guard("making it current", _backend.Bind);
            var stopwatch = new DeviceStopwatch(_backend.Accelerator);
            double[] seconds = new double[iterations];
            for (int i = 0; i < iterations; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                seconds[i] = Guard("measuring", () => stopwatch.Seconds(EnqueueLayers));
            }
            return seconds;
        }
    }

    /// <summary>
    /// Times of each of <see cref="Steps"/>, one for each iteration, by the device's own clock: from a marker before its kernels to one after them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The backend was opened without <see cref="GpuOptions.Profiling"/>.</exception>
    public IReadOnlyList<IReadOnlyList<double>> ProfileLayers(IReadOnlyDictionary<string, Tensor> inputs, int iterations, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        if (!_options.Profiling)
            throw new InvalidOperationException("the backend was opened without GpuOptions.Profiling");
        _ = Run(inputs, everyLayer: false, cancellation);
        lock (_backend.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Guard("making it current", _backend.Bind);
            double[][] seconds = [.. _steps.Select(_ => new double[iterations])];
            for (int i = 0; i < iterations; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Guard("profiling", () => Profile(seconds, i));
            }
            return seconds;
        }
    }

    private void Profile(double[][] seconds, int iteration)
    {
        var stream = _backend.Accelerator.DefaultStream;
        var markers = new List<ProfilingMarker> { stream.AddProfilingMarker() };
        try
        {
            foreach (var (_, run) in _steps)
            {
                run(_reused);
                markers.Add(stream.AddProfilingMarker());
            }
            _backend.Accelerator.Synchronize();
            for (int i = 0; i < seconds.Length; i++)
                seconds[i][iteration] = markers[i + 1].MeasureFrom(markers[i]).TotalSeconds;
        }
        finally
        {
            markers.ForEach(marker => marker.Dispose());
        }
    }

    /// <summary>One inference on the inputs that lie on the device, without waiting for it: no memory is allocated, on the device or the host.</summary>
    internal void EnqueueLayers()
    {
        foreach (var (_, run) in _steps)
            run(_reused);
    }

    public void Dispose()
    {
        lock (_backend.Gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            Release();
        }
    }

    private Dictionary<string, Tensor> Execute(
        IReadOnlyDictionary<string, Tensor> inputs, List<(ScheduledStep Step, LayerStep Run)> steps, ValueBuffers values, string[] asked, byte? poison, CancellationToken cancellation)
    {
        foreach (var input in _graph.Inputs)
            Guard($"uploading the input '{input.Name}'", () => values.Upload(input.Name, inputs[input.Name]));
        foreach (var (step, run) in steps)
        {
            cancellation.ThrowIfCancellationRequested();
            Guard($"running {step.Description}", () =>
            {
                // A view has no memory of its own: to fill it would be to destroy what it is a view of.
                if (poison is { } pattern && !step.IsView)
                    values.Poison(step.Value, pattern);
                if (poison is { } scratchPattern)
                    values.Scratches(step.Layer.Name).ForEach(part => values.Poison(part, scratchPattern));
                run(values);
            });
        }
        // Commands are only enqueued above: a kernel that fails says so here.
        Guard("running the graph", _backend.Accelerator.Synchronize);
        return asked.ToDictionary(value => value, value => Guard($"reading '{value}'", () => values.Download(value)));
    }

    private void CheckWrites(Dictionary<string, Tensor> first, Dictionary<string, Tensor> second)
    {
        foreach (var layer in _graph.Layers.Where(layer => first.ContainsKey(layer.Name)))
        {
            var bytes = Bytes(first[layer.Name]);
            int same = bytes.CommonPrefixLength(Bytes(second[layer.Name]));
            if (same == bytes.Length)
                continue;
            long index = same / first[layer.Name].Element.Bytes();
            throw new UnwrittenElementException(layer.Name, index,
                $"{_backend.Name} left element {index} of layer '{layer.Name}' ({layer.Operator.Name}, {_graph.TypeOf(layer.Name)}) unwritten, or computed it from one that was: this is a fault of the kernel, please report it.");
        }
    }

    private static ReadOnlySpan<byte> Bytes(Tensor tensor) => tensor.Element == ElementType.Float32
        ? MemoryMarshal.AsBytes(tensor.Float32)
        : MemoryMarshal.AsBytes(tensor.Int8);

    /// <summary>Each layer by itself, and a place for each value, made when they are first asked for.</summary>
    private (List<(ScheduledStep Step, LayerStep Run)> Layers, ValueBuffers Values) Kept()
    {
        if (_layers is null || _kept is null)
        {
            var alone = _steps.Where(part => part.Step.Layers.Count() == 1).ToDictionary(part => part.Step.Layer.Name, part => part.Run);
            var scratch = _scratch.Where(part => alone.ContainsKey(part.Layer)).ToList();
            _layers = [.. Schedule.Of(_graph).Select(single => (single, alone.GetValueOrDefault(single.Layer.Name) ?? Lower(single, scratch)))];
            var plan = MemoryPlan.Of(_graph, keepAll: true, scratch);
            CheckSizes(plan, _constants.Bytes);
            _kept = Guard("allocating values", () => new ValueBuffers(_backend.Accelerator, _graph, plan));
        }
        return (_layers, _kept);
    }

    private LayerStep Lower(ScheduledStep step, List<Scratch> scratch)
    {
        var context = new LoweringContext(_graph, step, _backend, _constants);
        var run = Guard($"preparing {step.Description}", () => _lowerings.Of(step.Layer, _backend.Name)(context));
        scratch.AddRange(context.Scratches);
        return run;
    }

    private void CheckSizes(MemoryPlan plan, long constants)
    {
        foreach (string value in plan.Values.Keys)
        {
            long elements = _graph.TypeOf(value).Shape.Elements;
            if (elements > KernelShape.LargestView)
                throw new GraphException($"The value '{value}' of '{_graph.Name}' has {elements} elements, but {_backend.Name} reaches {KernelShape.LargestView}: use a smaller batch.");
        }
        if (_backend.Device.MemoryBytes is { } memory && plan.TotalBytes + constants > memory)
        {
            throw new GpuOutOfMemoryException(
                $"'{_graph.Name}' at batch {_graph.Batch} needs {Mebibytes(plan.TotalBytes)} for values and {Mebibytes(constants)} for weights, but {_backend.Device} has {Mebibytes(memory)}: use a smaller batch or another device.");
        }

        static string Mebibytes(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1048576.0:f1} MiB");
    }

    private void Guard(string doing, Action action) => Guard(doing, () =>
    {
        action();
        return true;
    });

    private T Guard<T>(string doing, Func<T> function)
    {
        try
        {
            _backend.Fault?.Invoke(doing);
            return function();
        }
        catch (Exception error) when (error is AcceleratorException or OutOfMemoryException)
        {
            throw GpuErrors.Translate(_backend.Device, doing, error);
        }
    }

    private void Release()
    {
        _kept?.Dispose();
        _reused?.Dispose();
        _constants.Dispose();
    }
}
