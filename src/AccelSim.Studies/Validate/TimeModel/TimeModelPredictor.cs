using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;

namespace AccelSim.Studies.Validate.TimeModel;

/// <summary>Rows of GPUs and CPUs through <see cref="GpuTimeModel"/>: whole networks of <c>gpu.csv</c> and <c>mobile.csv</c>, single layers of <c>gpu_layers.csv</c>.</summary>
public sealed class TimeModelPredictor : IPredictor
{
    private const string LayersFile = "gpu_layers.csv";

    /// <summary>Int8 multiply-accumulates of a vector unit's dot-product instruction (dp4a).</summary>
    private const int DotProductLanes = 4;

    /// <summary>MLPerf's offline rows seldom give a batch: enough images for this many pixels, which is 256 of 224×224.</summary>
    private const double PixelsOfUnknownBatch = 256 * 224 * 224;

    private readonly Dictionary<string, Platform?> _platforms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SoftwareProfile> _stacks = new(StringComparer.Ordinal);
    private readonly PlatformCatalog _catalog;
    private readonly FittedRows _fitted;

    public TimeModelPredictor(PlatformCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _catalog = catalog;
        _fitted = FittedRows.Read(Path.Combine(catalog.Folder, StackProfile.FolderName, FittedRows.FileName));
    }

    public bool Covers(PublishedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.File is "gpu.csv" or LayersFile or "mobile.csv" && PlatformOf(row.Platform) is GpuPlatform or CpuPlatform;
    }

    public Prediction Predict(PublishedRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Quantity.EndsWith("power", StringComparison.Ordinal))
            return new Prediction.None("the time model gives no power");
        if (FormatOf(row.Precision) is not { } format)
            return new Prediction.None($"the row's precision is '{row.Precision}'");
        Platform platform = PlatformOf(row.Platform)!;
        var device = platform is GpuPlatform gpu ? PlatformModels.Gpu(gpu) : PlatformModels.Cpu((CpuPlatform)platform);
        return row.File == LayersFile ? OneLayer(row, device, format) : Network(row, platform, device, format);
    }

    private Prediction Network(PublishedRow row, Platform platform, GpuSpecification device, NumberFormat format)
    {
        if (StackOf(row, platform) is not { } name)
            return new Prediction.None($"no software stack of the model is '{row.Variant.Text}'");
        var stack = Stack(name);
        if (row.Variant.Text.Contains("2xDLA", StringComparison.Ordinal) && platform is GpuPlatform { Int8BesideOpsPerSecond: { } beside })
            device = device with { Int8MacsPerSecond = device.Int8MacsPerSecond + beside.Value / 2 };
        int batch = row.Batch ?? BatchOf(row);
        var (graph, remark) = GraphOf(row, batch);
        var estimate = GpuTimeModel.Estimate(device, stack, graph, format);
        double? value = RowUnits.Rate(row, estimate.ImagesPerSecond) ?? RowUnits.Time(row, estimate.Seconds);
        return value is { } figure
            ? new Prediction.Of(GroupOf(row, platform, stack, batch), figure, NoteOf(estimate) + remark)
            : new Prediction.None($"the unit '{row.Unit}' is neither a time nor a rate");
    }

    /// <summary>Where the row counts other MACs than the zoo's network of that name has, the zoo's is timed and the note says so.</summary>
    private static (LayerGraph Graph, string Remark) GraphOf(PublishedRow row, int batch)
    {
        try
        {
            return (PublishedNetwork.Of(row, batch).Graph, "");
        }
        catch (GraphException error) when (row.Variant.Macs is not null)
        {
            string text = string.Join(';', row.Variant.Text.Split(';').Where(part => !part.StartsWith("macs_m=", StringComparison.Ordinal) && !part.StartsWith("ops_g=", StringComparison.Ordinal)));
            return (PublishedNetwork.Of(row with { Variant = new PublishedVariant(text) }, batch).Graph, $"; {error.Message}");
        }
    }

    private Prediction OneLayer(PublishedRow row, GpuSpecification device, NumberFormat format)
    {
        var layer = PublishedLayer.Of(row, format);
        if (layer.OnVectorUnits)
        {
            device = device with
            {
                Int8MacsPerSecond = Math.Min(device.PeakOf(NumberFormat.Int8), DotProductLanes * device.Float32MacsPerSecond),
                Float16MacsPerSecond = null,
            };
        }
        var estimate = GpuTimeModel.Estimate(device, Stack("library") with { Winograd = layer.IsWinograd }, layer.Graph, format);
        return RowUnits.Time(row, estimate.Seconds) is { } time
            ? new Prediction.Of($"gpu layers, {Suffix(row)}", time, NoteOf(estimate))
            : new Prediction.None($"the unit '{row.Unit}' is no time");
    }

    private string GroupOf(PublishedRow row, Platform platform, SoftwareProfile stack, int batch) => platform switch
    {
        CpuPlatform => $"cpu {stack.Name}, {Suffix(row)}",
        // An engine sorts the boxes of a detector on the device; a framework's example does so image by image on the host, which the model does not have.
        _ when stack.Fusion != KernelFusion.Epilogue && EnginePredictor.IsDetector(row) => "gpu, frameworks, detection networks without boxes",
        _ when batch >= 16 => $"gpu large batch, {Suffix(row)}",
        _ when stack.Name == "tensorrt" => $"gpu small batch, tensorrt, {Suffix(row)}",
        _ => $"gpu small batch, frameworks, {Suffix(row)}",
    };

    private string Suffix(PublishedRow row) => _fitted.Contains(row) ? "fitted" : "not fitted";

    /// <summary>The stack of a row, or null where there is none.</summary>
    private static string? StackOf(PublishedRow row, Platform platform)
    {
        var variant = row.Variant;
        if (platform is CpuPlatform)
            return row.File == "mobile.csv" ? "tflite" : "inductor_cpu";
        if (variant["mode"] == "torch.compile")
            return "inductor";
        if (variant["mode"] == "eager")
            return variant["layout"] == "NHWC" ? "channels_last" : "pytorch";
        return variant["framework"] switch
        {
            "pytorch" => "pytorch_examples",
            "mxnet" => "channels_last",
            "tensorflow1" => "tensorflow1",
            "torch7" => "torch7_cudnn5",
            null when variant.Text.Contains("MLPerf", StringComparison.Ordinal) || variant.Text.Contains("TensorRT", StringComparison.Ordinal) => "tensorrt",
            _ => null,
        };
    }

    internal static NumberFormat? FormatOf(string precision) => precision switch
    {
        "fp32" => NumberFormat.Float32,
        "tf32" => NumberFormat.Tf32,
        "fp16" or "fp16_amp" or "fp16_tensorcore" => NumberFormat.Float16,
        "int8" => NumberFormat.Int8,
        _ => null,
    };

    private static int BatchOf(PublishedRow row)
    {
        var (height, width) = row.Variant.Image ?? (224, 224);
        return 1 << (int)Math.Max(0, Math.Log2(PixelsOfUnknownBatch / ((double)height * width)));
    }

    /// <summary>Where the time goes.</summary>
    private static string NoteOf(GpuEstimate estimate)
    {
        double compute = estimate.Kernels.Sum(kernel => kernel.Timing.Compute / kernel.Timing.ClockHz);
        double memory = estimate.Kernels.Sum(kernel => kernel.Timing.Stalls[StallCause.DramBandwidth] / kernel.Timing.ClockHz);
        return FormattableString.Invariant(
            $"{estimate.Stack.Name}: {1e3 * compute:g5} ms compute, {1e3 * memory:g5} ms more for memory, {estimate.Launches} launches; bound by {estimate.Limit.ToString().ToLowerInvariant()}");
    }

    private SoftwareProfile Stack(string name)
    {
        lock (_stacks)
        {
            if (!_stacks.TryGetValue(name, out var stack))
                _stacks[name] = stack = PlatformModels.Stack(StackProfile.Find(_catalog, name));
            return stack;
        }
    }

    private Platform? PlatformOf(string name)
    {
        lock (_platforms)
        {
            if (!_platforms.TryGetValue(name, out var platform))
            {
                try
                {
                    platform = _catalog.Find(name);
                }
                catch (UnknownPlatformException)
                {
                    platform = null;
                }
                _platforms[name] = platform;
            }
            return platform;
        }
    }
}
