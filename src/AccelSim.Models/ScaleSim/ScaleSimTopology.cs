using AccelSim.Graph;

namespace AccelSim.Models.ScaleSim;

/// <summary>What the rows of a SCALE-Sim topology are.</summary>
public enum ScaleSimForm
{
    /// <summary>Convolutions: IFMAP height and width, filter height and width, channels, filters, stride, or stride height and width.</summary>
    Convolution,

    /// <summary>Products of [M × K] with [K × N].</summary>
    Gemm,
}

/// <summary>
/// Reads the topology CSV of SCALE-Sim (Samajdar et al., "SCALE-Sim: Systolic CNN Accelerator Simulator", arXiv:1811.02883) as a graph for the simulator.
/// </summary>
/// <remarks>
/// The format lists layers, not how they are connected: the graph has an input and an output a layer. It has no padding either: heights and widths
/// are those of the padded image, and where a stride does not divide, a last incomplete window counts, ceil((H − R) ÷ stride) + 1, which is
/// here the padding at the bottom and the right. A name with <c>DP</c> in it is a depthwise convolution, of so many filters a channel. A product is a 1×1
/// convolution over M pixels of K channels, so that a batch is a batch in both forms.
/// </remarks>
public static class ScaleSimTopology
{
    private const string DepthwiseMark = "DP";

    private const int MostLayers = 1_000_000;

    /// <param name="file">The CSV file. Its base name is the graph's.</param>
    /// <param name="form">What its rows are; null reads it off the header (M, N and K), or without one off the number of columns.</param>
    /// <exception cref="GraphException">The file cannot be read or a row is not a layer; the message names file, line, column and value.</exception>
    public static LayerGraph Load(string file, ScaleSimForm? form = null)
    {
        try
        {
            return Read(File.ReadLines(file), file, form);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"The topology {file} cannot be read: {error.Message}", error);
        }
    }

    /// <inheritdoc cref="Load"/>
    /// <param name="lines">The file's text.</param>
    /// <param name="file">Its name, for the graph and for messages.</param>
    /// <param name="form">What its rows are.</param>
    public static LayerGraph Read(IEnumerable<string> lines, string file, ScaleSimForm? form = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var builder = new GraphBuilder(Path.GetFileNameWithoutExtension(file));
        var names = new Dictionary<string, int>();
        var layers = new List<string>();
        foreach (ScaleSimRow row in ScaleSimRow.Of(lines, file, form))
        {
            int seen = names[row.Name] = names.GetValueOrDefault(row.Name) + 1;
            string name = seen == 1 ? row.Name : $"{row.Name}#{seen}";
            try
            {
                layers.Add(row.Form == ScaleSimForm.Gemm ? Product(builder, name, row) : Convolution(builder, name, row));
            }
            catch (Exception error) when (error is GraphException or OverflowException or ArgumentException)
            {
                throw new GraphException($"{file}, line {row.Line}, layer '{row.Name}': {error.Message}", error);
            }
        }
        if (layers.Count == 0)
            throw NoLayers(file);
        return builder.Build(layers);
    }

    /// <summary>
    /// The layers as SCALE-Sim itself counts them: a depthwise convolution is one layer a channel, and a product is an image of M rows of K words under a filter of 1 × K.
    /// </summary>
    /// <inheritdoc cref="Load"/>
    public static IReadOnlyList<ScaleSimLayer> Layers(string file, ScaleSimForm? form = null)
    {
        try
        {
            return ReadLayers(File.ReadLines(file), file, form);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"The topology {file} cannot be read: {error.Message}", error);
        }
    }

    /// <inheritdoc cref="Layers"/>
    /// <param name="lines">The file's text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="form">What its rows are.</param>
    public static IReadOnlyList<ScaleSimLayer> ReadLayers(IEnumerable<string> lines, string file, ScaleSimForm? form = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var layers = new List<ScaleSimLayer>();
        foreach (ScaleSimRow row in ScaleSimRow.Of(lines, file, form))
        {
            if (row.Form == ScaleSimForm.Gemm)
            {
                layers.Add(new ScaleSimLayer(row.Name, row.Line, new Size2(row["M"], row["K"]), new Size2(1, row["K"]), 1, row["N"], Size2.Square(1)));
                continue;
            }
            bool isDepthwise = row.Name.Contains(DepthwiseMark, StringComparison.Ordinal);
            var layer = new ScaleSimLayer(
                row.Name, row.Line, new Size2(row["IFMAP Height"], row["IFMAP Width"]), new Size2(row["Filter Height"], row["Filter Width"]),
                isDepthwise ? 1 : row["Channels"], row["Num Filter"], new Size2(row["Stride Height"], row["Stride Width"]));
            if (layer.Filter.Height > layer.Image.Height || layer.Filter.Width > layer.Image.Width)
            {
                throw new GraphException(
                    $"{file}, line {row.Line}, layer '{row.Name}': a filter of {layer.Filter} is larger than its image of {layer.Image}; heights and widths include the padding, so add it to them.");
            }
            int copies = isDepthwise ? row["Channels"] : 1;
            if (layers.Count + (long)copies > MostLayers)
                throw new GraphException($"{file}, line {row.Line}, layer '{row.Name}': it makes more than {MostLayers} layers, one a channel: give the layer in parts.");
            layers.AddRange(Enumerable.Repeat(layer, copies));
        }
        return layers.Count > 0 ? layers : throw NoLayers(file);
    }

    private static GraphException NoLayers(string file) =>
        new($"The topology {file} has no layers: a row is a name and 7 or 8 numbers, or a name, M, N and K.");

    private static string Convolution(GraphBuilder builder, string name, ScaleSimRow row)
    {
        var (image, kernel) = (new Size2(row["IFMAP Height"], row["IFMAP Width"]), new Size2(row["Filter Height"], row["Filter Width"]));
        var stride = new Size2(row["Stride Height"], row["Stride Width"]);
        (int channels, int filters) = (row["Channels"], row["Num Filter"]);
        bool isDepthwise = name.Contains(DepthwiseMark, StringComparison.Ordinal);
        var padding = new Padding(0, Overhang(image.Height, kernel.Height, stride.Height), 0, Overhang(image.Width, kernel.Width, stride.Width));
        string input = builder.Input($"{name}/input", Shape.Of(1, channels, image.Height, image.Width));
        return builder.Convolution(
            name, input, isDepthwise ? checked(channels * filters) : filters, new Convolution(kernel, stride, padding, isDepthwise ? channels : 1), bias: false);
    }

    private static string Product(GraphBuilder builder, string name, ScaleSimRow row)
    {
        string input = builder.Input($"{name}/input", Shape.Of(1, row["K"], row["M"], 1));
        return builder.Convolution(name, input, row["N"], new Convolution(Size2.Square(1), Size2.Square(1), Padding.None), bias: false);
    }

    // What the last window reaches beyond the image.
    private static int Overhang(int image, int kernel, int stride) => kernel >= image ? 0 : checked((int)(((long)image - kernel + stride - 1) / stride * stride + kernel - image));
}
