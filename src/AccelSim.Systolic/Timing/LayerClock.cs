using AccelSim.Graph;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;
using AccelSim.Systolic.Operators;

namespace AccelSim.Systolic.Timing;

/// <summary>The time of the layers of one graph on one accelerator, each by itself.</summary>
internal sealed class LayerClock(LayerGraph graph, ArrayConfiguration array)
{
    private const int SumBytes = 4;

    private readonly OnChipPlan _plan = new(graph, array.Memory);

    public LayerTiming Of(Layer layer, LayerWork work) => work switch
    {
        MatrixLayer matrix => OfMatrix(layer, matrix),
        SequenceLayer sequence => OfSequence(layer, sequence),
        VectorLayer vector => OfVector(layer, vector),
        _ => throw new InvalidOperationException($"no time for {work}"),
    };

    private static long CyclesFor(double amount, double perCycle) => (long)Math.Ceiling(amount / perCycle);

    private LayerTiming OfMatrix(Layer layer, MatrixLayer matrix)
    {
        LayerMapping mapping = MappingChoice.Choose(matrix.Geometry, array);
        StoredOperands inputs = StoredOperands.Of(graph, _plan, matrix.Inputs);
        StoredOperands weights = Compressed(StoredOperands.Of(graph, _plan, matrix.Weights), matrix.Weights[0], mapping.Sparsity);
        DramTraffic dram = DramTraffic.OfMatrix(PassesOf(mapping), inputs, weights, DramTraffic.WrittenBy(graph, layer, _plan), _plan);
        ArrayTraffic edge = mapping.Edge;
        TensorType output = graph.TypeOf(layer.Name);
        long vectorStall = Math.Max(0, CyclesFor(matrix.Finish?.Operations ?? output.Shape.Elements, array.VectorLanes) - mapping.Cycles.Total);
        // Outputs of which several sums are a part begin as the bias, and each sum reads one, adds to it and writes it back.
        long added = matrix.SumsOverlap ? SumBytes * (edge.SumsWritten - edge.SumsRead) : 0;
        string finish = matrix.Finish is { } vector ? $"; then {vector.Charge}" : "";
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = mapping.Cycles.Compute,
            FillDrain = mapping.Cycles.FillDrain,
            Stalls = Stalls(dram, mapping.Cycles.Total + vectorStall, vectorStall),
            ClockHz = array.ClockHz,
            Macs = matrix.Work.Macs,
            MacsPerCycle = mapping.MacsPerCycle,
            Traffic = TrafficOf(edge, inputs.ElementBytes, weights, mapping.Sparsity, added, added + output.Bytes, dram),
            Provenance = Provenance.Modelled,
            Note = $"{array.Describe()}{Precision(layer)}: {mapping.Reason}{finish}",
        };
    }

    private LayerTiming OfSequence(Layer layer, SequenceLayer sequence)
    {
        LayerMapping? once = sequence.Once is { } input ? MappingChoice.Choose(input, array) : null;
        LayerMapping[] step = [.. sequence.Products.Select(work => MappingChoice.Choose(work, array))];
        StoredOperands held = StoredOperands.Of(graph, _plan, sequence.HeldWeights is { } name ? [name] : []);
        WeightsBetweenSteps between = Between(sequence, step, held);

        long reloads = between == WeightsBetweenSteps.InArray ? 1 : sequence.Steps;
        long loadedRows = between == WeightsBetweenSteps.InArray ? step[0].LoadCyclesOfHeldWeights!.Value : 0;
        long gates = CyclesFor(sequence.EachStep.Operations, array.VectorLanes) * sequence.Steps;
        long compute = (once?.Cycles.Compute ?? 0) + sequence.Steps * step.Sum(product => product.Cycles.Compute);
        // Nothing overlaps from step to step, and what stays in the array loads once.
        long fillDrain = (once?.Cycles.FillDrain ?? 0) + sequence.Steps * step.Sum(product => product.Cycles.FillDrain) - (sequence.Steps - 1) * loadedRows;

        ArrayTraffic edge = step.Aggregate(default(ArrayTraffic), (sum, product) => sum + product.Edge);
        edge = (edge * sequence.Steps) with { Weights = edge.Weights * reloads };
        long inputSums = sequence.Once is { } product ? SumBytes * (long)product.Pixels * product.Filters : 0;
        DramTraffic dram = DramOf(layer, sequence, once, step[0], held, between, inputSums);
        if (once is not null)
            edge += once.Edge;
        TensorType output = graph.TypeOf(layer.Name);
        StoredOperands weights = StoredOperands.Of(graph, _plan, layer.Constants);
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = compute,
            FillDrain = fillDrain,
            Stalls = Stalls(dram, compute + fillDrain + gates, gates),
            ClockHz = array.ClockHz,
            Macs = graph.CostOf(layer).Macs,
            MacsPerCycle = array.MacsPerCycle,
            Traffic = TrafficOf(edge, output.Element.Bytes(), weights, sparsity: null, inputSums, inputSums + output.Bytes, dram),
            Provenance = Provenance.Modelled,
            Note = $"{array.Describe()}{Precision(layer)}: {Describe(sequence, once, step, between)}; {sequence.EachStep.Charge}, between one step and the next",
        };
    }

    private LayerTiming OfVector(Layer layer, VectorLayer work)
    {
        // A view moves nothing, on the chip or off it.
        DramTraffic dram = work.Operations == 0 ? default : DramTraffic.OfVector(graph, layer, work.ElementsRead, _plan);
        long cycles = CyclesFor(work.Operations, array.VectorLanes);
        return new LayerTiming
        {
            Layer = layer.Name,
            Compute = cycles,
            Stalls = Stalls(dram, cycles, vectorStall: 0),
            ClockHz = array.ClockHz,
            Macs = 0,
            MacsPerCycle = array.MacsPerCycle,
            Traffic = work.Operations == 0 ? [] : [.. VectorTraffic(layer, work, dram)],
            Provenance = Provenance.Modelled,
            Note = $"vector unit, {array.VectorLanes} lanes{Precision(layer)}: {work.Charge}",
        };
    }

    // The folds that an operand meets again and again where it does not fit its memory.
    private static FoldGrid PassesOf(LayerMapping mapping) => mapping is ArrayMapping { Grid: var grid }
        ? grid
        : new FoldGrid(mapping.Work, 1, Math.Min(mapping.Granularity.Depth, mapping.Work.Depth), Math.Min(mapping.Granularity.Filters, mapping.Work.Filters), Dataflow.WeightStationary);

    // The weights are the first of what goes with the inputs; biases are as many as ever.
    private StoredOperands Compressed(StoredOperands weights, string first, WeightSparsity? sparsity)
    {
        if (sparsity is null)
            return weights;
        long bytes = graph.TypeOf(first).Bytes;
        long saved = bytes - sparsity.StoredBytes(bytes, weights.ElementBytes);
        return weights with { Bytes = weights.Bytes - saved, OffChipBytes = weights.OffChipBytes == 0 ? 0 : weights.OffChipBytes - saved };
    }

    // Codes are what these arrays are for; a layer on floats takes a processing element and a lane as long, and says that it does.
    private string Precision(Layer layer) =>
        layer.Operator.IsInteger || layer.Inputs.Concat([layer.Name]).All(value => graph.TypeOf(value).Element == ElementType.Int8) ? "" : ", float32";

    private WeightsBetweenSteps Between(SequenceLayer sequence, LayerMapping[] step, StoredOperands held)
    {
        if (sequence.HeldWeights is null)
            return WeightsBetweenSteps.OfEachStep;
        if (step is [{ LoadCyclesOfHeldWeights: not null }])
            return WeightsBetweenSteps.InArray;
        return held.Bytes <= _plan.WeightRoom ? WeightsBetweenSteps.OnChip : WeightsBetweenSteps.Streamed;
    }

    private DramTraffic DramOf(
        Layer layer, SequenceLayer sequence, LayerMapping? once, LayerMapping step, StoredOperands held, WeightsBetweenSteps between, long inputSums)
    {
        long written = DramTraffic.WrittenBy(graph, layer, _plan);
        string[] others = [.. layer.Constants.Where(name => name != sequence.HeldWeights)];
        StoredOperands first = StoredOperands.Of(graph, _plan, [layer.Inputs[0]]);
        StoredOperands weights = StoredOperands.Of(graph, _plan, others);
        long states = StoredOperands.Of(graph, _plan, [.. layer.Inputs.Skip(1)]).OffChipBytes;
        // Each step reads its own part of the weights once, so that it is as one product over all of them.
        DramTraffic dram = once is null
            ? DramTraffic.OfMatrix(PassesOf(step), first, weights, written, _plan) with { InputsRead = first.OffChipBytes, WeightsRead = weights.OffChipBytes }
            : DramTraffic.OfMatrix(PassesOf(once), first, weights, written, _plan);
        long spilled = inputSums > _plan.ActivationRoom ? inputSums : 0;
        return dram with
        {
            InputsRead = dram.InputsRead + states + spilled,
            WeightsRead = dram.WeightsRead + held.OffChipBytes * (between == WeightsBetweenSteps.Streamed ? sequence.Steps : 1),
            Written = dram.Written + spilled,
        };
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

    // Weights that are activations cross the activations' edge of the memory, whatever edge of the array they enter.
    private static Traffic[] TrafficOf(ArrayTraffic edge, int inputBytes, StoredOperands weights, WeightSparsity? sparsity, long otherReads, long outputBytes, DramTraffic dram)
    {
        (long weightReads, long weightFills) = (weights.ElementBytes * edge.Weights + (edge.Weights * (sparsity?.IndexBits ?? 0) + 7) / 8, dram.WeightsRead);
        (long moved, long filled) = weights.AreActivations ? (weightReads, weightFills) : (0, 0);
        return
        [
            new Traffic("activations", inputBytes * edge.Inputs + moved + otherReads, outputBytes + dram.InputsRead + filled),
            new Traffic("weights", weightReads - moved, weightFills - filled),
            new Traffic("partial sums", SumBytes * edge.SumsRead, SumBytes * edge.SumsWritten),
            new Traffic("DRAM", dram.Read, dram.Written),
        ];
    }

    private IEnumerable<Traffic> VectorTraffic(Layer layer, VectorLayer work, DramTraffic dram)
    {
        string[] activations = [.. layer.Operands.Where(value => !graph.Constants.ContainsKey(value))];
        long read = work.ElementsRead is { } elements
            ? elements * graph.TypeOf(activations[0]).Element.Bytes()
            : activations.Sum(value => graph.TypeOf(value).Bytes);
        yield return new Traffic("activations", read, graph.TypeOf(layer.Name).Bytes + dram.InputsRead);
        long constants = layer.Constants.Where(graph.Constants.ContainsKey).Sum(name => graph.TypeOf(name).Bytes);
        if (constants > 0)
            yield return new Traffic("weights", constants, dram.WeightsRead);
        yield return new Traffic("DRAM", dram.Read, dram.Written);
    }

    private Dictionary<StallCause, long> Stalls(DramTraffic dram, long workCycles, long vectorStall)
    {
        var stalls = new Dictionary<StallCause, long>();
        long firstTile = CyclesFor(dram.FirstTile, array.DramBytesPerCycle);
        long rest = CyclesFor(dram.Total - dram.FirstTile, array.DramBytesPerCycle);
        // A single buffer cannot fill while it is read: nothing of the transfer hides behind the work.
        long hidden = array.Memory.Levels.Any(level => level.Buffering != Buffering.Single && level.Holds != MemoryContents.PartialSums) ? workCycles : 0;
        Note(StallCause.DramBandwidth, firstTile + Math.Max(0, rest - hidden));
        Note(StallCause.DramLatency, dram.Read > 0 ? CyclesFor(array.Memory.Dram.LatencySeconds, 1 / array.ClockHz) : 0);
        Note(StallCause.VectorUnit, vectorStall);
        return stalls;

        void Note(StallCause cause, long cycles)
        {
            if (cycles > 0)
                stalls[cause] = cycles;
        }
    }
}
