using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// The MNIST example of Caffe that is also called LeNet (Jia et al., "Caffe", ACM MM 2014): 20 and 50 maps, max pooling,
/// 500 hidden units, ReLU only there. It is not the network of 1998.
/// </summary>
public sealed class LeNetCaffe : NetworkFamily
{
    public override string Name => "lenet_caffe";

    public override string Citation => "Jia et al., ACM MM 2014 (Caffe's MNIST example)";

    public override int Channels => 1;

    public override int DefaultResolution(string? variant) => 28;

    public override int SmallestResolution => 16;

    public override int DefaultClasses => 10;

    protected override string Define(GraphBuilder graph, string image, string? variant, double width, int classes)
    {
        var pool = new MaxPool(Size2.Square(2), Size2.Square(2), Padding.None);
        string x = graph.Convolution("conv1", image, 20, 5, padding: 0, bias: true);
        x = graph.Layer("pool1", pool, [x]);
        x = graph.Convolution("conv2", x, 50, 5, padding: 0, bias: true);
        x = graph.Layer("flatten", new Flatten(), [graph.Layer("pool2", pool, [x])]);
        x = graph.Activation("ip1/relu", graph.FullyConnected("ip1", x, 500), ActivationKind.Relu);
        return graph.FullyConnected("ip2", x, classes);
    }
}
