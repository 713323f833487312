using AccelSim.Graph;

namespace AccelSim.Studies.Verify;

/// <summary>How a backend's values of one layer differ from the reference's, accumulated over batches.</summary>
public sealed class Difference
{
    private double _squaredError;
    private double _squaredNorm;

    /// <summary>Elements compared.</summary>
    public long Compared { get; private set; }

    /// <summary>int8: elements that are not equal. float32: elements that are not finite here or in the reference.</summary>
    public long Mismatches { get; private set; }

    public double Largest { get; private set; }

    /// <summary>‖out − ref‖₂ ÷ ‖ref‖₂.</summary>
    public double RelativeError => _squaredNorm > 0 ? Math.Sqrt(_squaredError / _squaredNorm) : _squaredError > 0 ? double.PositiveInfinity : 0;

    /// <summary>10·log₁₀(Σ ref² ÷ Σ (out − ref)²), in dB.</summary>
    public double SignalToNoise => -20 * Math.Log10(RelativeError);

    /// <summary>Codes must be equal to the byte.</summary>
    /// <exception cref="InvalidOperationException">The shapes or element types differ: a defect of the backend, not a difference in values.</exception>
    public void AddCodes(Tensor expected, Tensor actual)
    {
        RequireSameShape(expected, actual);
        var reference = expected.Int8;
        var other = actual.Int8;
        Compared += reference.Length;
        if (reference.SequenceEqual(other))
            return;
        for (int i = 0; i < reference.Length; i++)
        {
            if (reference[i] == other[i])
                continue;
            Mismatches++;
            Largest = Math.Max(Largest, Math.Abs(reference[i] - other[i]));
        }
    }

    /// <summary>Reals are compared in the 2-norm; anything that is not finite, in the reference too, is a mismatch.</summary>
    public void AddReals(Tensor expected, Tensor actual)
    {
        RequireSameShape(expected, actual);
        var reference = expected.Float32;
        var other = actual.Float32;
        Compared += reference.Length;
        for (int i = 0; i < reference.Length; i++)
            AddReal(reference[i], other[i]);
    }

    /// <summary>Codes decoded to reals against the float graph's values: the noise of quantization.</summary>
    public void AddDecoded(Tensor expected, Tensor codes, Quantization quantization)
    {
        RequireSameShape(expected, codes, sameElement: false);
        var reference = expected.Float32;
        var other = codes.Int8;
        Compared += reference.Length;
        for (int i = 0; i < reference.Length; i++)
            AddReal(reference[i], quantization.Decode(other[i]));
    }

    private void AddReal(double expected, double actual)
    {
        if (!double.IsFinite(actual) || !double.IsFinite(expected))
        {
            Mismatches++;
            Largest = double.PositiveInfinity;
            return;
        }
        double error = actual - expected;
        Largest = Math.Max(Largest, Math.Abs(error));
        _squaredError += error * error;
        _squaredNorm += expected * expected;
    }

    private static void RequireSameShape(Tensor expected, Tensor actual, bool sameElement = true)
    {
        if (expected.Shape != actual.Shape || (sameElement && expected.Element != actual.Element))
            throw new InvalidOperationException($"A backend returned {actual.Element} {actual.Shape} where the reference has {expected.Element} {expected.Shape}.");
    }
}
