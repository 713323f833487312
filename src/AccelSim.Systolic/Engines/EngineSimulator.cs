using AccelSim.Graph;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic.Engines;

/// <summary>The time of a network on an engine that is no systolic array, layer after layer.</summary>
/// <remarks>
/// <para>Values count as the engine's own elements, whatever their type in the graph: these engines run quantized networks, and their time depends on
/// shapes alone. So a graph needs neither weights nor quantization.</para>
/// <para>Batch normalization behind a product and rectifiers behind anything are part of what made their input; concatenation and views cost nothing, since
/// layers write to where their output belongs. Other activations are a pass of the elementwise unit.</para>
/// </remarks>
public static class EngineSimulator
{
    /// <summary>The buffer's level in <see cref="LayerTiming.Traffic"/>.</summary>
    public const string BufferLevel = "buffer";

    /// <summary>The level off the chip.</summary>
    public const string DramLevel = "DRAM";

    /// <summary>Times every layer, in the graph's order, for the graph's batch.</summary>
    /// <exception cref="UnsupportedOperatorException">A layer does not run on such an engine.</exception>
    public static IReadOnlyList<LayerTiming> Time(LayerGraph graph, ComputeEngine engine)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(engine);
        var values = new EngineValues(graph, engine.Memory);
        return [.. graph.Layers.Select(layer => Of(graph, layer, engine, values))];
    }

    /// <summary>Layers that a quantized network does in passing: normalization behind a product, and rectifiers.</summary>
    public static IReadOnlySet<string> DoneInPassing(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new EngineValues(graph, new EngineMemory(0, 0, 1)).Absorbed;
    }

    /// <summary>The product that a layer is, or null where it is none.</summary>
    public static LayerGeometry? GeometryOf(LayerGraph graph, Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return (OperatorTable.Of(layer, "engine").Work(graph, layer) as MatrixLayer)?.Geometry;
    }

    private static LayerTiming Of(LayerGraph graph, Layer layer, ComputeEngine engine, EngineValues values)
    {
        if (values.IsAbsorbed(layer))
            return Nothing(layer, engine, "part of the layer before");
        return OperatorTable.Of(layer, engine.Name).Work(graph, layer) switch
        {
            MatrixLayer product => OfProduct(layer, product.Geometry, engine, values),
            VectorLayer { Operations: 0 } => Nothing(layer, engine, "a view"),
            VectorLayer when layer.Operator is Concat => Nothing(layer, engine, "written in place by the layers before"),
            VectorLayer vector => OfElements(layer, vector, engine, values),
            _ => throw new UnsupportedOperatorException(engine.Name, layer.Name, layer.Operator.Name, "it works step by step, which needs an array that holds weights"),
        };
    }

    private static LayerTiming OfProduct(Layer layer, LayerGeometry geometry, ComputeEngine engine, EngineValues values)
    {
        string input = layer.Inputs[0];
        ProductTime time = engine.Time(geometry, new ProductOperands(
            values.BytesOf(input), !values.IsKept(input), values.ShareOf(input), layer.Operands.Except([input]).Sum(values.BytesOf),
            values.BytesOf(layer.Name), !values.IsKept(layer.Name), values.ShareOf(layer.Name)));
        double rate = engine.Memory.BytesPerSecond / engine.ClockHz;
        double bytes = time.DramRead + time.DramWritten;
        long waits = (long)Math.Ceiling(Math.Max(time.Exposed / rate, bytes / rate - time.Busy));
        return Make(
            layer, engine, time.Mapping.Cycles.Compute, time.Busy - time.Mapping.Cycles.Compute, waits, time.Mapping.Work.Macs, time.Mapping.MacsPerCycle,
            [new Traffic(BufferLevel, (long)time.BufferRead, (long)time.BufferWritten), new Traffic(DramLevel, (long)time.DramRead, (long)time.DramWritten)],
            $"{engine.Describe()}: {time.Mapping.Reason}");
    }

    private static LayerTiming OfElements(Layer layer, VectorLayer vector, ComputeEngine engine, EngineValues values)
    {
        long cycles = (vector.Operations + engine.Lanes - 1) / engine.Lanes;
        double read = layer.Operands.Where(value => !values.IsKept(value)).Sum(value => values.BytesOf(value) * values.ShareOf(value));
        double written = values.IsKept(layer.Name) ? 0 : values.BytesOf(layer.Name) * values.ShareOf(layer.Name);
        long waits = (long)Math.Ceiling(Math.Max(0, (read + written) * engine.ClockHz / engine.Memory.BytesPerSecond - cycles));
        return Make(
            layer, engine, cycles, 0, waits, 0, engine.MacsPerCycle,
            [
                new Traffic(BufferLevel, layer.Operands.Sum(values.BytesOf), values.BytesOf(layer.Name)),
                new Traffic(DramLevel, (long)read, (long)written),
            ],
            $"elementwise unit, {engine.Lanes} lanes: {vector.Charge}");
    }

    private static LayerTiming Nothing(Layer layer, ComputeEngine engine, string why) => new()
    {
        Layer = layer.Name, Compute = 0, ClockHz = engine.ClockHz, Macs = 0, MacsPerCycle = engine.MacsPerCycle, Provenance = Provenance.Modelled, Note = why,
    };

    private static LayerTiming Make(
        Layer layer, ComputeEngine engine, long compute, long fill, long waits, long macs, long macsPerCycle, IReadOnlyList<Traffic> traffic, string note)
    {
        var stalls = new Dictionary<StallCause, long>();
        if (waits > 0)
            stalls[StallCause.DramBandwidth] = waits;
        if (engine.CyclesALayer > 0)
            stalls[StallCause.Launch] = (long)engine.CyclesALayer;
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = compute,
            FillDrain = fill,
            Stalls = stalls,
            ClockHz = engine.ClockHz,
            Macs = macs,
            MacsPerCycle = macsPerCycle,
            Traffic = traffic,
            Provenance = Provenance.Modelled,
            Note = note,
        };
    }
}
