using AccelSim.Graph;

namespace AccelSim.Rtl.Rendering;

/// <summary>
/// Writes the contents of a design's memories in the word layouts that the cells state in their headers. Everything that depends
/// on weights, zero points and clamps is here, and nothing else: the Verilog of two layers of equal shape is equal.
/// </summary>
internal static class MemoryImages
{
    public const string DwWeights = "dw_weights.hex", PwWeights = "pw_weights.hex";
    public const string DwRequant = "dw_requant.hex", PwRequant = "pw_requant.hex";
    public const string DwTable = "dw_table.hex", PwTable = "pw_table.hex";
    public const string Scalars = "scalars.hex";

    public static void Write(string folder, BlockDesign design, EngineConstants dw, EngineConstants pw)
    {
        WriteDwWeights(Path.Combine(folder, DwWeights), design, dw.Weights);
        WritePwWeights(Path.Combine(folder, PwWeights), design, pw.Weights);
        WriteRequant(Path.Combine(folder, DwRequant), design.DwResultLanes, dw);
        WriteRequant(Path.Combine(folder, PwRequant), design.PwResultLanes, pw);
        WriteScalars(Path.Combine(folder, Scalars), dw, pw);
        if (dw.Table is { } dwTable)
            WriteTable(Path.Combine(folder, DwTable), dwTable.AsSpan());
        if (pw.Table is { } pwTable)
            WriteTable(Path.Combine(folder, PwTable), pwTable.AsSpan());
    }

    /// <summary>depthwise_unit: word group·Steps + step; where the taps at once are a column, step s is column s.</summary>
    private static void WriteDwWeights(string path, BlockDesign design, ReadOnlySpan<short> weights)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        int kernel = shape.Kernel, area = kernel * kernel;
        bool columns = folding.DwTaps == kernel;
        using var writer = new HexWriter(path, checked(folding.DwChannels * folding.DwTaps * shape.DepthwiseWeightBits));
        for (int group = 0; group < design.DwGroups; group++)
        {
            for (int step = 0; step < design.DwSteps; step++)
            {
                for (int lane = 0; lane < folding.DwChannels; lane++)
                {
                    int channel = group * folding.DwChannels + lane;
                    for (int tap = 0; tap < folding.DwTaps; tap++)
                    {
                        int position = columns ? tap * kernel + step : step * folding.DwTaps + tap;
                        writer.Append(weights[channel * area + position], shape.DepthwiseWeightBits);
                    }
                }
            }
        }
    }

    /// <summary>pointwise_unit: word group·Steps + step; an output lane holds its input lanes.</summary>
    private static void WritePwWeights(string path, BlockDesign design, ReadOnlySpan<short> weights)
    {
        var (shape, folding) = (design.Shape, design.Folding);
        using var writer = new HexWriter(path, checked(folding.PwOut * folding.PwIn * shape.PointwiseWeightBits));
        for (int group = 0; group < design.PwGroups; group++)
        {
            for (int step = 0; step < design.PwSteps; step++)
            {
                for (int lane = 0; lane < folding.PwOut; lane++)
                {
                    int row = (group * folding.PwOut + lane) * shape.Channels + step * folding.PwIn;
                    for (int input = 0; input < folding.PwIn; input++)
                        writer.Append(weights[row + input], shape.PointwiseWeightBits);
                }
            }
        }
    }

    /// <summary>requantizer: a lane is {S − 1, M, bias}, the bias lowest.</summary>
    internal static void WriteRequant(string path, int lanes, EngineConstants constants)
    {
        var requantization = constants.Requantization;
        using var writer = new HexWriter(path, checked(lanes * (32 + requantization.MultiplierBits + 6)));
        for (int channel = 0; channel < constants.Bias.Length; channel++)
        {
            writer.Append(constants.Bias[channel], 32);
            writer.Append(requantization.Multiplier[channel], requantization.MultiplierBits);
            writer.Append(requantization.Shift[channel] - 1, 6);
        }
    }

    /// <summary>depthwise_separable: padding value, then zero point, low and high of each engine.</summary>
    private static void WriteScalars(string path, EngineConstants dw, EngineConstants pw)
    {
        using var writer = new HexWriter(path, 56);
        writer.Append(dw.InputZeroPoint, 8);
        foreach (var requantization in new[] { dw.Requantization, pw.Requantization })
        {
            writer.Append(requantization.Output.ZeroPoint, 8);
            writer.Append(requantization.Low, 8);
            writer.Append(requantization.High, 8);
        }
    }

    internal static void WriteTable(string path, ReadOnlySpan<sbyte> entries)
    {
        using var writer = new HexWriter(path, 8);
        foreach (sbyte entry in entries)
            writer.Append(entry, 8);
    }
}
