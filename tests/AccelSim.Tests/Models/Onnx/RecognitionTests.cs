using AccelSim.Graph;
using AccelSim.Models.Onnx;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>What exporters spell out comes back as the layer that its author meant.</summary>
public sealed class RecognitionTests
{
    [Fact]
    public void Every_spelling_of_hard_swish_and_swish_is_one_activation()
    {
        var kinds = new HashSet<ActivationKind>();
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var model = new TinyModel(random.Next(7, 24), random);
            OperatorFamilies.All["HardSwish"](model);
            var graph = OnnxImporter.Import(OnnxModel.Of(model.Proto), new OnnxImportOptions { Inputs = model.Inputs }, TestContext.Current.CancellationToken).Graph!;
            Assert.Equal([nameof(Convolution), nameof(Activation)], graph.Layers.Select(layer => layer.Operator.Name));
            kinds.Add(((Activation)graph.Layers[1].Operator).Kind);
        }
        Assert.Equal([ActivationKind.HardSwish, ActivationKind.Swish], kinds.Order());
    }

    [Fact]
    public void Squeeze_and_excite_of_MobileNetV3_comes_out_as_such()
    {
        var graph = OnnxImporter.Import(
            Path.Combine(SharedData.Require("onnx"), "real", "ch_ppocr_mobile_v2.0_cls_infer", "model.onnx"),
            new OnnxImportOptions { Dimensions = new Dictionary<string, int> { ["x:2"] = 48, ["x:3"] = 192 } },
            TestContext.Current.CancellationToken).Graph!;
        Assert.Equal(9, graph.Layers.Count(layer => layer.Operator is Multiply));
        Assert.Equal(10, graph.Layers.Count(layer => layer.Operator is GlobalAveragePool));
        Assert.Equal(18, graph.Layers.Count(layer => layer.Operator is Activation { Kind: ActivationKind.HardSwish }));
        Assert.DoesNotContain(graph.Layers, layer => layer.Operator is Literal or Arithmetic);
    }

    [Theory]
    [InlineData("mobilenet_v1_0.25_128_qdq", 28)]
    [InlineData("mlperftiny_resnet8_cifar10_int8_qdq", 10)]
    public void A_quantized_network_keeps_its_own_scales_and_runs_its_weights_in_int8(string name, int weighted)
    {
        string file = Path.Combine(SharedData.Require("onnx"), "real", name, "model.onnx");
        var network = OnnxImporter.Import(file, cancellation: TestContext.Current.CancellationToken);
        var graph = network.Graph!;
        var mac = graph.Layers.Where(layer => layer.Operator.WeightKernels > 0).ToList();
        Assert.Equal(weighted, mac.Count);
        Assert.All(mac, layer => Assert.True(layer.Operator.IsInteger));
        Assert.Equal(["Dequantize", "Quantize", "Softmax"], graph.Layers.Where(layer => graph.TypeOf(layer.Name).Element == ElementType.Float32 || layer.Operator is Quantize).Select(layer => layer.Operator.Name).Distinct().Order());
        // The scales are those of the file: each is one of its scalars.
        var scales = OnnxModel.Load(file).Proto.Graph.Initializer.Where(tensor => tensor.DataType == 1 && tensor.Dims.Count <= 1)
            .SelectMany(tensor => AccelSim.Models.Onnx.Tensors.TensorReader.Read(tensor).Floats()).Select(scale => (double)scale).ToHashSet();
        Assert.All(graph.Layers, layer => Assert.True(graph.TypeOf(layer.Name).Quantization is not { } quantization || scales.Contains(quantization.Scale), layer.Name));
    }
}
