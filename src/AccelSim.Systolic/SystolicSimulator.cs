using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Operators;
using AccelSim.Systolic.RegisterLevel;
using AccelSim.Systolic.Timing;

namespace AccelSim.Systolic;

/// <summary>
/// An accelerator built around one systolic array and a vector unit. It computes every layer of a graph, quantized, float or mixed, from the values
/// that move through the array (<see cref="Compile"/>), and tells the time that each layer takes (<see cref="Time"/>).
/// </summary>
public sealed class SystolicSimulator : IBackend
{
    private readonly TilePlanner _planner;

    /// <summary>Makes a simulator of one accelerator.</summary>
    /// <exception cref="ArrayConfigurationException">A number of the configuration is out of range.</exception>
    public SystolicSimulator(ArrayConfiguration array)
    {
        ArgumentNullException.ThrowIfNull(array);
        array.Validate();
        Array = array;
        _planner = new TilePlanner(array.Memory, array.ClockHz);
    }

    /// <summary>The accelerator.</summary>
    public ArrayConfiguration Array { get; }

    /// <inheritdoc/>
    public string Name => $"systolic {Array.Name}";

    /// <summary>Whether layers of an operator's type can be timed and computed.</summary>
    public static bool Supports(Type operatorType) => OperatorTable.Has(operatorType);

    /// <inheritdoc/>
    /// <exception cref="GraphException">A constant has no data.</exception>
    public IExecutor Compile(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        foreach (string constant in graph.Layers.SelectMany(layer => layer.Constants).Where(graph.Constants.ContainsKey))
            _ = graph.Constants[constant].Value;
        return new SystolicExecutor(graph, [.. graph.Layers.Select(layer => OperatorTable.Of(layer, Name).Prepare(graph, layer, Array))]);
    }

    /// <summary>
    /// The time of each layer, in the graph's order, for the graph's batch. Weights are not needed. Bytes are those of each value's type: 1 for
    /// codes, 4 for float32; a float32 MAC takes a processing element one cycle as a MAC of codes does, and its note says that it is one.
    /// </summary>
    /// <remarks>
    /// <para>Array layers: stall-free cycles from <see cref="ArrayCycles"/>, which equals the register-level array. The vector unit requantizes
    /// outputs behind the array and holds it up where its lanes are too few. Layers run one after another.</para>
    /// <para>Recurrent layers: the input's product for all steps, then the state's step by step, each waiting for the gates of the one before. The
    /// weights of the steps stay in the array, in the weight memory, or come from DRAM each time; the note says which.</para>
    /// <para>Memory: what stays on the chip between layers is in <see cref="Timing.OnChipPlan"/>; the rest passes the memories in tiles, which
    /// <see cref="Memory.TileSearch"/> finds. While the array works DRAM moves what it can; the layer waits for its first operands, and for the bytes that did not fit behind the work.</para>
    /// </remarks>
    /// <exception cref="UnsupportedOperatorException">A layer has no implementation here.</exception>
    public IReadOnlyList<LayerTiming> Time(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new LayerClock(graph, GraphStructure.Of(graph, Name), Array, _planner).OfAll();
    }

    /// <summary>How a layer that is one matrix product lies on the accelerator's engines, or null for any other.</summary>
    /// <exception cref="UnsupportedOperatorException">The layer has no implementation here.</exception>
    public LayerMapping? MappingOf(LayerGraph graph, Layer layer) =>
        OperatorTable.Of(layer, Name).Work(graph, layer) is MatrixLayer matrix ? MappingChoice.Choose(matrix.Geometry, Array) : null;

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
        if (OperatorTable.Of(layer, Name) is not IMatrixLayerImplementation implementation)
            throw new UnsupportedOperatorException(Name, layer.Name, layer.Operator.Name, "it runs on the vector unit, which has no register-level model");
        if (MappingOf(graph, layer) is not ArrayMapping { Sparsity: null } mapping)
            throw new UnsupportedOperatorException(Name, layer.Name, layer.Operator.Name, "the register-level model is of one array with all of its weights");
        (Tensor output, ArrayRun run) = implementation.PrepareMatrix(graph, layer, Array).RunOnRegisters(input, mapping, Array.Schedule, cancellation);
        var timing = new LayerTiming
        {
            Layer = layer.Name,
            Compute = mapping.Cycles.Compute,
            FillDrain = run.Cycles - mapping.Cycles.Compute,
            ClockHz = Array.ClockHz,
            Macs = mapping.Work.Macs,
            MacsPerCycle = Array.MacsPerCycle,
            Provenance = Provenance.CycleAccurate,
            Note = $"{Array.Describe()}, register level, without memory: {mapping.Reason}",
        };
        return (output, timing);
    }
}
