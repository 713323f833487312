using System.Globalization;
using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic.Timing;

/// <summary>The time of the layers of one graph on one accelerator, each by itself.</summary>
internal sealed class LayerClock
{
    private const int SumBytes = 4;

    private readonly LayerGraph _graph;
    private readonly GraphStructure _structure;
    private readonly ArrayConfiguration _array;
    private readonly TilePlanner _planner;
    private readonly FusionPlan _fusion;
    private readonly OnChipPlan _plan;
    private readonly MemoryLevel? _activations;
    private readonly MemoryLevel? _weights;

    public LayerClock(LayerGraph graph, GraphStructure structure, ArrayConfiguration array, TilePlanner planner)
    {
        (_graph, _structure, _array, _planner) = (graph, structure, array, planner);
        _activations = array.Memory.Holding(MemoryContents.Activations).LastOrDefault();
        _weights = array.Memory.Holding(MemoryContents.Weights).LastOrDefault();
        _plan = new OnChipPlan(graph, structure, array.Memory);
        // A quarter of the memory may hold the tiles between two fused layers: the others are for the operands around them.
        _fusion = FusionPlan.Of(graph, structure.Works, array, _plan.Keeps, _activations is null or { Buffering: Buffering.Fifo } ? 0 : _activations.Bytes / 4);
        _plan.KeepInTiles(_fusion.Buffers);
    }

    /// <summary>The time of every layer of the graph, in its order.</summary>
    public IReadOnlyList<LayerTiming> OfAll()
    {
        LayerTiming[] timings = [.. Enumerable.Range(0, _graph.Layers.Length).Select(Of)];
        _fusion.Hide(timings, _array.DramBytesPerCycle);
        return timings;
    }

    private LayerTiming Of(int index) => _structure.Works[index] switch
    {
        MatrixLayer matrix => OfMatrix(index, matrix),
        SequenceLayer sequence => OfSequence(index, sequence),
        VectorLayer vector => OfVector(index, vector),
        var work => throw new InvalidOperationException($"no time for {work}"),
    };

    private static long CyclesFor(double amount, double perCycle) => (long)Math.Ceiling(amount / perCycle);

    private LayerTiming OfMatrix(int index, MatrixLayer matrix)
    {
        Layer layer = _graph.Layers[index];
        LayerMapping mapping = _fusion.MappingOf(index) ?? MappingChoice.Choose(matrix.Geometry, _array);
        ArrayTraffic edge = mapping.Edge;
        TensorType output = _graph.TypeOf(layer.Name);
        TilingProblem problem = ProblemOf(index, matrix.Geometry, mapping, matrix.Inputs, matrix.Weights) with
        {
            OutputElementBytes = output.Element.Bytes(),
            OutputBytes = output.Bytes,
            OutputsStay = _plan.WrittenBy(layer) == 0,
        };
        // Outputs of which several sums are a part begin as the bias, and each sum reads one, adds to it and writes it back.
        long added = matrix.SumsOverlap ? SumBytes * (edge.SumsWritten - edge.SumsRead) : 0;
        var traffic = new LevelTraffic(_array.Memory);
        traffic.Engine(MemoryContents.Activations, problem.InputElementBytes * edge.Inputs + added, added);
        // With a sparse weight go the bits of its place.
        traffic.Engine(WeightContent(problem), problem.WeightElementBytes * edge.Weights + (edge.Weights * (mapping.Sparsity?.IndexBits ?? 0) + 7) / 8, 0);
        traffic.Engine(MemoryContents.PartialSums, SumBytes * edge.SumsRead, SumBytes * edge.SumsWritten);
        traffic.Outputs(output.Bytes);
        long vector = CyclesFor(matrix.Finish?.Operations ?? output.Shape.Elements, _array.VectorLanes);
        long banks = traffic.BusiestCycles();
        TilePlan tiles = _planner.Best(problem with { BusyCycles = Math.Max(vector, banks) });
        DramUse dram = DramUse.Of(tiles);
        _planner.PassInwards(traffic, problem, tiles);
        Dictionary<StallCause, long> stalls = Stalls(dram, tiles.Cycles.Total, vector, banks);
        string finish = matrix.Finish is { } after ? $"; then {after.Charge}" : "";
        string apart = _fusion.WhyApart(index) is { } why ? $"; not fused: {why}" : "";
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = tiles.Cycles.Compute,
            FillDrain = tiles.Cycles.FillDrain,
            Stalls = stalls,
            ClockHz = _array.ClockHz,
            Macs = matrix.Work.Macs,
            MacsPerCycle = mapping.MacsPerCycle,
            Traffic = TrafficOf(traffic, dram, WeightContent(problem)),
            Provenance = Provenance.Modelled,
            Note = $"{_array.Describe()}{Precision(layer)}: {mapping.Reason}{apart}{finish}{Describe(tiles)}{LimitOf(tiles.Cycles.Compute, tiles.Cycles.FillDrain, stalls)}",
        };
    }

    private LayerTiming OfSequence(int index, SequenceLayer sequence)
    {
        Layer layer = _graph.Layers[index];
        LayerMapping? once = sequence.Once is { } input ? MappingChoice.Choose(input, _array) : null;
        LayerMapping[] step = [.. sequence.Products.Select(work => MappingChoice.Choose(work, _array))];
        WeightsBetweenSteps between = Between(sequence, step);

        long reloads = between == WeightsBetweenSteps.InArray ? 1 : sequence.Steps;
        long loadedRows = between == WeightsBetweenSteps.InArray ? step[0].LoadCyclesOfHeldWeights!.Value : 0;
        long gates = CyclesFor(sequence.EachStep.Operations, _array.VectorLanes) * sequence.Steps;
        // Nothing overlaps from step to step, and what stays in the array loads once.
        long compute = sequence.Steps * step.Sum(product => product.Cycles.Compute);
        long fillDrain = sequence.Steps * step.Sum(product => product.Cycles.FillDrain) - (sequence.Steps - 1) * loadedRows;
        ArrayTraffic edge = step.Aggregate(default(ArrayTraffic), (sum, product) => sum + product.Edge);
        edge = (edge * sequence.Steps) with { Weights = edge.Weights * reloads };

        string[] others = [.. layer.Constants.Where(name => name != sequence.HeldWeights)];
        TilingProblem problem = ProblemOf(index, LayerGeometry.Of(once?.Work ?? step[0].Work), once ?? step[0], [layer.Inputs[0]], others) with { OutputsStay = true };
        DramUse dram;
        if (once is null)
        {
            // Each step reads its own part of the weights once, so that it is as one product over all of them.
            dram = new DramUse(0, 0, 0, 0, 0, 0, 0, 0, 0).With(
                inputs: OffChip(layer.Inputs[0]), weights: others.Sum(OffChip), isExposed: IsSingle(_weights), burst: _array.Memory.Dram.BurstBytes);
        }
        else
        {
            TilePlan tiles = _planner.Best(problem);
            dram = DramUse.Of(tiles);
            (compute, fillDrain, edge) = (compute + tiles.Cycles.Compute, fillDrain + tiles.Cycles.FillDrain, edge + once.Edge);
        }
        // The sums of the input's product wait for their steps.
        long inputSums = sequence.Once is { } product ? SumBytes * (long)product.Pixels * product.Filters : 0;
        long held = sequence.HeldWeights is { } name ? OffChip(name) * (between == WeightsBetweenSteps.Streamed ? sequence.Steps : 1) : 0;
        dram = dram
            .With(weights: held, isExposed: IsSingle(_weights), burst: _array.Memory.Dram.BurstBytes)
            .With(
                inputs: layer.Inputs.Skip(1).Sum(OffChip),
                sums: inputSums > (_activations?.Room ?? 0) ? inputSums : 0,
                outputs: _plan.WrittenBy(layer),
                isExposed: IsSingle(_activations),
                burst: _array.Memory.Dram.BurstBytes);

        TensorType output = _graph.TypeOf(layer.Name);
        var traffic = new LevelTraffic(_array.Memory);
        traffic.Engine(MemoryContents.Activations, problem.InputElementBytes * edge.Inputs + inputSums, inputSums);
        traffic.Engine(WeightContent(problem), problem.WeightElementBytes * edge.Weights, 0);
        traffic.Engine(MemoryContents.PartialSums, SumBytes * edge.SumsRead, SumBytes * edge.SumsWritten);
        traffic.Outputs(output.Bytes);
        // The gates wait for the array and the array for the gates: the vector unit's work adds to the array's.
        long banks = traffic.BusiestCycles();
        Dictionary<StallCause, long> stalls = Stalls(dram, compute + fillDrain, compute + fillDrain + gates, banks);
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = compute,
            FillDrain = fillDrain,
            Stalls = stalls,
            ClockHz = _array.ClockHz,
            Macs = _structure.Macs[index],
            MacsPerCycle = _array.MacsPerCycle,
            Traffic = TrafficOf(traffic, dram, WeightContent(problem)),
            Provenance = Provenance.Modelled,
            Note = $"{_array.Describe()}{Precision(layer)}: {Describe(sequence, once, step, between)}; {sequence.EachStep.Charge}, between one step and the next{LimitOf(compute, fillDrain, stalls)}",
        };
    }

    private LayerTiming OfVector(int index, VectorLayer work)
    {
        Layer layer = _graph.Layers[index];
        long cycles = CyclesFor(work.Operations, _array.VectorLanes);
        var timing = new LayerTiming
        {
            Layer = layer.Name,
            Compute = cycles,
            ClockHz = _array.ClockHz,
            Macs = 0,
            MacsPerCycle = _array.MacsPerCycle,
            VectorOperations = work.Operations,
            VectorOperationsPerCycle = _array.VectorLanes,
            Provenance = Provenance.Modelled,
            Note = $"vector unit, {_array.VectorLanes} lanes{Precision(layer)}: {work.Charge}{(_fusion.IsBetween(index) ? ", tile by tile between two fused layers" : "")}",
        };
        // A view moves nothing, on the chip or off it.
        if (work.Operations == 0)
            return timing;
        string[] activations = [.. layer.Operands.Where(value => !_graph.Constants.ContainsKey(value))];
        long read = work.ElementsRead is { } elements
            ? elements * _graph.TypeOf(activations[0]).Element.Bytes()
            : activations.Sum(value => _graph.TypeOf(value).Bytes);
        // Of a value off the chip that is read in part only that part comes, and each part once.
        long off = activations.Distinct().Where(value => !_plan.IsOnChip(value)).Sum(value => Math.Min(_graph.TypeOf(value).Bytes, read));
        string[] constants = [.. layer.Constants.Where(_graph.Constants.ContainsKey)];
        int burst = _array.Memory.Dram.BurstBytes;
        DramUse dram = default(DramUse)
            .With(inputs: off, outputs: _plan.WrittenBy(layer), isExposed: IsSingle(_activations), burst: burst)
            .With(weights: constants.Sum(OffChip), isExposed: IsSingle(_weights), burst: burst);
        var traffic = new LevelTraffic(_array.Memory);
        traffic.Engine(MemoryContents.Activations, read, 0);
        traffic.Engine(MemoryContents.Weights, constants.Sum(value => _graph.TypeOf(value).Bytes), 0);
        traffic.Outputs(_graph.TypeOf(layer.Name).Bytes);
        Dictionary<StallCause, long> stalls = Stalls(dram, cycles, 0, traffic.BusiestCycles());
        traffic.PassThrough(MemoryContents.Activations, read);
        return timing with
        {
            Stalls = stalls,
            Traffic = TrafficOf(traffic, dram, MemoryContents.Weights),
            Note = timing.Note + LimitOf(cycles, 0, stalls, "the vector unit"),
        };
    }

    private static bool IsSingle(MemoryLevel? level) => level is { Buffering: Buffering.Single };

    private static MemoryContents WeightContent(TilingProblem problem) => problem.WeightsAreActivations ? MemoryContents.Activations : MemoryContents.Weights;

    private long OffChip(string value) => _plan.IsOnChip(value) ? 0 : _graph.TypeOf(value).Bytes;

    private TilingProblem ProblemOf(int index, LayerGeometry geometry, LayerMapping mapping, IReadOnlyList<string> inputs, IReadOnlyList<string> weights)
    {
        TensorType input = _graph.TypeOf(inputs[0]);
        TensorType weight = _graph.TypeOf(weights[0]);
        bool areActivations = !_graph.Constants.ContainsKey(weights[0]);
        // A convolution reads no more of its image than its windows cover; a plain product is of whatever bytes its operand has.
        long? inputBytes = geometry.Image is null ? input.Bytes : null;
        return new TilingProblem(geometry, mapping)
        {
            LongestStream = mapping.LongestStream,
            InputElementBytes = input.Element.Bytes(),
            WeightElementBytes = weight.Element.Bytes(),
            InputBytes = inputBytes,
            WeightBytes = mapping.Sparsity?.StoredBytes(weight.Bytes, weight.Element.Bytes()) ?? weight.Bytes,
            ConstantBytes = weights.Skip(1).Sum(value => _graph.TypeOf(value).Bytes),
            InputsOnChip = _plan.IsOnChip(inputs[0]),
            WeightsOnChip = _plan.IsOnChip(weights[0]),
            WeightsAreActivations = areActivations,
            ActivationsKept = _plan.KeptBytes[index],
            WeightsKept = _plan.WeightsKept,
        };
    }

    // Codes are what these arrays are for; a layer on floats takes a processing element and a lane as long, and says that it does.
    private string Precision(Layer layer) =>
        layer.Operator.IsInteger || (layer.Inputs.All(value => _graph.TypeOf(value).Element == ElementType.Int8) && _graph.TypeOf(layer.Name).Element == ElementType.Int8) ? "" : ", float32";

    private WeightsBetweenSteps Between(SequenceLayer sequence, LayerMapping[] step)
    {
        if (sequence.HeldWeights is not { } held)
            return WeightsBetweenSteps.OfEachStep;
        if (step is [{ LoadCyclesOfHeldWeights: not null }])
            return WeightsBetweenSteps.InArray;
        bool fits = _weights is { Buffering: not Buffering.Fifo } && _graph.TypeOf(held).Bytes <= _weights.Room;
        return fits || _plan.IsOnChip(held) ? WeightsBetweenSteps.OnChip : WeightsBetweenSteps.Streamed;
    }

    private static string Describe(SequenceLayer sequence, LayerMapping? once, LayerMapping[] step, WeightsBetweenSteps between)
    {
        string before = once is null ? "" : $"the input's product for all {sequence.Steps} steps ({once.Reason}), then ";
        string folds = string.Join(" and ", step.Select(product => product.Reason));
        return $"{before}{sequence.Steps} steps of {folds}, {between switch
        {
            WeightsBetweenSteps.InArray => "weights held in the array",
            WeightsBetweenSteps.OnChip => "weights held on the chip",
            WeightsBetweenSteps.Streamed => "weights streamed from DRAM again in each step",
            _ => "each with its own weights",
        }}";
    }

    private static string Describe(TilePlan tiles)
    {
        if (!tiles.Fits)
            return "; the memory is smaller than the least tile";
        if (tiles.Tiles == 1)
            return "";
        string stays = tiles.SumsWritten > 0 ? ", partial sums spilled" : "";
        return string.Create(CultureInfo.InvariantCulture, $"; {tiles.Tiles} tiles of {tiles.Tile}{stays}");
    }

    private static string LimitOf(long compute, long fillDrain, Dictionary<StallCause, long> stalls, string unit = "compute")
    {
        (string limit, long most) = compute >= fillDrain ? (unit, compute) : ("fill and drain", fillDrain);
        foreach ((StallCause cause, long cycles) in stalls)
        {
            if (cycles <= most)
                continue;
            most = cycles;
            limit = cause switch
            {
                StallCause.DramBandwidth => "DRAM bandwidth",
                StallCause.DramLatency => "DRAM latency",
                StallCause.BankConflict => "memory banks",
                StallCause.Dependency => "the first tile",
                _ => "the vector unit",
            };
        }
        return $"; limited by {limit}";
    }

    private static Traffic[] TrafficOf(LevelTraffic traffic, DramUse dram, MemoryContents weights)
    {
        traffic.FromDram(MemoryContents.Activations, dram.InputsRead);
        traffic.FromDram(weights, dram.WeightsRead);
        traffic.FromDram(MemoryContents.PartialSums, dram.SumsRead);
        traffic.ToDram(MemoryContents.PartialSums, dram.SumsWritten);
        traffic.ToDram(MemoryContents.Activations, dram.OutputsWritten);
        return traffic.With(dram.Read, dram.Written);
    }

    // No cycle has two causes: each cause begins where the one before it ends.
    private Dictionary<StallCause, long> Stalls(DramUse dram, long work, long vector, long banks)
    {
        var stalls = new Dictionary<StallCause, long>();
        long busy = Math.Max(work, Math.Max(vector, banks));
        double bytesPerCycle = _array.DramBytesPerCycle;
        Note(StallCause.VectorUnit, vector - work);
        Note(StallCause.BankConflict, banks - Math.Max(work, vector));
        Note(StallCause.Dependency, CyclesFor(dram.FirstBytes, bytesPerCycle));
        Note(StallCause.DramLatency, CyclesFor(dram.Requests * _array.Memory.Dram.LatencySeconds, 1 / _array.ClockHz));
        long hidden = Math.Max(0, dram.BusBytes - dram.ExposedBytes - dram.FirstBytes);
        Note(StallCause.DramBandwidth, CyclesFor(dram.ExposedBytes, bytesPerCycle) + Math.Max(0, CyclesFor(hidden, bytesPerCycle) - busy));
        return stalls;

        void Note(StallCause cause, long cycles)
        {
            if (cycles > 0)
                stalls[cause] = cycles;
        }
    }
}
