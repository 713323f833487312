using AccelSim.Graph;
using TorchSharp;
using TorchTensor = TorchSharp.torch.Tensor;

namespace AccelSim.Reference;

/// <summary>
/// The reference: float graphs in float32 or float64, quantized graphs in exact integer arithmetic, all on libtorch.
/// </summary>
public sealed class ReferenceBackend(bool doublePrecision = false) : IBackend
{
    public string Name => "reference";

    /// <summary>Whether a layer of this operator can be executed.</summary>
    public static bool Supports(Operator op) => op.IsInteger
        ? IntegerOperators.Table.ContainsKey(op.GetType())
        : FloatOperators.Table.ContainsKey(op.GetType()) || op is Quantize or Dequantize;

    public IExecutor Compile(LayerGraph graph) => new Executor(graph, doublePrecision);

    private sealed class Executor : IExecutor
    {
        private readonly LayerGraph _graph;
        private readonly bool _doublePrecision;
        private readonly Dictionary<string, TorchTensor> _constants = [];

        public Executor(LayerGraph graph, bool doublePrecision)
        {
            TorchRuntime.Ensure();
            (_graph, _doublePrecision) = (graph, doublePrecision);
            foreach (var layer in graph.Layers)
            {
                if (!Supports(layer.Operator))
                    throw new UnsupportedOperatorException("reference", layer.Name, layer.Operator.Name, $"it has no {(layer.Operator.IsInteger ? "integer" : "float")} implementation.");
            }
            foreach (var constant in graph.Constants.Values)
                _constants[constant.Name] = Working(constant.Value.ToTorch()).DetachFromDisposeScope();
        }

        public IReadOnlyDictionary<string, Tensor> Run(
            IReadOnlyDictionary<string, Tensor> inputs, bool everyLayer = false, CancellationToken cancellation = default)
        {
            _graph.CheckInputs(inputs);
            using var scope = torch.NewDisposeScope();
            using var inference = torch.no_grad();
            var values = _graph.Inputs.ToDictionary(input => input.Name, input => Working(inputs[input.Name].ToTorch()));
            foreach (var layer in _graph.Layers)
            {
                cancellation.ThrowIfCancellationRequested();
                values[layer.Name] = Execute(layer, values);
            }
            var wanted = everyLayer ? _graph.Layers.Select(layer => layer.Name) : _graph.Outputs;
            return wanted.Distinct().ToDictionary(name => name, name => values[name].ToTensor());
        }

        public void Dispose()
        {
            foreach (var constant in _constants.Values)
                constant.Dispose();
        }

        private TorchTensor Execute(Layer layer, Dictionary<string, TorchTensor> values)
        {
            using var scope = torch.NewDisposeScope();
            TorchTensor[] constants = [.. layer.Constants.Select(name => _constants.GetValueOrDefault(name) ?? values[name])];
            TorchTensor[] inputs = [.. layer.Inputs.Select(name => values[name])];
            var result = layer.Operator switch
            {
                { IsInteger: true } => IntegerOperators.Table[layer.Operator.GetType()](
                    layer.Operator, [.. layer.Inputs.Zip(inputs, (name, codes) => (codes, _graph.TypeOf(name).Quantization!.Value))], constants),
                Quantize quantize => ((inputs[0].to(torch.float64).nan_to_num(0) / quantize.Output.Scale).round() + quantize.Output.ZeroPoint)
                    .clamp(sbyte.MinValue, sbyte.MaxValue).to(torch.int8),
                Dequantize => Working((inputs[0].to(torch.int32) - ZeroPoint(layer)).to(torch.float32)) * (float)_graph.TypeOf(layer.Inputs[0]).Quantization!.Value.Scale,
                Pad pad when _graph.TypeOf(layer.Name).Quantization is { } codes => MovementOperators.Padded(pad, inputs[0], codes.Encode(pad.Value)),
                _ => FloatOperators.Table[layer.Operator.GetType()](layer.Operator, inputs, constants, training: false),
            };
            return result.MoveToOuterDisposeScope();
        }

        private int ZeroPoint(Layer layer) => _graph.TypeOf(layer.Inputs[0]).Quantization!.Value.ZeroPoint;

        private TorchTensor Working(TorchTensor tensor) => _doublePrecision && tensor.dtype == torch.float32 ? tensor.to(torch.float64) : tensor;
    }
}
