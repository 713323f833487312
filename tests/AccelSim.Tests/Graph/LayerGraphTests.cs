using AccelSim.Graph;
using AccelSim.Models;

namespace AccelSim.Tests.Graph;

/// <summary>What a legal graph is, on the messages that a user reads.</summary>
public sealed class LayerGraphTests
{
    private static readonly TensorType Image = new(ElementType.Float32, Shape.Of(1, 2, 5, 5));
    private static readonly Constant Weight = new("weight", new TensorType(ElementType.Float32, Shape.Of(4, 2, 3, 3)));
    private static readonly Convolution Three = new(Size2.Square(3), Size2.Square(1), Padding.None);

    [Fact]
    public void A_layer_reads_earlier_values_only() => Refused(
        "Layer 'b' (Flatten) of 'net' reads 'c', which no input, constant or earlier layer produces.",
        [new Layer("b", new Flatten(), "c"), new Layer("c", new Flatten(), "image")]);

    [Fact]
    public void Names_are_unique() => Refused("The graph 'net' has two values named 'image'.", [new Layer("image", new Flatten(), "image")]);

    [Fact]
    public void An_operator_gets_the_operands_it_asks_for() => Refused(
        "Layer 'sum' (Add) of 'net' takes 2 inputs, but has 1.", [new Layer("sum", new Add(), "image")]);

    [Fact]
    public void Constants_are_of_the_shape_that_the_operator_needs() => Refused(
        "Layer 'conv' (Convolution) of 'net': The weight must have shape 4×2×5×5, but has 4×2×3×3.",
        [new Layer("conv", Three with { Kernel = Size2.Square(5) }, ["image"], ["weight"])], Weight);

    [Fact]
    public void Groups_divide_the_channels() => Refused(
        "Layer 'conv' (Convolution) of 'net': 3 groups do not divide 2 input and 4 output channels.",
        [new Layer("conv", Three with { Groups = 3 }, ["image"], ["weight"])], Weight);

    [Fact]
    public void A_kernel_fits_the_padded_image() => Refused(
        "Layer 'pool' (MaxPool) of 'net': The kernel 6×6 is larger than the image 5×5 with padding 0.",
        [new Layer("pool", new MaxPool(Size2.Square(6), Size2.Square(1), Padding.None), "image")]);

    [Fact]
    public void A_constant_that_nothing_uses_is_refused() => Refused(
        "No layer of 'net' uses the constant 'weight'.", [new Layer("flat", new Flatten(), "image")], Weight);

    /// <summary>Folding and quantization change a layer's weights, which must not be another's.</summary>
    [Fact]
    public void A_constant_that_two_layers_use_is_refused() => Refused(
        "Layer 'again' of 'net' uses the constant 'weight', which is in use already: give it a copy of its own.",
        [new Layer("conv", Three, ["image"], ["weight"]), new Layer("again", Three, ["image"], ["weight"])], Weight);

    [Fact]
    public void An_output_is_a_layer() => Assert.Equal(
        "The output 'image' of 'net' is not a layer.",
        Assert.Throws<GraphException>(() => new LayerGraph("net", [new GraphInput("image", Image)], [], [], ["image"])).Message);

    [Fact]
    public void A_padded_image_beyond_int32_is_refused() => Refused(
        "Layer 'conv' (Convolution) of 'net': The image 5×5 with padding 2147483647 is too large.",
        [new Layer("conv", Three with { Padding = Padding.All(int.MaxValue) }, ["image"], ["weight"])], Weight);

    [Fact]
    public void Data_have_their_declared_type() => Refused(
        "The constant 'weight' is declared float32 4×2×3×3, but its data are Float32 2×1.",
        [new Layer("conv", Three, ["image"], ["weight"])], Weight with { Data = Tensor.Of(Shape.Of(2, 1), new float[2]) });

    [Fact]
    public void A_shape_too_large_to_count_is_refused() =>
        Assert.Equal("The shape 2147483647×2147483647×2147483647 has more than 2^63 elements.",
            Assert.Throws<GraphException>(() => Shape.Of(int.MaxValue, int.MaxValue, int.MaxValue)).Message);

    [Fact]
    public void Batch_is_a_dimension()
    {
        foreach (var family in NetworkZoo.Families)
        {
            var one = family.Build(new NetworkOptions());
            var eight = one.WithBatch(8);
            Assert.Equal(8 * one.TotalCost().Macs, eight.TotalCost().Macs);
            Assert.Equal(8 * one.TotalCost().OutputBytes, eight.TotalCost().OutputBytes);
            Assert.Equal(one.TotalCost().Parameters, eight.TotalCost().Parameters);
            Assert.Equal(8, eight.TypeOf(eight.Outputs[0]).Shape[0]);
        }
    }

    private static void Refused(string message, Layer[] layers, params Constant[] constants) => Assert.Equal(
        message, Assert.Throws<GraphException>(() => new LayerGraph("net", [new GraphInput("image", Image)], constants, layers, [layers[^1].Name])).Message);
}
