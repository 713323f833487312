using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Import.Recognition;

/// <summary>
/// Operators that move bytes commute with quantization: Dequantize goes below them and Quantize above them, so that what computes stands between the two.
/// </summary>
internal static class QuantizationMovement
{
    public static void Apply(Draft draft, IReadOnlyCollection<string> outputs)
    {
        Lower(draft, outputs);
        while (Raise(draft, outputs))
        {
        }
    }

    /// <summary>move(dequantize(q)) becomes dequantize(move(q)).</summary>
    private static void Lower(Draft draft, IReadOnlyCollection<string> outputs)
    {
        var readers = new DraftReaders(draft, outputs);
        var layers = new List<DraftLayer>();
        foreach (var layer in draft.Layers)
        {
            if (Moves(layer.Operator) && readers.Live.Contains(layer.Name) && layer.Inputs.Select(readers.Producer).ToList() is var producers
                && producers.TrueForAll(producer => producer is { Operator: Dequantize })
                && producers.Select(producer => draft.TypeOf(producer!.Inputs[0]).Quantization).Distinct().Count() == 1
                && KeepsReals(layer.Operator, draft.TypeOf(producers[0]!.Inputs[0]).Quantization!.Value))
            {
                var moved = draft.Make($"{layer.Name}/codes", layer.Operator, producers.Select(producer => producer!.Inputs[0]), [], layer.Place);
                layers.Add(moved);
                readers.Add(moved);
                draft.Rewrite(layer, new Dequantize(), [moved.Name]);
            }
            layers.Add(layer);
        }
        draft.Reorder(layers);
    }

    /// <summary>quantize(move(x)) becomes move(quantize(x)). True when something changed.</summary>
    private static bool Raise(Draft draft, IReadOnlyCollection<string> outputs)
    {
        var readers = new DraftReaders(draft, outputs);
        var layers = new List<DraftLayer>();
        bool changed = false;
        foreach (var layer in draft.Layers)
        {
            if (layer.Operator is Quantize quantize && readers.Live.Contains(layer.Name) && readers.IsReadOnce(layer.Inputs[0])
                && readers.Producer(layer.Inputs[0]) is { } mover && Moves(mover.Operator) && draft.TypeOf(mover.Inputs[0]).Element == ElementType.Float32
                && KeepsReals(mover.Operator, quantize.Output)
                && !(mover.Operator is Concat && mover.Inputs.TrueForAll(input => readers.Producer(input) is { Operator: Dequantize })))
            {
                string[] codes = [.. mover.Inputs.Select(input =>
                {
                    var made = draft.Make($"{input}/codes", quantize, [input], [], layer.Place);
                    layers.Add(made);
                    return made.Name;
                })];
                draft.Rewrite(layer, mover.Operator, codes);
                changed = true;
            }
            layers.Add(layer);
        }
        draft.Reorder(layers);
        return changed;
    }

    private static bool Moves(Operator @operator) =>
        @operator is Slice or Transpose or Reshape or Flatten or Gather or ChannelShuffle or MaxPool or Pad or Concat { Integer: null };

    /// <summary>A padding value must be a code.</summary>
    private static bool KeepsReals(Operator @operator, Quantization quantization) =>
        @operator is not Pad { Mode: PadMode.Constant } pad || (float)quantization.Decode(quantization.Encode(pad.Value)) == (float)pad.Value;
}
