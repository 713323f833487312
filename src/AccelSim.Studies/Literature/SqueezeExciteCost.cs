using AccelSim.Gpu;
using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;

namespace AccelSim.Studies.Literature;

/// <summary>What squeeze-and-excite and h-swish cost MobileNetV3-Large.</summary>
public sealed class SqueezeExciteCost : LiteratureStudy
{
    private const string NetworkName = "mobilenet_v3_large";
    private const string Gpu = "t4";
    private const string Stack = "library";

    public override string Topic => "squeeze-excite";

    public override string Question => "What do squeeze-and-excite and h-swish, fused and not, cost MobileNetV3-Large?";

    public override StudyResult Run()
    {
        var catalog = PlatformCatalog.Open();
        var specification = PlatformModels.Gpu((GpuPlatform)catalog.Find(Gpu));
        var stack = PlatformModels.Stack(StackProfile.Find(catalog, Stack));
        var (with, cost) = Measured(new NetworkOptions());
        var (without, plain) = Measured(new NetworkOptions("no-se"));
        var swishes = with.Layers.Where(layer => layer.Operator is Activation { Kind: ActivationKind.HardSwish }).ToList();
        long swishBytes = swishes.Sum(layer => with.CostOf(layer).InputBytes + with.CostOf(layer).OutputBytes);
        double seconds = Seconds(with), swishSeconds = GpuTimeModel.Estimate(specification, stack, with, NumberFormat.Float32).Kernels
            .Where(layer => swishes.Any(swish => layer.Layers.Contains(swish.Name))).Sum(layer => layer.Timing.Seconds);
        string[] Row(string name, LayerCost total, double time) =>
            [name, Count(total.Parameters), Count(total.Macs), Megabytes(Moved(total)), Text($"{1e3 * time:f2}")];
        return new StudyResult(
            Topic, Question, "Hu et al., CVPR 2018, section 4 (SE: 0.26 % more operations and 10 % more parameters in ResNet-50); Howard et al., ICCV 2019, section 5.2 (h-swish is nearly free once fused)",
            $"parameters, MACs and float32 bytes moved, counted at 224×224; time modelled for {Gpu} ({Stack}, batch 1, a kernel a layer)",
            [
                new StudyTable("MobileNetV3-Large", ["network", "parameters", "MACs", "bytes moved MB", $"modelled ms on {Gpu}"],
                [
                    Row("with SE, h-swish as kernels of their own", cost, seconds),
                    Row("with SE, h-swish fused", cost with { InputBytes = cost.InputBytes - swishBytes / 2, OutputBytes = cost.OutputBytes - swishBytes / 2 }, seconds - swishSeconds),
                    Row("without SE, h-swish as kernels of their own", plain, Seconds(without)),
                ]),
            ],
            [
                new Finding(
                    "SE costs many parameters and hardly any MACs", cost.Macs - plain.Macs < 0.01 * cost.Macs && cost.Parameters - plain.Parameters > 0.2 * cost.Parameters,
                    Text($"{100.0 * (cost.Parameters - plain.Parameters) / cost.Parameters:f1} % of the parameters, {100.0 * (cost.Macs - plain.Macs) / cost.Macs:f2} % of the MACs")),
                new Finding(
                    "yet SE costs time: every block's activations are read again to be scaled", Seconds(without) < 0.95 * seconds,
                    Text($"{100 * (1 - Seconds(without) / seconds):f0} % of the modelled time, {100.0 * (Moved(cost) - Moved(plain)) / Moved(cost):f0} % of the bytes")),
                new Finding(
                    "h-swish is free of MACs; unfused it moves every activation once more in and out", swishBytes > 0.05 * Moved(cost),
                    Text($"{swishes.Count} layers, {swishBytes / 1e6:f1} MB of {Moved(cost) / 1e6:f1} MB, {100 * swishSeconds / seconds:f0} % of the modelled time; fused, nothing")),
            ]);

        double Seconds(LayerGraph graph) => GpuTimeModel.Estimate(specification, stack, graph, NumberFormat.Float32).Seconds;

        // Parameters as the literature counts them, batch norm included; bytes and time as inference runs.
        static (LayerGraph Graph, LayerCost Cost) Measured(NetworkOptions options)
        {
            var folded = Folded(NetworkName, options);
            return (folded, folded.TotalCost() with { Parameters = Network(NetworkName, options).TotalCost().Parameters });
        }

        static long Moved(LayerCost total) => total.ConstantBytes + total.InputBytes + total.OutputBytes;
    }
}
