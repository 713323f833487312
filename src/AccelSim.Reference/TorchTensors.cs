using AccelSim.Graph;
using TorchSharp;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>Tensors between the graph's representation and libtorch's.</summary>
internal static class TorchTensors
{
    public static TorchTensor ToTorch(this Tensor tensor)
    {
        long[] shape = [.. tensor.Shape.Select(extent => (long)extent)];
        return tensor.Element switch
        {
            ElementType.Float32 => torch.tensor(tensor.Float32.ToArray(), shape),
            ElementType.Int8 => torch.tensor(tensor.Int8.ToArray(), shape, torch.int8),
            _ => torch.tensor(tensor.Int32.ToArray(), shape, torch.int32),
        };
    }

    /// <summary>Copies out; float64 is rounded to float32.</summary>
    public static Tensor ToTensor(this TorchTensor tensor)
    {
        var shape = Shape.Of([.. tensor.shape.Select(extent => checked((int)extent))]);
        if (tensor.dtype == torch.int8)
            return Tensor.Of(shape, tensor.contiguous().data<sbyte>().ToArray());
        return Tensor.Of(shape, tensor.to(torch.float32).contiguous().data<float>().ToArray());
    }

    public static long[] Extents(this Size2 size) => [size.Height, size.Width];

    /// <summary>Pads the last two dimensions of an [N, C, H, W] tensor.</summary>
    public static TorchTensor Pad(this TorchTensor image, Graph.Padding padding, double value = 0) => padding == Graph.Padding.None
        ? image
        : torch.nn.functional.pad(image, [padding.Left, padding.Right, padding.Top, padding.Bottom], PaddingModes.Constant, value);

    /// <summary>Channel values [C] so that they broadcast over a tensor of rank 2 or 4.</summary>
    public static TorchTensor PerChannel(this TorchTensor channels, long rank) => rank == 4 ? channels.reshape(1, -1, 1, 1) : channels.reshape(1, -1);
}
