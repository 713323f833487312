namespace AccelSim.Models.Onnx.Import.Recognition;

/// <summary>Who produces and who reads each value, layers that no output depends on left out.</summary>
internal sealed class DraftReaders
{
    private readonly Dictionary<string, DraftLayer> _producers = [];
    private readonly Dictionary<string, int> _reads = [];

    public DraftReaders(Draft draft, IReadOnlyCollection<string> outputs)
    {
        Outputs = [.. outputs];
        var live = outputs.ToHashSet();
        foreach (string output in outputs)
            _reads[output] = 1;
        foreach (var layer in draft.Layers.Reverse())
        {
            _producers[layer.Name] = layer;
            if (!live.Contains(layer.Name))
                continue;
            foreach (string value in layer.Reads)
            {
                live.Add(value);
                _reads[value] = _reads.GetValueOrDefault(value) + 1;
            }
        }
        Live = live;
    }

    public HashSet<string> Outputs { get; }

    /// <summary>Values that an output depends on.</summary>
    public IReadOnlySet<string> Live { get; }

    /// <summary>The layer behind a value, or null for an input.</summary>
    public DraftLayer? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The layer behind a value when its operator is of a type.</summary>
    public T? OperatorOf<T>(string value, out DraftLayer layer)
        where T : Graph.Operator
    {
        layer = Producer(value)!;
        return layer?.Operator as T;
    }

    /// <summary>One reader, and not an output.</summary>
    public bool IsReadOnce(string value) => _reads.GetValueOrDefault(value) == 1 && !Outputs.Contains(value);

    /// <summary>Counts a layer made since.</summary>
    public void Add(DraftLayer layer) => _producers[layer.Name] = layer;
}
