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
            throw new GraphException($"The topology {file} has no layers: a row is a name and 7 or 8 numbers, or a name, M, N and K.");
        return builder.Build(layers);
    }

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
