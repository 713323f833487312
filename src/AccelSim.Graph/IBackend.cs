namespace AccelSim.Graph;

/// <summary>Something that executes graphs: the reference, the GPU executor, the systolic simulator.</summary>
public interface IBackend
{
    /// <summary>For tables and messages, such as <c>reference</c> or <c>gpu opencl:0</c>.</summary>
    string Name { get; }

    /// <summary>Prepares a graph with weights: uploads constants, plans memory, compiles kernels.</summary>
    /// <exception cref="UnsupportedOperatorException">A layer has no implementation here.</exception>
    IExecutor Compile(LayerGraph graph);
}

public interface IExecutor : IDisposable
{
    /// <summary>
    /// Executes the graph once on inputs of exactly its types. Returns the graph's outputs, or with
    /// <paramref name="everyLayer"/> every layer's value by name. The backend feeds each layer its own earlier results.
    /// </summary>
    /// <exception cref="GraphException">An input is missing or has another type.</exception>
    IReadOnlyDictionary<string, Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs, bool everyLayer = false, CancellationToken cancellation = default);
}

public static class Executors
{
    /// <summary>Checks that the inputs are those that the graph declares; backends call it first.</summary>
    /// <exception cref="GraphException">An input is missing or has another type.</exception>
    public static void CheckInputs(this LayerGraph graph, IReadOnlyDictionary<string, Tensor> inputs)
    {
        foreach (var input in graph.Inputs)
        {
            if (!inputs.TryGetValue(input.Name, out var tensor))
                throw new GraphException($"The input '{input.Name}' of '{graph.Name}' was not given.");
            if (tensor.Shape != input.Type.Shape || tensor.Element != input.Type.Element)
                throw new GraphException($"The input '{input.Name}' of '{graph.Name}' must be {input.Type}, but is {tensor.Element} {tensor.Shape}.");
        }
    }
}
