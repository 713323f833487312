using AccelSim.Rtl;
using AccelSim.Rtl.Network;

namespace AccelSim.Tests.Rtl;

/// <summary>A user's own folding: what generate writes reads back the same, and what is wrong is named.</summary>
public sealed class FoldingFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static StageGraph Graph => new RandomNetwork(1, 1, 3, 6, 6).Convolve(4, 3, 1, new()).Pointwise(8).Stages;

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        StageFolding[] foldings = [new(3, 9, 2), new(2, 1, 4) { Streaming = new WeightStreaming(4, 8) }];
        FoldingFile.Write(_folder["f.json"], new PipelineNetlist(Graph, foldings));
        Assert.Equal(foldings, FoldingFile.Read(_folder["f.json"], Graph));
    }

    [Theory]
    [InlineData("""{ "l0": { "in": 3 } }""", "the layer 'l1' is missing: add \"l1\": { \"in\": 1 } or what it shall be.")]
    [InlineData("""{ "l0": { }, "l1": { }, "l2": { } }""", "'random' has no stage for 'l2'.")]
    [InlineData("""{ "l0": { }, "l0": { }, "l1": { } }""", "the layer 'l0' is there twice.")]
    [InlineData("""{ "l0": { "in": 2 }, "l1": { } }""", "2 input channels at once are not possible in l0: the nearest legal choices are 1 and 3.")]
    [InlineData("""{ "l0": { "taps": 4 }, "l1": { } }""", "4 taps at once are not possible in l0: the nearest legal choices are 3 and 9.")]
    [InlineData("""{ "l0": { }, "l1": { "out": 3 } }""", "3 output channels at once are not possible in l1: the nearest legal choices are 2 and 4.")]
    [InlineData("""{ "l0": { "PE": 3 }, "l1": { } }""", "the layer 'l0' has an entry 'PE': a folding has 'in', 'taps', 'out', 'packed' and 'stream'.")]
    [InlineData("""{ "l0": { "in": -3 }, "l1": { } }""", "'in' of the layer 'l0' must be a whole number of at least 1, but is -3.")]
    [InlineData("""{ "l0": { "in": 1.5 }, "l1": { } }""", "'in' of the layer 'l0' must be a whole number of at least 1, but is 1.5.")]
    [InlineData("""{ "l0": [], "l1": { } }""", "the layer 'l0' must be an object, but is [].")]
    [InlineData("""[]""", "the file must be an object, but is [].")]
    [InlineData("""{ "l0": { "stream": { } }, "l1": { } }""", "The weights of l0 cannot be streamed: only those of pointwise and fully connected layers are read in one pass.")]
    [InlineData("""{ "l0": { }, "l1": { "stream": { "pixels": 5 } } }""", "5 pixels a pass of the weights are not possible in l1: the nearest legal choices are 4 and 8.")]
    [InlineData("""{ "l0": { }, "l1": { "out": 4, "stream": { "lanes": 3 } } }""", "3 weights a beat are not possible in l1: the nearest legal choices are 2 and 4.")]
    public void What_is_wrong_is_named(string text, string message)
    {
        File.WriteAllText(_folder["f.json"], text);
        var error = Assert.Throws<FoldingException>(() => FoldingFile.Read(_folder["f.json"], Graph));
        Assert.Equal($"{_folder["f.json"]}: {message}", error.Message);
    }

    [Fact]
    public void Text_that_is_no_JSON_is_named_with_its_line()
    {
        File.WriteAllText(_folder["f.json"], "{\n\"l0\": {,\n}");
        var error = Assert.Throws<FoldingException>(() => FoldingFile.Read(_folder["f.json"], Graph));
        Assert.StartsWith($"{_folder["f.json"]}(2): no JSON: ", error.Message);
    }
}
