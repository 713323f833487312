using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AccelSim.Rtl.Network;

/// <summary>
/// Foldings as a file that a user writes or edits: an object a layer, by its name, with the numbers of <see cref="StageFolding"/>. In FINN's terms
/// <c>out</c> is a matrix-vector unit's PE and <c>in</c> × <c>taps</c> its SIMD; of a depthwise unit <c>in</c> is PE and <c>taps</c> SIMD.
/// </summary>
/// <example><code>
/// {
///   "conv1": { "in": 1, "taps": 3, "out": 16 },
///   "classifier": { "in": 4, "out": 8, "stream": { "pixels": 1, "lanes": 16 } }
/// }
/// </code></example>
public static class FoldingFile
{
    public const string Name = "folding.json";

    private static readonly JsonSerializerOptions Style = new() { WriteIndented = true };

    public static void Write(string path, PipelineNetlist netlist)
    {
        var layers = new JsonObject();
        foreach (var stage in netlist.Stages)
        {
            var folding = new JsonObject { ["in"] = stage.Folding.In };
            if (StageFolding.TapChoices(stage.Shape).Count() > 1)
                folding["taps"] = stage.Folding.Taps;
            if (stage.Shape.MixesChannels)
                folding["out"] = stage.Folding.Out;
            if (stage.Folding.Packed)
                folding["packed"] = true;
            if (stage.Folding.Streaming is { } streaming)
                folding["stream"] = new JsonObject { ["pixels"] = streaming.Pixels, ["lanes"] = streaming.Lanes };
            layers[stage.Shape.Name] = folding;
        }
        File.WriteAllText(path, layers.ToJsonString(Style) + "\n");
    }

    /// <summary>A folding for each stage; a number that is not there is 1.</summary>
    /// <exception cref="FoldingException">
    /// The file is no JSON of this form, a stage is missing or not in the network, or does not allow its folding; the message names file, layer and value.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImmutableArray<StageFolding> Read(string path, StageGraph graph)
    {
        var layers = new Dictionary<string, StageFolding>();
        foreach (var layer in Object(path, Parse(path), "the file").EnumerateObject())
        {
            if (!layers.TryAdd(layer.Name, FoldingOf(path, layer)))
                throw new FoldingException($"{path}: the layer '{layer.Name}' is there twice.");
        }
        var foldings = ImmutableArray.CreateBuilder<StageFolding>(graph.Stages.Length);
        foreach (var stage in graph.Stages)
        {
            if (!layers.Remove(stage.Shape.Name, out var folding))
                throw new FoldingException($"{path}: the layer '{stage.Shape.Name}' is missing: add \"{stage.Shape.Name}\": {{ \"in\": 1 }} or what it shall be.");
            try
            {
                // The stage says what it does not allow, and the nearest that it does.
                foldings.Add(new StageDesign(stage.Shape, folding).Folding);
            }
            catch (FoldingException error)
            {
                throw new FoldingException($"{path}: {error.Message}");
            }
        }
        return layers.Count == 0
            ? foldings.MoveToImmutable()
            : throw new FoldingException($"{path}: '{graph.Graph.Name}' has no stage for {string.Join(", ", layers.Keys.Select(name => $"'{name}'"))}.");
    }

    private static JsonElement Parse(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new FoldingException(string.Create(CultureInfo.InvariantCulture, $"{path}({error.LineNumber + 1}): no JSON: {error.Message}"));
        }
    }

    private static StageFolding FoldingOf(string path, JsonProperty layer)
    {
        int @in = 1, taps = 1, @out = 1;
        bool packed = false;
        WeightStreaming? streaming = null;
        foreach (var entry in Object(path, layer.Value, $"the layer '{layer.Name}'").EnumerateObject())
        {
            switch (entry.Name)
            {
                case "in":
                    @in = Number(path, layer, entry);
                    break;
                case "taps":
                    taps = Number(path, layer, entry);
                    break;
                case "out":
                    @out = Number(path, layer, entry);
                    break;
                case "packed":
                    packed = entry.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                        ? entry.Value.GetBoolean()
                        : throw new FoldingException($"{path}: 'packed' of the layer '{layer.Name}' must be true or false, but is {entry.Value.GetRawText()}.");
                    break;
                case "stream":
                    int pixels = 1, lanes = 1;
                    foreach (var part in Object(path, entry.Value, $"'stream' of the layer '{layer.Name}'").EnumerateObject())
                        _ = part.Name switch
                        {
                            "pixels" => pixels = Number(path, layer, part),
                            "lanes" => lanes = Number(path, layer, part),
                            _ => throw new FoldingException($"{path}: 'stream' of the layer '{layer.Name}' has an entry '{part.Name}': it has 'pixels' and 'lanes'."),
                        };
                    streaming = new WeightStreaming(pixels, lanes);
                    break;
                default:
                    throw new FoldingException($"{path}: the layer '{layer.Name}' has an entry '{entry.Name}': a folding has 'in', 'taps', 'out', 'packed' and 'stream'.");
            }
        }
        return new StageFolding(@in, taps, @out) { Packed = packed, Streaming = streaming };
    }

    private static JsonElement Object(string path, JsonElement value, string what) => value.ValueKind == JsonValueKind.Object
        ? value
        : throw new FoldingException($"{path}: {what} must be an object, but is {value.GetRawText()}.");

    private static int Number(string path, JsonProperty layer, JsonProperty entry) =>
        entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int number) && number > 0
            ? number
            : throw new FoldingException($"{path}: '{entry.Name}' of the layer '{layer.Name}' must be a whole number of at least 1, but is {entry.Value.GetRawText()}.");
}
