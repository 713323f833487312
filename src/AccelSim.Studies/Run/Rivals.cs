using AccelSim.Graph;
using AccelSim.Reference;

namespace AccelSim.Studies.Run;

/// <summary>Software that users have, to run the same network in the same process.</summary>
public static class Rivals
{
    public const string Torch = "torch";
    public const string OnnxRuntime = "ort";

    /// <summary>libtorch's and ONNX Runtime's threads: the cores of the machine that the targets of docs/gpu-executor.md are stated for.</summary>
    public const int Threads = 2;

    /// <summary>Opens one by name.</summary>
    /// <exception cref="GraphException">There is none of that name, or it cannot run the graph.</exception>
    internal static (IExecutor Executor, string Name, string Note) Open(string name, LayerGraph graph) => name switch
    {
        Torch when graph.IsQuantized => throw new GraphException("--compare torch takes float32 graphs: libtorch has no exact int8 convolution of its own to time."),
        Torch => (new ReferenceBackend().Compile(graph), "TorchSharp", $"libtorch, {Threads} threads, layer by layer; oneDNN off, because its convolutions in this libtorch give wrong results (docs/traps.md)"),
        OnnxRuntime => (new OnnxRuntimeExecutor(graph, Threads), "ONNX Runtime", $"CPU provider, {Threads} threads, all graph optimizations, the graph exported by accelsim"),
        _ => throw Unknown(name),
    };

    internal static GraphException Unknown(string name) => new($"--compare {name} is unknown: choose {Torch}, {OnnxRuntime}, or both, comma-separated.");
}
