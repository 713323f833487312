using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Studies.Validate;

namespace AccelSim.Tests.Studies.Validate;

public sealed class PublishedNetworkTests
{
    [Theory]
    [InlineData("mobilenet_v2_1.4", "img=224", "mobilenet_v2-1.40-224")]
    [InlineData("mobilenetv1_x0.25", "img=128x128", "mobilenet_v1-0.25-128")]
    [InlineData("MobileNet-V3-small-minimalistic", "img=192", "mobilenet_v3_small-minimalistic-1.00-192")]
    [InlineData("mobilenet_v3_large_0.75", "", "mobilenet_v3_large-0.75-224")]
    [InlineData("inception_v1", "", "googlenet-224")]
    [InlineData("vgg16_bn", "img=224*224*3", "vgg16-batch-norm-on-224")]
    [InlineData("resnext50_32x4d", "", "resnext50-224")]
    [InlineData("resnet_50", "ops_g=7.7", "resnet50-stride-1x1-224")]
    [InlineData("resnet50", "ops_g=8.2", "resnet50-224")]
    [InlineData("resnet101", "ops_g=14.4", "resnet101-halving-last-224")]
    [InlineData("googlenet", "ops_g=3", "googlenet-torchvision-224")]
    [InlineData("googlenet", "ops_g=3.16", "googlenet-224")]
    [InlineData("squeezenet_1.1", "img=227", "squeezenet-1.1-227")]
    [InlineData("squeezenet", "ops_g=0.3517", "squeezenet-1.1-224")]
    [InlineData("squeezenet", "img=224", "squeezenet-224")]
    public void NamesAndCountsFindTheForm(string name, string variant, string graph) => Assert.Equal(graph, Find(name, variant).Graph.Name);

    [Fact]
    public void EveryFamilyOfTheZooIsFoundByItsName() =>
        Assert.All(NetworkZoo.Families, family => Assert.Equal(family.Build(new NetworkOptions()).Name, Find(family.Name, "").Graph.Name));

    [Fact]
    public void ASlashNamesALayer() => Assert.Equal("conv2", Find("alexnet/conv2", "").Layer);

    [Theory]
    [InlineData("yolov9", "img=416", "there is no network 'yolov9' in the zoo")]
    [InlineData("", "", "the row names no network")]
    [InlineData("alexnet_sparse", "", "the zoo's alexnet has no form 'sparse' (in 'alexnet_sparse')")]
    [InlineData("resnet34", "img=1280x768", "networks of the zoo take square images, not 1280×768")]
    [InlineData("resnet18", "ops_g=28", "the row's network has 14 billion MACs, and the nearest form of the zoo's resnet18 has 1.8")]
    public void WhatTheZooLacksSaysSo(string name, string variant, string message) =>
        Assert.StartsWith(message, Assert.Throws<GraphException>(() => Find(name, variant)).Message);

    private static PublishedNetwork Find(string name, string variant) =>
        PublishedNetwork.Of(new PublishedRow("t.csv", 2, "p", name, new PublishedVariant(variant), 1, "int8", "latency", 1, "ms", "s", "verified"), 1);
}
