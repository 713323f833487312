using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Rtl.Network;

namespace AccelSim.Rtl.Hls;

/// <summary>
/// The constants of a pipeline as C++: the scalars of a stage, which go into its parameters, and its arrays, whose first index is the word
/// of the Verilog's memory and whose others are the lanes in it.
/// </summary>
internal static class HlsConstants
{
    private const string Weights = "weights", Bias = "bias", Multiplier = "multiplier", Places = "places", Table = "table";

    /// <summary>What the values that are shifted have beyond a multiplier's bits: a biased sum, a sum of two centred codes' products, a product of two centred codes, a centred code.</summary>
    private const int SumBits = 32, AddBits = 10, ScaleBits = 18, ConcatBits = 9;

    private static bool HasRequantizer(StageKind kind) => kind is not (StageKind.Add or StageKind.Scale or StageKind.Concat or StageKind.MaxPool or StageKind.Slice or StageKind.Pad);

    private static bool HoldsWeights(StageDesign design) => design.Shape.HasWeights && design.Folding.Streaming is null;

    /// <summary>The arrays that the cell of a stage takes, its table left out.</summary>
    public static IEnumerable<string> ArraysOf(StagePart stage)
    {
        var shape = stage.Design.Shape;
        if (HoldsWeights(stage.Design))
            yield return Name(stage, Weights);
        if (!HasRequantizer(shape.Kind))
            yield break;
        foreach (string array in new[] { Bias, Multiplier, Places })
            yield return Name(stage, array);
    }

    /// <summary>The array of a stage's activation table.</summary>
    public static string TableOf(StagePart stage) => Name(stage, Table);

    /// <summary>The header with a stage's arrays, or null where it has none.</summary>
    public static string? FileOf(StagePart stage) => HasRequantizer(stage.Design.Shape.Kind) ? $"{stage.Name}.h" : null;

    /// <summary>Padding value, zero point and limits of a stage; of an add also its multipliers, shift and operands' zero points.</summary>
    /// <exception cref="RtlException">The layer is not quantized.</exception>
    public static ImmutableArray<(string Name, long Value)> ScalarsOf(LayerGraph graph, StageNode node)
    {
        if (node.Layer.Operator is Add { Integer: { } add })
        {
            var operands = graph.InputTypes(node.Layer);
            return
            [
                ("ZeroPointA", operands[0].Quantization!.Value.ZeroPoint),
                ("ZeroPointB", operands[1].Quantization!.Value.ZeroPoint),
                ("MultiplierA", add.MultiplierA),
                ("MultiplierB", add.MultiplierB),
                ("Places", PlacesOf(add.Shift, AddBits + add.MultiplierBits)),
                ("ZeroPoint", add.Output.ZeroPoint),
                ("Low", add.Low),
                ("High", add.High),
            ];
        }
        if (node.Shape.Kind == StageKind.Scale)
        {
            var scale = ((Multiply)node.Layer.Operator).Integer!;
            var operands = StageGraph.Operands(graph, node.Layer).Select(name => graph.TypeOf(name).Quantization!.Value.ZeroPoint).ToList();
            return
            [
                ("ZeroPointA", operands[0]),
                ("ZeroPointB", operands[1]),
                ("Multiplier", scale.Multiplier[0]),
                ("Places", PlacesOf(scale.Shift[0], ScaleBits + scale.MultiplierBits)),
                ("ZeroPoint", scale.Output.ZeroPoint),
                ("Low", scale.Low),
                ("High", scale.High),
            ];
        }
        if (node.Layer.Operator is Concat)
        {
            var concat = ConcatScalars.Of(graph, node);
            return
            [
                .. Operand("A", concat.A),
                .. Operand("B", concat.B),
                ("ZeroPoint", concat.ZeroPoint),
                ("Low", concat.Low),
                ("High", concat.High),
            ];

            (string, long)[] Operand(string suffix, ConcatOperand operand) =>
            [
                ($"ZeroPoint{suffix}", operand.ZeroPoint),
                ($"Multiplier{suffix}", operand.Multiplier),
                ($"Places{suffix}", PlacesOf(operand.Shift, ConcatBits + node.Shape.MultiplierBits)),
            ];
        }
        if (node.Shape.Kind == StageKind.MaxPool)
            return [("Pad", sbyte.MinValue)];
        if (node.Shape.Kind == StageKind.Pad)
            return [("Pad", graph.TypeOf(node.Layer.Name).Quantization!.Value.Encode(((Pad)node.Layer.Operator).Value))];
        if (node.Shape.Kind == StageKind.Slice)
            return [];
        var constants = NetworkImages.ConstantsOf(graph, node);
        return
        [
            ("Pad", constants.InputZeroPoint),
            ("ZeroPoint", constants.Requantization.Output.ZeroPoint),
            ("Low", constants.Requantization.Low),
            ("High", constants.Requantization.High),
        ];
    }

    /// <summary>Writes the headers of all stages.</summary>
    /// <exception cref="GraphException">The weights have not been set.</exception>
    public static void Write(string folder, PipelineNetlist netlist)
    {
        foreach (var stage in netlist.Parts.OfType<StagePart>())
        {
            if (FileOf(stage) is not { } file)
                continue;
            using var writer = new StreamWriter(Path.Combine(folder, file)) { NewLine = "\n" };
            string guard = $"ACCELSIM_{stage.Name.ToUpperInvariant()}_H";
            writer.WriteLine(HlsSources.Comment($"{stage.Design.Shape.Name}: the memories of {stage.Name}, a word of the Verilog's in each outer brace."));
            writer.WriteLine($"\n#ifndef {guard}\n#define {guard}\n\n#include <cstdint>\n");
            Write(writer, stage, NetworkImages.ConstantsOf(netlist.Graph.Graph, netlist.Graph.Stages[stage.Number]));
            writer.WriteLine("#endif");
        }
    }

    private static void Write(TextWriter writer, StagePart stage, EngineConstants constants)
    {
        var design = stage.Design;
        if (HoldsWeights(design))
        {
            int terms = design.Folding.Taps * (design.Shape.MixesChannels ? design.Folding.In : 1);
            Array(writer, design.Shape.WeightBits <= 8 ? "int8_t" : "int16_t", Name(stage, Weights), NetworkImages.InWordOrder(design, constants.Weights), design.EngineLanes, terms);
        }
        var requantization = constants.Requantization;
        Array(writer, "int32_t", Name(stage, Bias), constants.Bias, design.ResultLanes);
        Array(writer, requantization.MultiplierBits <= 16 ? "uint16_t" : "uint32_t", Name(stage, Multiplier), requantization.Multiplier.AsSpan(), design.ResultLanes);
        byte[] places = [.. requantization.Shift.Select(shift => PlacesOf(shift, SumBits + requantization.MultiplierBits))];
        Array<byte>(writer, "uint8_t", Name(stage, Places), places, design.ResultLanes);
        if (constants.Table is { } table)
            Array(writer, "int8_t", Name(stage, Table), table.AsSpan());
    }

    /// <summary>
    /// S − 1, the places of the cell's shift. A shift by the width or more is not defined alike by simulation and hardware; one by the width
    /// less one gives the same sign.
    /// </summary>
    private static byte PlacesOf(int shift, int width) => (byte)Math.Min(shift - 1, width - 1);

    /// <summary>An array of words; <paramref name="lanes"/> are the inner extents, the innermost last.</summary>
    private static void Array<T>(TextWriter writer, string type, string name, ReadOnlySpan<T> values, params ReadOnlySpan<int> lanes) where T : struct, IFormattable
    {
        int word = 1;
        foreach (int extent in lanes)
            word *= extent;
        writer.Write($"static const {type} {name}[{(values.Length / word).ToString(CultureInfo.InvariantCulture)}]");
        foreach (int extent in lanes)
            writer.Write($"[{extent.ToString(CultureInfo.InvariantCulture)}]");
        writer.Write(" = {");
        int column = LineLength;
        for (int i = 0; i < values.Length; i++)
        {
            string text = values[i].ToString(null, CultureInfo.InvariantCulture);
            // Braces open before the first value of a lane's row and close after its last, from the innermost out.
            string open = "", close = "";
            int row = 1;
            for (int d = lanes.Length - 1; d >= 0; d--)
            {
                row *= lanes[d];
                open += i % row == 0 ? "{" : "";
                close += i % row == row - 1 ? "}" : "";
            }
            string item = $"{open}{text}{close}{(i == values.Length - 1 ? "" : ",")}";
            if (column + item.Length + 1 > LineLength)
            {
                writer.Write("\n ");
                column = 1;
            }
            writer.Write(' ');
            writer.Write(item);
            column += item.Length + 1;
        }
        writer.WriteLine("\n};\n");
    }

    private const int LineLength = 118;

    private static string Name(StagePart stage, string what) => $"{stage.Prefix}_{what}";
}
