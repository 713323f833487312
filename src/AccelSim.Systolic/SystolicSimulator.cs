using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Memory;
using AccelSim.Systolic.Operators;
using AccelSim.Systolic.RegisterLevel;

namespace AccelSim.Systolic;

/// <summary>
/// An accelerator built around one systolic array. It computes every layer of a quantized graph from the values that move through the
/// array (<see cref="Compile"/>), and tells the time that each layer takes (<see cref="Time"/>).
/// </summary>
public sealed class SystolicSimulator : IBackend
{
    /// <summary>Makes a simulator of one accelerator.</summary>
    /// <exception cref="ArrayConfigurationException">A number of the configuration is out of range.</exception>
    public SystolicSimulator(ArrayConfiguration array)
    {
        ArgumentNullException.ThrowIfNull(array);
        array.Validate();
        Array = array;
    }

    /// <summary>The accelerator.</summary>
    public ArrayConfiguration Array { get; }

    /// <inheritdoc/>
    public string Name => $"systolic {Array.Name}";

    /// <inheritdoc/>
    public IExecutor Compile(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new SystolicExecutor(graph, [.. graph.Layers.Select(layer => OperatorTable.OfQuantized(layer, graph, Name).Prepare(graph, layer, Array))]);
    }

    /// <summary>
    /// The time of each layer, in the graph's order, for the graph's batch. Weights are not needed, and a float graph is timed as if it were
    /// quantized: activations and weights one byte, biases four.
    /// </summary>
    /// <remarks>
    /// <para>Array layers: stall-free cycles from <see cref="ArrayCycles"/>, which equals the register-level array. The vector unit requantizes
    /// outputs behind the array and holds it up where its lanes are too few. Layers run one after another.</para>
    /// <para>Memory: what crosses the chip's edge is in <see cref="DramTraffic"/>. While the array works DRAM moves the rest of the layer's bytes;
    /// the layer waits for the first tile, and at the end for the bytes that did not fit behind the work.</para>
    /// </remarks>
    /// <exception cref="UnsupportedOperatorException">A layer has no implementation here.</exception>
    public IReadOnlyList<LayerTiming> Time(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var plan = new OnChipPlan(graph, Array.Memory);
        return [.. graph.Layers.Select(layer => OperatorTable.Of(layer, Name).Work(graph, layer) switch
        {
            MatrixLayer matrix => TimeMatrix(graph, layer, matrix.Work, plan),
            VectorLayer vector => TimeVector(graph, layer, vector, plan),
            var work => throw new InvalidOperationException($"no time for {work}"),
        })];
    }

    /// <summary>How a convolution or fully connected layer lies on the array, or null for a layer of the vector unit.</summary>
    /// <exception cref="UnsupportedOperatorException">The layer has no implementation here.</exception>
    public LayerMapping? MappingOf(LayerGraph graph, Layer layer) =>
        OperatorTable.Of(layer, Name).Work(graph, layer) is MatrixLayer matrix ? LayerMapping.Choose(matrix.Work, Array) : null;

    /// <summary>
    /// Runs one convolution or fully connected layer on the register-level array: every register, every cycle. For small layers: the time
    /// grows with the processing elements times the cycles.
    /// </summary>
    /// <param name="graph">A quantized graph with weights.</param>
    /// <param name="layer">A layer of it.</param>
    /// <param name="input">The layer's input.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The layer's output, and its stall-free time as counted.</returns>
    /// <exception cref="UnsupportedOperatorException">The layer does not run on the array.</exception>
    public (Tensor Output, LayerTiming Timing) RunOnRegisters(LayerGraph graph, Layer layer, Tensor input, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(layer);
        if (OperatorTable.OfQuantized(layer, graph, Name) is not IMatrixLayerImplementation implementation)
            throw new UnsupportedOperatorException(Name, layer.Name, layer.Operator.Name, "it runs on the vector unit, which has no register-level model");
        (Tensor output, ArrayRun run) = implementation.PrepareMatrix(graph, layer, Array).RunOnRegisters(input, Array.Schedule, cancellation);
        LayerMapping mapping = MappingOf(graph, layer)!;
        var timing = new LayerTiming
        {
            Layer = layer.Name,
            Compute = mapping.Cycles.Compute,
            FillDrain = run.Cycles - mapping.Cycles.Compute,
            ClockHz = Array.ClockHz,
            Macs = mapping.Grid.Work.Macs,
            MacsPerCycle = Array.MacsPerCycle,
            Provenance = Provenance.CycleAccurate,
            Note = $"{Array.Describe()}, register level, without memory: {mapping.Reason}",
        };
        return (output, timing);
    }

    private static long CyclesFor(double amount, double perCycle) => (long)Math.Ceiling(amount / perCycle);

    private LayerTiming TimeMatrix(LayerGraph graph, Layer layer, MatrixWork work, OnChipPlan plan)
    {
        LayerMapping mapping = LayerMapping.Choose(work, Array);
        DramTraffic dram = DramTraffic.OfMatrix(graph, layer, mapping.Grid, Array.Memory.DoubleBuffered, plan);
        ArrayTraffic edge = ArrayTraffic.Of(mapping.Grid);
        long outputs = graph.TypeOf(layer.Name).Shape.Elements;
        long vectorCycles = CyclesFor(outputs, Array.VectorLanes);
        long vectorStall = Math.Max(0, vectorCycles - mapping.Cycles.Total);
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = mapping.Cycles.Compute,
            FillDrain = mapping.Cycles.FillDrain,
            Stalls = Stalls(dram, mapping.Cycles.Total + vectorStall, vectorStall),
            ClockHz = Array.ClockHz,
            Macs = work.Macs,
            MacsPerCycle = Array.MacsPerCycle,
            Traffic =
            [
                new Traffic("activations", edge.Inputs, outputs + dram.InputsRead),
                new Traffic("weights", edge.Weights, dram.WeightsRead),
                new Traffic("partial sums", 4 * edge.SumsRead, 4 * edge.SumsWritten),
                new Traffic("DRAM", dram.Read, dram.Written),
            ],
            Provenance = Provenance.Modelled,
            Note = $"{Array.Describe()}: {mapping.Reason}",
        };
    }

    private LayerTiming TimeVector(LayerGraph graph, Layer layer, VectorLayer work, OnChipPlan plan)
    {
        // A view moves nothing, on the chip or off it.
        DramTraffic dram = work.Operations == 0 ? default : DramTraffic.OfVector(graph, layer, plan);
        long cycles = CyclesFor(work.Operations, Array.VectorLanes);
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = cycles,
            Stalls = Stalls(dram, cycles, vectorStall: 0),
            ClockHz = Array.ClockHz,
            Macs = 0,
            MacsPerCycle = Array.MacsPerCycle,
            Traffic = work.Operations == 0
                ? []
                :
                [
                    new Traffic("activations", layer.Inputs.Sum(value => graph.TypeOf(value).Shape.Elements), graph.TypeOf(layer.Name).Shape.Elements + dram.InputsRead),
                    new Traffic("DRAM", dram.Read, dram.Written),
                ],
            Provenance = Provenance.Modelled,
            Note = $"vector unit, {Array.VectorLanes} lanes: {work.Charge}",
        };
    }

    private Dictionary<StallCause, long> Stalls(DramTraffic dram, long workCycles, long vectorStall)
    {
        var stalls = new Dictionary<StallCause, long>();
        long firstTile = CyclesFor(dram.FirstTile, Array.DramBytesPerCycle);
        long rest = CyclesFor(dram.Total - dram.FirstTile, Array.DramBytesPerCycle);
        // A single buffer cannot fill while it is read: nothing of the transfer hides behind the work.
        long hidden = Array.Memory.DoubleBuffered ? workCycles : 0;
        Note(StallCause.DramBandwidth, firstTile + Math.Max(0, rest - hidden));
        Note(StallCause.DramLatency, dram.Read > 0 ? CyclesFor(Array.Memory.DramLatencySeconds, 1 / Array.ClockHz) : 0);
        Note(StallCause.VectorUnit, vectorStall);
        return stalls;

        void Note(StallCause cause, long cycles)
        {
            if (cycles > 0)
                stalls[cause] = cycles;
        }
    }
}
