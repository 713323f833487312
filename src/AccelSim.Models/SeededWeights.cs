using System.Collections.Concurrent;
using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>
/// Weights that a seed determines on every machine: He's normal initialization (He et al., "Delving Deep into Rectifiers", ICCV 2015)
/// for weights; for batch normalization the statistics that its input is expected to have, not quite, so that folding has something to fold
/// and a thousand layers neither vanish nor overflow; a few stored patterns for a Hopfield network.
/// </summary>
public static class SeededWeights
{
    /// <exception cref="GraphException">The graph is quantized: its weights go with its multipliers.</exception>
    public static LayerGraph WithSeededWeights(this LayerGraph graph, ulong seed)
    {
        if (graph.IsQuantized)
            throw new GraphException($"'{graph.Name}' is quantized already: give the float graph.");
        var moments = ExpectedMoments.Of(graph);
        var data = new ConcurrentDictionary<string, Tensor>();
        var constants = graph.Layers.SelectMany(layer => layer.Constants.Select((name, index) => (Layer: layer, Name: name, Role: layer.Operator.ConstantRoles[index])));
        Parallel.ForEach(constants.Where(constant => graph.Constants.ContainsKey(constant.Name)), constant =>
        {
            // A constant's stream depends on its name, so that a change elsewhere in the network leaves it alone.
            var random = new NormalNumbers(seed ^ StableHash(constant.Name));
            double power = constant.Layer.Inputs.IsEmpty ? 1 : moments[constant.Layer.Inputs[0]].Power;
            var shape = graph.Constants[constant.Name].Type.Shape;
            data[constant.Name] = Tensor.Of(shape, Make(constant.Layer.Operator, constant.Role, shape, power, random));
        });
        return graph.WithData(data);
    }

    private static float[] Make(Operator @operator, string role, Shape shape, double inputPower, NormalNumbers random)
    {
        if (@operator is HopfieldSweep)
            return StoredPatterns(shape[0], random);
        var values = new float[shape.Elements];
        double fanIn = (double)shape.Elements / shape[0];
        Func<double, double> valueOf = role switch
        {
            // What goes into a sigmoid or a hyperbolic tangent keeps its variance (LeCun et al., "Efficient BackProp", 1998).
            "input_weight" or "recurrent_weight" => Scaled(Math.Sqrt(1 / fanIn)),
            "weight" when @operator is BoltzmannLayer => Scaled(Math.Sqrt(1 / fanIn)),
            "weight" => Scaled(Math.Sqrt(2 / fanIn)),
            "gamma" => normal => 1 + 0.1 * normal,
            "mean" => Scaled(0.1 * Math.Sqrt(inputPower)),
            "variance" => normal => inputPower * Math.Exp(0.2 * normal),
            // The centres of 1998 are bitmaps of −1 and +1.
            "centre" => normal => normal < 0 ? -1 : 1,
            _ => Scaled(0.1),
        };
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)valueOf(random.Next());
        if (role == "weight" && @operator is Convolution { ConnectionTable.IsDefaultOrEmpty: false } partial)
            RemoveMissing(values, shape, partial);
        return values;

        static Func<double, double> Scaled(double factor) => normal => factor * normal;
    }

    /// <summary>Weights that the connection table does not have are 0.</summary>
    private static void RemoveMissing(float[] weights, Shape shape, Convolution partial)
    {
        int area = partial.Kernel.Area, inputs = shape[1];
        for (int filter = 0; filter < shape[0] * inputs; filter++)
        {
            if (!partial.Connects(filter / inputs, filter % inputs))
                weights.AsSpan(filter * area, area).Clear();
        }
    }

    /// <summary>Hebb's rule over random patterns, half as many as the network can hold: symmetric, with a zero diagonal (Hopfield, PNAS 1982).</summary>
    private static float[] StoredPatterns(int units, NormalNumbers random)
    {
        var values = new float[(long)units * units];
        var pattern = new float[units];
        for (int stored = 0; stored < Math.Max(1, (int)(0.069 * units)); stored++)
        {
            for (int i = 0; i < units; i++)
                pattern[i] = random.Next() < 0 ? -1 : 1;
            for (int i = 0; i < units; i++)
            {
                for (int j = 0; j < units; j++)
                    values[(long)i * units + j] += i == j ? 0 : pattern[i] * pattern[j] / units;
            }
        }
        return values;
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
