using AccelSim.Graph;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Rtl.Network;

/// <summary>
/// Writes the contents of a pipeline's memories in the word layouts that the cells state in their headers: everything that depends on
/// weights, zero points and clamps.
/// </summary>
internal static class NetworkImages
{
    public const string Weights = "weights", Requant = "requant", Table = "table", Scalars = "scalars";

    /// <summary>One pass of streamed weights, a beat a line.</summary>
    public static string FileOf(WeightPort port) => $"{port.Name}_weights.hex";

    public static string FileOf(StagePart part, string what) => $"{part.Prefix}_{what}.hex";

    /// <exception cref="GraphException">The weights have not been set.</exception>
    public static void Write(string folder, PipelineNetlist netlist)
    {
        foreach (var part in netlist.Parts.OfType<StagePart>())
        {
            var node = netlist.Graph.Stages[part.Number];
            string PathOf(string what) => Path.Combine(folder, FileOf(part, what));
            if (node.Layer.Operator is Add { Integer: { } add })
                WriteAdd(PathOf(Scalars), add, netlist.Graph.Graph.InputTypes(node.Layer));
            if (node.Shape.Kind == StageKind.Scale)
                WriteScale(PathOf(Scalars), ((Multiply)node.Layer.Operator).Integer!, [.. StageGraph.Operands(netlist.Graph.Graph, node.Layer).Select(netlist.Graph.Graph.TypeOf)]);
            if (node.Layer.Operator is Pad pad)
                WritePad(PathOf(Scalars), netlist.Graph.Graph.TypeOf(node.Layer.Name).Quantization!.Value.Encode(pad.Value));
            if (node.Layer.Operator is Concat)
                WriteConcat(PathOf(Scalars), netlist.Graph.Graph, node);
            if (node.Shape.Kind is StageKind.Add or StageKind.Scale or StageKind.Concat or StageKind.MaxPool or StageKind.Slice or StageKind.Pad)
                continue;
            var constants = ConstantsOf(netlist.Graph.Graph, node);
            WriteScalars(PathOf(Scalars), constants);
            MemoryImages.WriteRequant(PathOf(Requant), part.Design.ResultLanes, constants);
            if (node.Shape.HasWeights && part.Design.Folding.Streaming is null)
                WriteWeights(PathOf(Weights), part.Design, constants.Weights);
            if (constants.Table is { } table)
                MemoryImages.WriteTable(PathOf(Table), table.AsSpan());
        }
        WriteStreams(folder, netlist);
    }

    /// <summary>One pass of the weights of every port: the words of the engine in parts, each a beat.</summary>
    /// <exception cref="GraphException">The weights have not been set.</exception>
    public static void WriteStreams(string folder, PipelineNetlist netlist)
    {
        foreach (var port in netlist.Weights)
        {
            var constants = ConstantsOf(netlist.Graph.Graph, netlist.Graph.Stages[port.Stage]);
            using var writer = new HexWriter(Path.Combine(folder, FileOf(port)), 8 * netlist.Streams[port.Stream].Lanes);
            foreach (short weight in InWordOrder(netlist.Stages[port.Stage], constants.Weights))
                writer.Append(weight, 8);
        }
    }

    /// <summary>The constants of a stage with a requantizer.</summary>
    internal static EngineConstants ConstantsOf(LayerGraph graph, StageNode node)
    {
        if (node.Shape.HasWeights)
        {
            var constants = EngineConstants.Of(graph, node.Layer, node.TableLayer);
            return node.FlattenedFrom is { } image ? constants with { Weights = PixelOrder(constants.Weights, image, node.Shape.OutChannels) } : constants;
        }
        var pool = node.Layer.Operator switch
        {
            AveragePool op => op.Integer,
            GlobalAveragePool op => op.Integer,
            _ => null,
        } ?? throw new RtlException($"Layer '{node.Layer.Name}' of '{graph.Name}' is not quantized: hardware is generated from the int8 graph.");
        int zero = graph.TypeOf(node.Layer.Inputs[0]).Quantization!.Value.ZeroPoint;
        long count = node.Shape.Kind == StageKind.GlobalPool ? node.Shape.InPixels : node.Shape.Kernel * node.Shape.Kernel;
        int channels = node.Shape.Channels;
        var each = pool with
        {
            Multiplier = [.. Enumerable.Repeat(pool.Multiplier[0], channels)],
            Shift = [.. Enumerable.Repeat(pool.Shift[0], channels)],
        };
        return new EngineConstants([], [.. Enumerable.Repeat(checked((int)(-zero * count)), channels)], each, zero, null);
    }

    /// <summary>Columns from the order of a flattened [C, H, W] to that of the stream, [H, W, C].</summary>
    private static short[] PixelOrder(short[] weights, TensorType image, int outputs)
    {
        int channels = image.Channels, pixels = image.Image.Area;
        var ordered = new short[weights.Length];
        for (int output = 0; output < outputs; output++)
        {
            int row = output * channels * pixels;
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                for (int channel = 0; channel < channels; channel++)
                    ordered[row + pixel * channels + channel] = weights[row + channel * pixels + pixel];
            }
        }
        return ordered;
    }

    private static void WriteWeights(string path, StageDesign design, ReadOnlySpan<short> weights)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        using var writer = new HexWriter(path, checked(folding.In * folding.Taps * folding.Out * shape.WeightBits));
        foreach (short weight in InWordOrder(design, weights))
            writer.Append(weight, shape.WeightBits);
    }

    /// <summary>
    /// depthwise_unit, pointwise_unit and convolution_unit have one layout: a word for each read of a pixel, in it output lanes, in these
    /// taps, in these input lanes, where a depthwise lane is both input and output.
    /// </summary>
    internal static short[] InWordOrder(StageDesign design, ReadOnlySpan<short> weights)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        int kernel = shape.Kernel, area = kernel * kernel, tapSteps = area / folding.Taps;
        bool columns = folding.Taps == kernel && kernel > 1;
        int filterChannels = shape.MixesChannels ? shape.Channels : 1;
        int inputs = shape.MixesChannels ? folding.In : 1;
        int sweeps = design.PixelResults, groups = shape.MixesChannels ? design.Groups : 1;
        var ordered = new short[weights.Length];
        int place = 0;
        for (int sweep = 0; sweep < sweeps; sweep++)
        {
            for (int group = 0; group < groups; group++)
            {
                for (int step = 0; step < tapSteps; step++)
                {
                    for (int lane = 0; lane < design.EngineLanes; lane++)
                    {
                        int row = (sweep * design.EngineLanes + lane) * filterChannels;
                        for (int tap = 0; tap < folding.Taps; tap++)
                        {
                            int position = columns ? tap * kernel + step : step * folding.Taps + tap;
                            for (int input = 0; input < inputs; input++)
                                ordered[place++] = weights[(row + group * inputs + input) * area + position];
                        }
                    }
                }
            }
        }
        return ordered;
    }

    /// <summary>A stage's scalars: pad, zero point, low, high, the first lowest.</summary>
    private static void WriteScalars(string path, EngineConstants constants)
    {
        using var writer = new HexWriter(path, 32);
        writer.Append(constants.InputZeroPoint, 8);
        writer.Append(constants.Requantization.Output.ZeroPoint, 8);
        writer.Append(constants.Requantization.Low, 8);
        writer.Append(constants.Requantization.High, 8);
    }

    /// <summary>add_stage: zero points of a and b, M_a, M_b, S − 1, then zero point, low and high of the result.</summary>
    private static void WriteAdd(string path, AddArithmetic add, IReadOnlyList<TensorType> operands)
    {
        using var writer = new HexWriter(path, 8 + 8 + 2 * add.MultiplierBits + 6 + 24);
        writer.Append(operands[0].Quantization!.Value.ZeroPoint, 8);
        writer.Append(operands[1].Quantization!.Value.ZeroPoint, 8);
        writer.Append(add.MultiplierA, add.MultiplierBits);
        writer.Append(add.MultiplierB, add.MultiplierBits);
        writer.Append(add.Shift - 1, 6);
        writer.Append(add.Output.ZeroPoint, 8);
        writer.Append(add.Low, 8);
        writer.Append(add.High, 8);
    }

    /// <summary>scale_stage: zero points of the frame and the gates, M, S − 1, then zero point, low and high of the result.</summary>
    private static void WriteScale(string path, Requantization scale, IReadOnlyList<TensorType> operands)
    {
        using var writer = new HexWriter(path, 8 + 8 + scale.MultiplierBits + 6 + 24);
        writer.Append(operands[0].Quantization!.Value.ZeroPoint, 8);
        writer.Append(operands[1].Quantization!.Value.ZeroPoint, 8);
        writer.Append(scale.Multiplier[0], scale.MultiplierBits);
        writer.Append(scale.Shift[0] - 1, 6);
        writer.Append(scale.Output.ZeroPoint, 8);
        writer.Append(scale.Low, 8);
        writer.Append(scale.High, 8);
    }

    /// <summary>concat_stage: of a and b the zero point, M and S − 1, then zero point, low and high of the result.</summary>
    private static void WriteConcat(string path, LayerGraph graph, StageNode node)
    {
        var concat = ConcatScalars.Of(graph, node);
        int bits = node.Shape.MultiplierBits;
        using var writer = new HexWriter(path, 2 * (8 + bits + 6) + 24);
        foreach (var operand in new[] { concat.A, concat.B })
        {
            writer.Append(operand.ZeroPoint, 8);
            writer.Append(operand.Multiplier, bits);
            writer.Append(operand.Shift - 1, 6);
        }
        writer.Append(concat.ZeroPoint, 8);
        writer.Append(concat.Low, 8);
        writer.Append(concat.High, 8);
    }

    /// <summary>pad_stage: the code around the frame.</summary>
    private static void WritePad(string path, int code)
    {
        using var writer = new HexWriter(path, 8);
        writer.Append(code, 8);
    }
}
