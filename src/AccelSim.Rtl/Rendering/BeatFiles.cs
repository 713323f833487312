using AccelSim.Graph;
using AccelSim.Rtl.Network;

namespace AccelSim.Rtl.Rendering;

/// <summary>Writes what the testbench streams and checks: one beat a line, NHWC order, the frames of a batch one after another.</summary>
internal static class BeatFiles
{
    public const string Input = "input.hex", DwGolden = "dw_golden.hex", Golden = "golden.hex";

    public static void Write(string folder, BlockDesign design, BlockVectors vectors)
    {
        Write(Path.Combine(folder, Input), vectors.Input, design.Folding.DwChannels);
        Write(Path.Combine(folder, DwGolden), vectors.DepthwiseResult, design.DwResultLanes);
        Write(Path.Combine(folder, Golden), vectors.Result, design.PwResultLanes);
    }

    public static void Write(string folder, PipelineNetlist netlist, NetworkVectors vectors)
    {
        Write(Path.Combine(folder, Input), vectors.Input, netlist.Streams[netlist.Input].Lanes);
        Write(Path.Combine(folder, Golden), vectors.Result, netlist.Streams[netlist.Output].Lanes);
    }

    private static void Write(string path, Tensor tensor, int lanes)
    {
        var data = tensor.Int8;
        int channels = tensor.Shape[1], pixels = checked((int)(tensor.Shape.Elements / tensor.Shape[0] / channels));
        using var writer = new HexWriter(path, 8 * lanes);
        for (int frame = 0; frame < tensor.Shape[0]; frame++)
        {
            int start = frame * channels * pixels;
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                for (int channel = 0; channel < channels; channel++)
                    writer.Append(data[start + channel * pixels + pixel], 8);
            }
        }
    }
}
