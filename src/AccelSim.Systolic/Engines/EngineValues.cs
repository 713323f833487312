using System.Collections.Frozen;
using AccelSim.Graph;

namespace AccelSim.Systolic.Engines;

/// <summary>Which layers an engine does in passing, and where the values of a graph lie.</summary>
internal sealed class EngineValues
{
    private readonly LayerGraph _graph;
    private readonly EngineMemory _memory;
    private readonly FrozenDictionary<string, Layer> _makers;
    private readonly FrozenSet<string> _absorbed;
    private readonly FrozenSet<string> _rectified;
    private readonly FrozenDictionary<string, double> _depths;

    public EngineValues(LayerGraph graph, EngineMemory memory)
    {
        _graph = graph;
        _memory = memory;
        _makers = graph.Layers.ToFrozenDictionary(layer => layer.Name);
        var absorbed = new HashSet<string>();
        var rectified = new HashSet<string>();
        foreach (Layer layer in graph.Layers)
        {
            bool follows = layer.Inputs.Length > 0 && _makers.TryGetValue(layer.Inputs[0], out Layer? before) && (absorbed.Contains(before.Name) || before.Operator is not (Concat or Flatten or Reshape));
            if (follows && layer.Operator is Activation { Kind: ActivationKind.Relu or ActivationKind.Relu6 or ActivationKind.LeakyRelu or ActivationKind.Clip })
            {
                absorbed.Add(layer.Name);
                rectified.Add(layer.Name);
            }
            else if (layer.Operator is BatchNormalization && MadeByProduct(layer.Inputs[0]))
            {
                absorbed.Add(layer.Name);
            }
            else if (layer.Operator is IClamped { Clamp: not ClampKind.None }
                || (layer.Operator is MaxPool or LocalResponseNormalization or Flatten or Reshape or Concat && layer.Inputs.All(rectified.Contains)))
            {
                // Poolings, normalizations across channels, views and concatenations leave a zero where they find one.
                rectified.Add(layer.Name);
            }
        }
        _absorbed = absorbed.ToFrozenSet();
        _rectified = rectified.ToFrozenSet();
        _depths = DepthsOf(graph);
    }

    /// <summary>Layers that the one before does in passing.</summary>
    public IReadOnlySet<string> Absorbed => _absorbed;

    /// <summary>Whether the layer before does it in passing.</summary>
    public bool IsAbsorbed(Layer layer) => _absorbed.Contains(layer.Name);

    /// <summary>Bytes of a value in the engine's elements.</summary>
    public long BytesOf(string value) => _graph.TypeOf(value).Shape.Elements * _memory.ElementBytes;

    /// <summary>Whether a value stays on the chip from the layer that makes it to those that read it: what has room beside its successor does.</summary>
    public bool IsKept(string value) => _makers.ContainsKey(value) && 2 * BytesOf(value) <= _memory.KeepBytes;

    /// <summary>Compressed ÷ plain bytes of a value: runs of zeros, as a rectifier leaves them, are what compresses.</summary>
    public double ShareOf(string value) => _memory.RunLength is { } coding && IsRectified(value) ? coding.ShareAt(_depths.GetValueOrDefault(value)) : 1;

    // Convolutions up to a value ÷ all of them; the last of several paths counts.
    private static FrozenDictionary<string, double> DepthsOf(LayerGraph graph)
    {
        var passed = new Dictionary<string, int>();
        foreach (Layer layer in graph.Layers)
            passed[layer.Name] = layer.Inputs.Select(input => passed.GetValueOrDefault(input)).DefaultIfEmpty(0).Max() + (layer.Operator is Convolution ? 1 : 0);
        double all = Math.Max(1, passed.Values.DefaultIfEmpty(0).Max());
        return passed.ToFrozenDictionary(value => value.Key, value => value.Value / all);
    }

    // What a product makes leaves the chip only as the rectifier behind it lets it through.
    private bool IsRectified(string value) => _rectified.Contains(value) || _graph.Consumers(value).Any(layer => IsAbsorbed(layer) && IsRectified(layer.Name));

    private bool MadeByProduct(string value) => _makers.TryGetValue(value, out Layer? maker) && maker.Operator is Convolution or FullyConnected or TransposedConvolution or MatrixProduct;
}
