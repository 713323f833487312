namespace AccelSim.Graph;

/// <summary>What a layer needs whatever executes it, for the graph's batch.</summary>
/// <param name="Macs">Multiply-accumulates of convolution and fully connected layers.</param>
/// <param name="Parameters">Learnable values.</param>
/// <param name="ConstantBytes">Bytes of all its constants.</param>
/// <param name="InputBytes">Bytes of the activations that it reads.</param>
/// <param name="OutputBytes">Bytes of the activation that it writes.</param>
public readonly record struct LayerCost(long Macs, long Parameters, long ConstantBytes, long InputBytes, long OutputBytes)
{
    public static LayerCost operator +(LayerCost a, LayerCost b) => new(
        a.Macs + b.Macs, a.Parameters + b.Parameters, a.ConstantBytes + b.ConstantBytes, a.InputBytes + b.InputBytes, a.OutputBytes + b.OutputBytes);
}

public static class LayerCosts
{
    public static LayerCost CostOf(this LayerGraph graph, Layer layer)
    {
        var inputs = graph.InputTypes(layer);
        var constants = graph.ConstantTypes(layer);
        var output = graph.TypeOf(layer.Name);
        return new LayerCost(
            layer.Operator.Macs(inputs, constants, output),
            layer.Operator.Parameters(constants),
            layer.Constants.Where(graph.Constants.ContainsKey).Sum(constant => graph.TypeOf(constant).Bytes),
            layer.Operands.Where(operand => !graph.Constants.ContainsKey(operand)).Sum(operand => graph.TypeOf(operand).Bytes),
            output.Bytes);
    }

    public static LayerCost TotalCost(this LayerGraph graph) =>
        graph.Layers.Aggregate(default(LayerCost), (sum, layer) => sum + graph.CostOf(layer));

    /// <summary>Matrices and kernels of weights, the "weighted layers" of the literature (the rule of zoo-reference.csv).</summary>
    public static int WeightedLayers(this LayerGraph graph) => graph.Layers.Sum(layer => layer.Operator.WeightKernels);

    /// <summary>The largest sum of activations alive at once when each is freed after its last reader: a lower bound on activation memory.</summary>
    public static long PeakActivationBytes(this LayerGraph graph)
    {
        var lastUse = new Dictionary<string, int>();
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            foreach (string value in graph.Layers[i].Operands)
                lastUse[value] = i;
        }
        foreach (string output in graph.Outputs)
            lastUse[output] = int.MaxValue;
        var alive = graph.Inputs.ToDictionary(input => input.Name, input => input.Type.Bytes);
        long peak = alive.Values.Sum();
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            var layer = graph.Layers[i];
            alive[layer.Name] = graph.TypeOf(layer.Name).Bytes;
            peak = Math.Max(peak, alive.Values.Sum());
            foreach (string value in alive.Keys.Where(value => lastUse.GetValueOrDefault(value, -1) <= i).ToList())
                alive.Remove(value);
        }
        return peak;
    }
}
