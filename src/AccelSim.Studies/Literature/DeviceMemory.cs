using AccelSim.Graph;

namespace AccelSim.Studies.Literature;

/// <summary>VGG-16 on a device with 512 MB.</summary>
public sealed class DeviceMemory : LiteratureStudy
{
    private const long Megabyte = 1_000_000;
    private const long Mebibyte = 1 << 20;

    public override string Topic => "vgg16-512mb";

    public override string Question => "Do VGG-16's weights fit a device with 512 MB?";

    public override StudyResult Run()
    {
        var graph = Folded("vgg16");
        long parameters = graph.TotalCost().Parameters, connected = graph.Layers.Where(layer => layer.Operator is FullyConnected).Sum(layer => graph.CostOf(layer).Parameters);
        long alive = graph.PeakActivationBytes() / ElementType.Float32.Bytes();
        var rows = new (string Precision, int Bytes)[] { ("float32", 4), ("float16", 2), ("int8", 1) }.Select(precision => (string[])
        [
            precision.Precision, Megabytes(parameters * precision.Bytes), Megabytes((parameters + alive) * precision.Bytes),
            Fits((parameters + alive) * precision.Bytes, 512 * Megabyte), Fits((parameters + alive) * precision.Bytes, 512 * Mebibyte),
        ]);
        return new StudyResult(
            Topic, Question, "Simonyan and Zisserman, ICLR 2015 (138 million parameters)",
            "bytes of weights, and of the largest sum of live activations of one 224×224 image, counted on the layer graph; nothing for code, buffers or an operating system",
            [new StudyTable("VGG-16", ["precision", "weights MB", "with activations MB", "in 512 MB", "in 512 MiB"], [.. rows])],
            [
                new Finding("float32 weights alone exceed 512 MB, and 512 MiB too", parameters * 4 > 512 * Mebibyte, Text($"{parameters:N0} × 4 = {parameters * 4 / 1e6:f1} MB = {parameters * 4.0 / Mebibyte:f1} MiB")),
                new Finding("float16 fits with its activations", (parameters + alive) * 2 < 512 * Megabyte, Text($"{(parameters + alive) * 2 / 1e6:f1} MB")),
                new Finding(
                    "the three fully connected layers are most of it: without them float32 fits easily", connected > 0.85 * parameters && (parameters - connected) * 4 < 512 * Megabyte,
                    Text($"{connected:N0} of {parameters:N0} parameters ({100.0 * connected / parameters:f1} %); the convolutions take {(parameters - connected) * 4 / 1e6:f1} MB")),
            ]);

        static string Fits(long bytes, long memory) => bytes <= memory ? "yes" : Text($"no, {Megabytes(bytes - memory)} MB too many");
    }
}
