using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// The MNIST example of Caffe that is also called LeNet (Jia et al., "Caffe", ACM MM 2014): 20 and 50 maps, max pooling,
/// 500 hidden units, ReLU only there. It is not the network of 1998.
/// </summary>
public sealed class LeNetCaffe : ImageFamily
{
    public override string Name => "lenet_caffe";

    public override string Citation => "Jia et al., ACM MM 2014 (Caffe's MNIST example)";

    protected override int Channels => 1;

    protected override int DefaultResolution(string? variant) => 28;

    protected override int SmallestResolution => 16;

    protected override int DefaultClasses => 10;

    protected override IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings)
    {
        string x = graph.Convolution("conv1", input, 20, 5, padding: 0, bias: true);
        x = graph.MaxPool("pool1", x, 2, 2);
        x = graph.Convolution("conv2", x, 50, 5, padding: 0, bias: true);
        x = graph.Layer("flatten", new Flatten(), [graph.MaxPool("pool2", x, 2, 2)]);
        x = graph.Relu("ip1", graph.FullyConnected("ip1", x, 500));
        return [graph.FullyConnected("ip2", x, settings.Classes)];
    }
}
