using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>Measures which kernels compute a graph's convolutions and fully connected layers fastest on a device.</summary>
public static class GpuTuner
{
    /// <summary>
    /// Times every kernel that there is for each shape of the graph on the shape alone (the shortest of <paramref name="repetitions"/> runs), lets
    /// <paramref name="backend"/> use the fastest from now on, and keeps them in <paramref name="file"/>. Shapes that were measured before are not measured again.
    /// A kernel that the device refuses is passed over.
    /// </summary>
    /// <returns>What was measured now, by shape.</returns>
    /// <exception cref="GpuException">The device failed.</exception>
    public static IReadOnlyDictionary<string, TunedKernel> Tune(
        GpuBackend backend, LayerGraph graph, string? file = null, int repetitions = 7, IProgress<(int Done, int All)>? progress = null, CancellationToken cancellation = default)
    {
        var shapes = backend.StepsOf(graph).Select(step => (Step: step, Problem: GpuBackend.ProblemOf(graph, step)))
            .Where(part => part.Problem is not null && backend.Profile.Choices(part.Problem).Count > 1 && backend.Tuning.Choice(part.Problem) is null)
            .DistinctBy(part => part.Problem!.Key).ToList();
        var measured = new Dictionary<string, TunedKernel>();
        var before = backend.Tuning;
        try
        {
            foreach (var (step, problem) in shapes)
            {
                measured[problem!.Key] = Fastest(backend, Alone(graph, step), problem, repetitions, cancellation);
                progress?.Report((measured.Count, shapes.Count));
            }
        }
        finally
        {
            // Also after an interruption: what was measured is as good as it would have been.
            backend.Tuning = before.With(measured);
            if (measured.Count > 0)
                backend.Tuning.Save(backend.Device, file ?? TuningTable.FileOf(backend.Device));
        }
        return measured;
    }

    private static TunedKernel Fastest(GpuBackend backend, LayerGraph graph, ProductProblem problem, int repetitions, CancellationToken cancellation)
    {
        var inputs = graph.Inputs.ToDictionary(input => input.Name, input => input.Type.Element == ElementType.Int8
            ? Tensor.Of(input.Type.Shape, new sbyte[input.Type.Shape.Elements])
            : Tensor.Of(input.Type.Shape, new float[input.Type.Shape.Elements]));
        var choices = backend.Profile.Choices(problem);
        double[] seconds = [.. choices.Select(choice =>
        {
            cancellation.ThrowIfCancellationRequested();
            backend.Tuning = TuningTable.Empty.With([new(problem.Key, new TunedKernel(choice.ToString(), 0, 0))]);
            try
            {
                using var executor = backend.Compile(graph);
                return executor.Latencies(inputs, repetitions, cancellation).Min();
            }
            catch (GpuException) when (choice != choices[0])
            {
                return double.PositiveInfinity;
            }
        })];
        int best = Array.IndexOf(seconds, seconds.Min());
        return new TunedKernel(choices[best].ToString(), seconds[best], seconds[0]);
    }

    /// <summary>The layers of a step as a graph of their own.</summary>
    private static LayerGraph Alone(LayerGraph graph, ScheduledStep step)
    {
        var constants = step.Operands.Where(graph.Constants.ContainsKey).Distinct().ToList();
        return new LayerGraph(
            step.Value,
            step.Operands.Except(constants).Select(value => new GraphInput(value, graph.TypeOf(value))),
            constants.Select(name => graph.Constants[name]),
            step.Layers,
            [step.Value]);
    }
}
