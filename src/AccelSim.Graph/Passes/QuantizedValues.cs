namespace AccelSim.Graph.Passes;

/// <summary>
/// Which values of a graph in the making are codes and which are still float, with conversions put in, once each, where a layer reads
/// a value in the other form.
/// </summary>
internal sealed class QuantizedValues(GraphRewriter rewriter, ActivationRanges ranges, Dictionary<string, Quantization> codes)
{
    private readonly HashSet<string> _floats = [];
    private readonly Dictionary<string, string> _converted = [];

    public void AddCodes(string value, Quantization quantization) => codes.Add(value, quantization);

    public void AddFloat(string value) => _floats.Add(value);

    public Quantization CodesOf(string value) => codes[value];

    /// <summary>The value as codes: itself, or what a <see cref="Quantize"/> layer makes of it.</summary>
    public string AsCodes(string value)
    {
        if (!_floats.Contains(value))
            return value;
        var quantization = ranges.QuantizationOf(value);
        string converted = Convert(value, "quantized", new Quantize(quantization));
        codes[converted] = quantization;
        return converted;
    }

    /// <summary>The value as float32: itself, or what a <see cref="Dequantize"/> layer makes of it.</summary>
    public string AsFloat(string value) => _floats.Contains(value) ? value : Convert(value, "dequantized", new Dequantize());

    private string Convert(string value, string suffix, Operator @operator)
    {
        if (_converted.TryGetValue(value, out string? converted))
            return converted;
        converted = $"{value}/{suffix}";
        rewriter.Emit(new Layer(converted, @operator, value));
        return _converted[value] = converted;
    }
}
