using AccelSim.Graph;
using AccelSim.Graph.Passes;
using AccelSim.Models;
using AccelSim.Rtl;

namespace AccelSim.Tests.Rtl;

public sealed class BlockMatchingTests
{
    /// <summary>
    /// Counted from the papers' tables: V1 has 13 blocks; V2 one in each of its 17 bottlenecks; V3 one in each bottleneck without
    /// squeeze-and-excite, which stands between depthwise and pointwise: 2 of 11 (Small), 7 of 15 (Large).
    /// </summary>
    [Theory]
    [InlineData("mobilenet_v1", 13)]
    [InlineData("mobilenet_v2", 17)]
    [InlineData("mobilenet_v3_small", 2)]
    [InlineData("mobilenet_v3_large", 7)]
    [InlineData("resnet18", 0)]
    public void Every_block_of_a_network_is_found(string network, int count)
    {
        var blocks = DepthwiseSeparableBlock.FindIn(Float(network));
        Assert.Equal(count, blocks.Count);
        Assert.Equal(blocks.Sum(block => block.Layers.Count), blocks.SelectMany(block => block.Layers).Distinct().Count());
    }

    [Fact]
    public void A_block_knows_its_values_and_shape()
    {
        var block = DepthwiseSeparableBlock.FindIn(Float("mobilenet_v1"))[1];
        Assert.Equal((112, 112, 64, 128, 3, 2), (block.Shape.Height, block.Shape.Width, block.Shape.Channels, block.Shape.OutChannels, block.Shape.Kernel, block.Shape.Stride));
        Assert.Equal((56, 56), (block.Shape.OutHeight, block.Shape.OutWidth));
        Assert.Equal(56L * 56 * 64 * 9, block.DepthwiseMacs);
        Assert.Equal(56L * 56 * 64 * 128, block.PointwiseMacs);
        Assert.Equal(block.Depthwise.Name, block.DepthwiseResult);
        Assert.Equal(block.Pointwise.Name, block.Result);
    }

    [Fact]
    public void A_hard_swish_between_the_convolutions_belongs_to_the_block()
    {
        var block = DepthwiseSeparableBlock.FindIn(Float("mobilenet_v3_large")).First(found => found.DepthwiseTable is not null);
        Assert.True(block.Shape.DepthwiseTable);
        Assert.Equal(block.DepthwiseTable!.Name, block.DepthwiseResult);
        Assert.Equal(3, block.Layers.Count);
    }

    [Fact]
    public void Any_layer_of_a_block_leads_to_it()
    {
        var graph = Float("mobilenet_v1");
        foreach (var block in DepthwiseSeparableBlock.FindIn(graph))
            Assert.All(block.Layers, layer => Assert.Equal(block.Name, DepthwiseSeparableBlock.Containing(graph, layer.Name).Name));
    }

    [Fact]
    public void A_layer_outside_any_block_is_refused_by_name()
    {
        var graph = Float("mobilenet_v1");
        string first = graph.Layers[0].Name;
        var error = Assert.Throws<UnsupportedOperatorException>(() => DepthwiseSeparableBlock.Containing(graph, first));
        Assert.Equal($"The rtl backend cannot execute layer '{first}' (Convolution): it is neither a depthwise convolution nor the rest of a depthwise-separable block.", error.Message);
    }

    [Fact]
    public void A_depthwise_result_that_something_else_reads_makes_no_block()
    {
        var builder = new GraphBuilder("two readers");
        string x = builder.Input("x", [1, 4, 8, 8]);
        string dw = builder.Convolution("dw", x, 4, kernel: 3, groups: 4);
        string pw = builder.Convolution("pw", dw, 4, kernel: 1);
        var graph = builder.Build(builder.Layer("sum", new Add(), [dw, pw]));
        Assert.Empty(DepthwiseSeparableBlock.FindIn(graph));
        var error = Assert.Throws<UnsupportedOperatorException>(() => DepthwiseSeparableBlock.Containing(graph, "dw"));
        Assert.Contains("follows it as the only reader of its result", error.Message);
    }

    [Fact]
    public void A_depthwise_result_that_leaves_the_graph_makes_no_block()
    {
        var builder = new GraphBuilder("tapped");
        string x = builder.Input("x", [1, 4, 8, 8]);
        string dw = builder.Convolution("dw", x, 4, kernel: 3, groups: 4);
        Assert.Empty(DepthwiseSeparableBlock.FindIn(builder.Build(builder.Convolution("pw", dw, 4, kernel: 1), dw)));
    }

    [Theory]
    [InlineData(9, 1, 4, "the depthwise kernel is 9×9; 3×3, 5×5 and 7×7 are generated.")]
    [InlineData(3, 3, 1, "the depthwise stride is 3; 1 and 2 are generated.")]
    [InlineData(3, 1, 3, "the padding 3 has a side of 3; each must be less than the kernel's 3.")]
    public void A_geometry_that_is_not_generated_is_refused_with_its_numbers(int kernel, int stride, int padding, string reason)
    {
        var builder = new GraphBuilder("odd");
        string x = builder.Input("x", [1, 4, 9, 9]);
        string dw = builder.Convolution("dw", x, 4, kernel, stride, padding, groups: 4);
        var graph = builder.Build(builder.Convolution("pw", dw, 4, kernel: 1));
        Assert.Empty(DepthwiseSeparableBlock.FindIn(graph));
        Assert.EndsWith(reason, Assert.Throws<UnsupportedOperatorException>(() => DepthwiseSeparableBlock.Containing(graph, "dw")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hardware_of_a_float_graph_is_refused()
    {
        var builder = new GraphBuilder("float");
        string x = builder.Input("x", [1, 2, 3, 3]);
        string dw = builder.Convolution("dw", x, 2, kernel: 3, groups: 2);
        var block = DepthwiseSeparableBlock.FindIn(builder.Build(builder.Convolution("pw", dw, 2, kernel: 1))).Single();
        var zeros = Tensor.Of([1, 2, 3, 3], new sbyte[18]);
        using var folder = new ScratchFolder();
        var error = Assert.Throws<RtlException>(() => BlockFolder.Write(block, BlockFolding.Serial, new BlockVectors(zeros, zeros, zeros), folder["out"]));
        Assert.Equal("Layer 'dw' of 'float' is not quantized: hardware is generated from the int8 graph.", error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static LayerGraph Float(string network) => FloatPasses.Run(NetworkZoo.Find(network).Build(new NetworkOptions()));
}
