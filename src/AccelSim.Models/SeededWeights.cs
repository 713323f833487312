using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>
/// Weights that a seed determines on every machine: He's normal initialization (He et al., "Delving Deep into Rectifiers", ICCV 2015)
/// for weights, and batch normalization statistics that are near identity but not identity, so that folding has something to fold.
/// </summary>
public static class SeededWeights
{
    /// <exception cref="GraphException">The graph is quantized: its weights go with its multipliers.</exception>
    public static LayerGraph WithSeededWeights(this LayerGraph graph, ulong seed)
    {
        if (graph.IsQuantized)
            throw new GraphException($"'{graph.Name}' is quantized already: give the float graph.");
        var data = new Dictionary<string, Tensor>();
        foreach (var layer in graph.Layers)
        {
            for (int i = 0; i < layer.Constants.Length; i++)
            {
                var constant = graph.Constants[layer.Constants[i]];
                // A constant's stream depends on its name, so that a change elsewhere in the network leaves it alone.
                var random = new NormalNumbers(seed ^ StableHash(constant.Name));
                data[constant.Name] = Make(layer.Operator, layer.Operator.ConstantRoles[i], constant.Type.Shape, random);
            }
        }
        return graph.WithData(data);
    }

    private static Tensor Make(Operator @operator, string role, Shape shape, NormalNumbers random)
    {
        var values = new float[shape.Elements];
        int fanIn = checked((int)(shape.Elements / shape[0]));
        for (int i = 0; i < values.Length; i++)
        {
            double normal = random.Next();
            values[i] = (float)(role switch
            {
                "weight" when @operator is Convolution convolution && !convolution.Connects(i / fanIn, i % fanIn / convolution.Kernel.Area) => 0,
                "weight" => normal * Math.Sqrt(2.0 / fanIn),
                "gamma" => 1 + 0.1 * normal,
                "variance" => Math.Exp(0.2 * normal),
                // The centres of 1998 are bitmaps of −1 and +1.
                "centre" => normal < 0 ? -1 : 1,
                _ => 0.1 * normal,
            });
        }
        return Tensor.Of(shape, values);
    }

    /// <summary>64-bit FNV-1a.</summary>
    private static ulong StableHash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
