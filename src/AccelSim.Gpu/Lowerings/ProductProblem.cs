using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Gpu;

/// <summary>A convolution or fully connected layer whose weights are constants without zero points: what there are several kernels for.</summary>
/// <param name="Element">float32 or int8.</param>
/// <param name="Geometry">A fully connected layer is a convolution of images of one pixel.</param>
/// <param name="Groups">Of the convolution.</param>
/// <param name="AfterDepthwise">Whether the depthwise convolution before it is computed along with it.</param>
internal sealed record ProductProblem(ElementType Element, SlidingGeometry Geometry, int Groups, bool AfterDepthwise = false)
{
    /// <summary>Input channels that a sum runs over.</summary>
    public int Channels => Geometry.InputChannels / Groups;

    public int Rows => Geometry.OutputChannels / Groups;

    public long Columns => (long)Geometry.Batch * Geometry.OutputPixels;

    public bool IsDepthwise => Groups > 1 && Channels == 1;

    /// <summary>Whether the kernel covers the image, so that an image is one vector.</summary>
    public bool IsVector => Groups == 1 && Geometry is { OutputPixels: 1, Top: 0, Left: 0, DilationHeight: 1, DilationWidth: 1 }
        && Geometry.KernelHeight == Geometry.InputHeight && Geometry.KernelWidth == Geometry.InputWidth;

    /// <summary>Whether a term of four columns is a quad of the input.</summary>
    public bool IsQuads => Geometry is { KernelArea: 1, StrideHeight: 1, StrideWidth: 1, Top: 0, Left: 0 } && Geometry.InputHeight == Geometry.OutputHeight
        && Geometry.InputWidth == Geometry.OutputWidth && Geometry.OutputPixels % Quads.Elements == 0;

    /// <summary>What problems with the same best kernel have in common: the key of a tuning file.</summary>
    public string Key
    {
        get
        {
            var g = Geometry;
            return string.Create(CultureInfo.InvariantCulture,
                $"{(Element == ElementType.Int8 ? "int8" : "float32")} {g.Batch}x{g.InputChannels}x{g.InputHeight}x{g.InputWidth} to {g.OutputChannels}x{g.OutputHeight}x{g.OutputWidth} kernel {g.KernelHeight}x{g.KernelWidth} stride {g.StrideHeight}x{g.StrideWidth} dilation {g.DilationHeight}x{g.DilationWidth} pad {g.Top},{g.Left} groups {Groups}{(AfterDepthwise ? " after depthwise" : "")}");
        }
    }

    /// <summary>The problem of a layer, or null where it is none or only the general kernels execute it: its weights are values, or have zero points.</summary>
    public static ProductProblem? Of(LayerGraph graph, Layer layer)
    {
        if (layer.Operator is not (Convolution or FullyConnected) || !layer.Constants.All(graph.Constants.ContainsKey))
            return null;
        var (input, output) = (graph.TypeOf(layer.Inputs[0]), graph.TypeOf(layer.Name));
        return layer.Operator switch
        {
            Convolution convolution when IsSymmetric(convolution.Integer, output.Shape[1]) => new ProductProblem(
                output.Element, new SlidingGeometry(input.Shape, output.Shape, convolution.Kernel, convolution.Stride, convolution.Padding, convolution.Dilation), convolution.Groups),
            FullyConnected connected when IsSymmetric(connected.Integer, output.Shape[1]) => new ProductProblem(
                output.Element, MacLowering.Vectors(output.Shape[0], input.Shape[1], output.Shape[1]), 1),
            _ => null,
        };
    }

    private static bool IsSymmetric(MacArithmetic? integer, int outputs) =>
        integer is null || Enumerable.Range(0, outputs).All(channel => integer.WeightZeroPointOf(channel) == 0);
}
