using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AccelSim.Rtl.Network;

/// <summary>A memory of a pipeline that its control port can write.</summary>
/// <param name="Layer">Whose it is.</param>
/// <param name="Kind">weights, requant, scalars or table.</param>
/// <param name="Select">What the host writes to LOAD_SELECT: four times the stage's number, and the kind.</param>
/// <param name="Words">Words, the first first.</param>
/// <param name="Bits">Bits of a word.</param>
/// <param name="File">Its image, a word a line.</param>
public sealed record LoadableMemory(string Layer, string Kind, int Select, long Words, int Bits, string File)
{
    /// <summary>Writes of 32 bits that make a word, the lowest first.</summary>
    public int Parts => (Bits + 31) / 32;

    /// <summary>Its name in Verilog and C.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);
}

/// <summary>Where the control port of a pipeline finds what: the memories that it can write, and the number that names the network.</summary>
public static class LoadMap
{
    /// <summary>Bits of a stage's number on the load bus.</summary>
    private const int MaxStages = 256;

    private static readonly ImmutableArray<string> Kinds = [NetworkImages.Weights, NetworkImages.Requant, NetworkImages.Scalars, NetworkImages.Table];

    private static readonly JsonSerializerOptions Style = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Whether a stage has a memory.</summary>
    public static bool HasMemory(StageShape shape) => shape.Kind is not (StageKind.MaxPool or StageKind.Slice);

    /// <exception cref="RtlException">There are more stages than the bus has numbers for.</exception>
    public static ImmutableArray<LoadableMemory> Of(PipelineNetlist netlist)
    {
        if (netlist.Stages.Length > MaxStages)
            throw new RtlException($"'{netlist.Graph.Graph.Name}' has {netlist.Stages.Length} stages: a control port loads at most {MaxStages}.");
        return [.. netlist.Parts.OfType<StagePart>().SelectMany(Of)];
    }

    /// <summary>Of structure, foldings and constants: two pipelines with one number do the same.</summary>
    public static string Hash(PipelineNetlist netlist)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in netlist.Parts.OfType<StagePart>())
        {
            var node = netlist.Graph.Stages[part.Number];
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{node.Shape} {part.Design.Folding}\n")));
            foreach (string constant in node.Layer.Constants)
            {
                var value = netlist.Graph.Graph.Constants[constant].Value;
                hash.AppendData(value.Element == Graph.ElementType.Int8 ? MemoryMarshal.AsBytes(value.Int8) : MemoryMarshal.AsBytes(value.Int32));
            }
        }
        return BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset()).ToString("x16", CultureInfo.InvariantCulture);
    }

    internal static void WriteJson(string path, PipelineNetlist netlist) =>
        File.WriteAllText(path, JsonSerializer.Serialize(new { Network = netlist.Graph.Graph.Name, Hash = Hash(netlist), Memories = Of(netlist) }, Style) + "\n");

    private static IEnumerable<LoadableMemory> Of(StagePart part)
    {
        var (design, shape, folding) = (part.Design, part.Design.Shape, part.Design.Folding);
        if (!HasMemory(shape))
            yield break;
        int atOnce = folding.In * folding.Taps * folding.Out;
        // packed_weights has no load bus: pairs are made behind its memory's own register.
        if (shape.HasWeights && folding is { Streaming: null, Packed: false })
            yield return Memory(NetworkImages.Weights, shape.Weights / atOnce, atOnce * shape.WeightBits);
        if (shape.Kind is not (StageKind.Add or StageKind.Scale or StageKind.Pad or StageKind.Concat))
            yield return Memory(NetworkImages.Requant, shape.OutChannels / design.ResultLanes, design.ResultLanes * (32 + shape.MultiplierBits + 6));
        yield return Memory(NetworkImages.Scalars, 1, shape.Kind switch
        {
            StageKind.Add => 46 + 2 * shape.MultiplierBits,
            StageKind.Concat => 52 + 2 * shape.MultiplierBits,
            StageKind.Scale => 46 + shape.MultiplierBits,
            StageKind.Pad => 8,
            _ => 32,
        });
        if (shape.Table)
            yield return Memory(NetworkImages.Table, 256, 8);

        LoadableMemory Memory(string kind, long words, int bits) =>
            new(shape.Name, kind, 4 * part.Number + Kinds.IndexOf(kind), words, bits, NetworkImages.FileOf(part, kind));
    }
}
