using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>
/// The kernels that a software stack makes of a graph. A layer joins the kernel of a value that nothing else reads, so that the value stays in registers.
/// </summary>
internal sealed class KernelPlan
{
    private readonly Dictionary<string, GpuKernel> _kernelOf = [];
    private readonly LayerGraph _graph;
    private readonly Dictionary<string, int> _readers = [];

    private KernelPlan(LayerGraph graph)
    {
        _graph = graph;
        Owners = graph.Owners();
        foreach (string value in graph.Layers.Where(layer => !layer.Operator.IsView()).SelectMany(layer => layer.Operands).Concat(graph.Outputs).Where(Owners.ContainsKey))
            _readers[Owners[value]] = _readers.GetValueOrDefault(Owners[value]) + 1;
    }

    /// <summary>In the order in which they run. Views have none.</summary>
    public List<GpuKernel> Kernels { get; } = [];

    public IReadOnlyDictionary<string, string> Owners { get; }

    /// <summary>The kernels that read a value; null stands for the caller, who reads the outputs.</summary>
    public Dictionary<string, HashSet<GpuKernel?>> ReadBy { get; } = [];

    public static KernelPlan Of(LayerGraph graph, KernelFusion fusion)
    {
        var plan = new KernelPlan(graph);
        foreach (var layer in graph.Layers.Where(layer => !layer.Operator.IsView()))
            plan.Place(layer, fusion);
        if (fusion == KernelFusion.Epilogue)
        {
            // Whoever makes a part of a concatenation writes it in its place.
            plan.Kernels.RemoveAll(kernel => kernel.Layers is [{ Operator: Concat }]);
        }
        foreach (var kernel in plan.Kernels)
        {
            foreach (string operand in kernel.Layers.SelectMany(layer => layer.Operands).Where(plan.Owners.ContainsKey))
                plan.ReadersOf(plan.Owners[operand]).Add(kernel);
        }
        foreach (string output in graph.Outputs)
            plan.ReadersOf(plan.Owners[output]).Add(null);
        return plan;
    }

    private HashSet<GpuKernel?> ReadersOf(string value)
    {
        if (!ReadBy.TryGetValue(value, out var readers))
            ReadBy[value] = readers = [];
        return readers;
    }

    private void Place(Layer layer, KernelFusion fusion)
    {
        var hosts = fusion == KernelFusion.None ? [] : layer.Operands.Distinct()
            .Where(operand => _kernelOf.TryGetValue(operand, out var kernel) && kernel.Result == operand && _readers[operand] == 1 && Joins(fusion, layer, kernel))
            .Select(operand => _kernelOf[operand]).Distinct().ToList();
        if (fusion == KernelFusion.Epilogue && hosts.Count > 1)
            hosts = [hosts.MaxBy(Kernels.IndexOf)!];
        if (hosts.Count == 0)
        {
            _kernelOf[layer.Name] = new GpuKernel(layer);
            Kernels.Add(_kernelOf[layer.Name]);
            return;
        }
        // The last of the joined kernels can run when the others would have: all inputs are there.
        var host = hosts.MaxBy(Kernels.IndexOf)!;
        var earlier = hosts.Where(other => other != host).OrderBy(Kernels.IndexOf).ToList();
        host.Layers.InsertRange(0, earlier.SelectMany(other => other.Layers));
        host.Layers.Add(layer);
        foreach (var other in earlier)
            Kernels.Remove(other);
        foreach (var member in host.Layers)
            _kernelOf[member.Name] = host;
    }

    private bool Joins(KernelFusion fusion, Layer layer, GpuKernel kernel) => fusion == KernelFusion.Epilogue
        ? layer.Operator is BatchNormalization or Activation or Add or Arithmetic && HasProduct(kernel) && SameShape(layer, kernel)
        : IsElementwise(layer.Operator) && kernel.Layers.All(member => IsElementwise(member.Operator)) && (layer.Operator is Concat || SameShape(layer, kernel));

    private static bool HasProduct(GpuKernel kernel) =>
        kernel.Layers.Any(layer => layer.Operator is Convolution or FullyConnected or TransposedConvolution or MatrixProduct);

    private bool SameShape(Layer layer, GpuKernel kernel) => _graph.TypeOf(layer.Name).Shape.Elements == _graph.TypeOf(kernel.Result).Shape.Elements;

    private static bool IsElementwise(Operator layer) =>
        layer is BatchNormalization or Activation or ActivationGradient or Add or Multiply or Arithmetic or Concat or Quantize or Dequantize;
}
