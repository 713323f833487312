using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>Mean and variance over the elements of a value.</summary>
internal readonly record struct Moments(double Mean, double Variance)
{
    /// <summary>The mean square.</summary>
    public double Power => Mean * Mean + Variance;
}

/// <summary>
/// The mean and variance that each value of a network has under <see cref="SeededWeights"/> and an input of unit variance, as if elements
/// were independent and normal. With them batch normalization gets statistics that really normalize, as a trained network's do:
/// without, the sums of 600 residual blocks double at each block and leave float32 (Hanin and Rolnick, "How to Start Training", NeurIPS 2018).
/// </summary>
internal static class ExpectedMoments
{
    private static readonly Moments Normalized = new(0, 1);

    public static IReadOnlyDictionary<string, Moments> Of(LayerGraph graph)
    {
        var moments = graph.Inputs.ToDictionary(input => input.Name, _ => Normalized);
        foreach (var layer in graph.Layers)
        {
            Moments[] inputs = [.. layer.Inputs.Select(input => moments[input])];
            var result = After(graph, layer, inputs);
            if (layer.Operator is IClamped { Clamp: not ClampKind.None and var clamp })
                result = Through(x => Math.Clamp(x, clamp.Low(), clamp.High()), result);
            moments[layer.Name] = result;
        }
        return moments;
    }

    private static Moments After(LayerGraph graph, Layer layer, Moments[] inputs) => layer.Operator switch
    {
        BatchNormalization => Normalized,
        // He's weights of variance 2 ÷ fan-in.
        Convolution or FullyConnected or TransposedConvolution => new Moments(0, 2 * inputs[0].Power),
        Activation activation => Through(x => activation.Kind.Evaluate(x, activation.Alpha, activation.Beta), inputs[0]),
        Add => new Moments(inputs.Sum(input => input.Mean), inputs.Sum(input => input.Variance)),
        Multiply => new Moments(inputs[0].Mean * inputs[1].Mean, inputs[0].Power * inputs[1].Power - Math.Pow(inputs[0].Mean * inputs[1].Mean, 2)),
        Concat concat => Mixture(inputs, layer.Inputs.Select(input => (double)graph.TypeOf(input).Shape[concat.Axis])),
        { FewestInputs: 0 } => Normalized,
        _ => inputs[0],
    };

    private static Moments Mixture(Moments[] parts, IEnumerable<double> sizes)
    {
        double[] weights = [.. sizes];
        double total = weights.Sum();
        double mean = parts.Zip(weights, (part, weight) => part.Mean * weight).Sum() / total;
        return new Moments(mean, parts.Zip(weights, (part, weight) => part.Power * weight).Sum() / total - mean * mean);
    }

    /// <summary>The moments of a function of a normal variable, by the midpoint rule over six standard deviations.</summary>
    private static Moments Through(Func<double, double> function, Moments input)
    {
        const int points = 120;
        const double reach = 6, step = 2 * reach / points;
        double mean = 0, power = 0, total = 0;
        for (int i = 0; i < points; i++)
        {
            double z = -reach + (i + 0.5) * step, density = Math.Exp(-z * z / 2), y = function(input.Mean + z * Math.Sqrt(input.Variance));
            // Outside the domain of a logarithm or a reciprocal there is nothing to expect.
            if (!double.IsFinite(y))
                continue;
            (mean, power, total) = (mean + density * y, power + density * y * y, total + density);
        }
        return total == 0 ? Normalized : new Moments(mean / total, Math.Max(0, power / total - mean / total * (mean / total)));
    }
}
