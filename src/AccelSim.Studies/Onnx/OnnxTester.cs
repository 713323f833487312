using System.Globalization;
using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models.Onnx;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Studies.Onnx;

/// <summary>Runs cases in the layout of the ONNX backend tests on a backend and compares with the outputs that they expect.</summary>
public sealed class OnnxTester(IBackend backend, double relativeTolerance = 1e-3, double absoluteTolerance = 1e-4)
{
    /// <summary>Integer graphs are run with the multipliers nearest to their scales, since the expected outputs know no multipliers.</summary>
    private const int MultiplierBits = 31;

    /// <summary>Activations of one case, all layers together; more is refused before it is tried.</summary>
    private const long LargestActivations = 8L << 30;

    /// <summary>Runs cases one after another.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public OnnxTestReport Run(IReadOnlyList<OnnxCase> cases, Action<OnnxCaseResult>? finished = null, CancellationToken cancellation = default)
    {
        var results = new List<OnnxCaseResult>();
        foreach (var test in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(Run(test, cancellation));
            finished?.Invoke(results[^1]);
        }
        return new OnnxTestReport(backend.Name, relativeTolerance, absoluteTolerance, results);
    }

    /// <summary>Runs one case; what it cannot be is its result and no exception.</summary>
    public OnnxCaseResult Run(OnnxCase test, CancellationToken cancellation = default)
    {
        try
        {
            var model = OnnxModel.Load(test.ModelFile);
            var inputs = test.Inputs(model);
            var expected = test.Expected();
            if (expected.Count == 0)
                return Refused("it has no expected output (output_0.pb)");
            var network = OnnxImporter.Import(model, new OnnxImportOptions { Inputs = inputs, MultiplierBits = MultiplierBits }, cancellation);
            return Compare(test, network, inputs, expected, cancellation);
        }
        catch (GraphException error)
        {
            return Refused(error.Message);
        }

        OnnxCaseResult Refused(string reason) => new(test.Name, OnnxOutcome.Refused, double.NaN, reason, []);
    }

    private OnnxCaseResult Compare(
        OnnxCase test, ImportedNetwork network, IReadOnlyDictionary<string, HostTensor> inputs, IReadOnlyList<HostTensor> expected, CancellationToken cancellation)
    {
        if (network.Graph is { } imported)
            network = network.With(FloatPasses.Run(imported));
        var graph = network.Graph;
        if (graph is not null && graph.TotalCost().OutputBytes > LargestActivations)
            throw new GraphException($"its activations take {graph.TotalCost().OutputBytes >> 30} GB; {LargestActivations >> 30} are allowed.");
        IReadOnlyDictionary<string, Tensor> results = new Dictionary<string, Tensor>();
        if (graph is not null)
        {
            using var executor = backend.Compile(graph);
            results = executor.Run(network.Encode(inputs), cancellation: cancellation);
        }
        var given = network.Decode(results);
        double largest = 0;
        var reasons = new List<string>();
        for (int i = 0; i < Math.Min(expected.Count, given.Length); i++)
        {
            string output = network.Outputs[i].Name;
            if (!given[i].Extents.SequenceEqual(expected[i].Extents))
            {
                reasons.Add($"'{output}' has shape {HostTensor.Text(given[i].Extents)} instead of {HostTensor.Text(expected[i].Extents)}");
                largest = double.NaN;
                continue;
            }
            var tolerance = graph is not null && network.Outputs[i].GraphValue is { } value ? OutputTolerance.Of(graph, value, absoluteTolerance) : new OutputTolerance(absoluteTolerance, false);
            var (difference, reason) = Difference(given[i], expected[i], tolerance);
            largest = Math.Max(largest, difference);
            if (reason is not null)
                reasons.Add($"'{output}' {reason}");
        }
        if (given.Length < expected.Count)
            reasons.Add($"it has {given.Length} outputs instead of {expected.Count}");
        return new OnnxCaseResult(test.Name, reasons.Count == 0 ? OnnxOutcome.Passed : OnnxOutcome.Failed, largest, string.Join("; ", reasons), network.Notes);
    }

    /// <summary>The largest difference, and why it is too much: |y − e| ≤ absolute + relative·|e|, infinities and NaN equal.</summary>
    private (double Largest, string? Reason) Difference(HostTensor given, HostTensor expected, OutputTolerance tolerance)
    {
        double largest = 0, worst = 0;
        long at = -1, topGiven = 0, topExpected = 0;
        for (long i = 0; i < expected.Elements; i++)
        {
            double y = given.Real(i), e = expected.Real(i);
            if (y > given.Real(topGiven))
                topGiven = i;
            if (e > expected.Real(topExpected))
                topExpected = i;
            if (y == e || (double.IsNaN(y) && double.IsNaN(e)))
                continue;
            double difference = double.IsFinite(y) && double.IsFinite(e) ? Math.Abs(y - e) : double.PositiveInfinity;
            largest = Math.Max(largest, difference);
            double excess = difference - tolerance.Absolute - relativeTolerance * Math.Abs(e);
            if (!(excess <= 0) && (at < 0 || excess > worst))
                (worst, at) = (excess, i);
        }
        if (at >= 0)
            return (largest, string.Create(CultureInfo.InvariantCulture, $"is {given.Real(at):g6} instead of {expected.Real(at):g6} at element {at}"));
        if (tolerance.SameTop && topGiven != topExpected && expected.Real(topGiven) != expected.Real(topExpected))
            return (largest, $"has its largest element at {topGiven} instead of {topExpected}");
        return (largest, null);
    }
}
