using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Recognition;

/// <summary>
/// A constant a channel added to a convolution or fully connected layer that has no bias is its bias, also behind the reshape that MatMul of
/// more than two dimensions needs.
/// </summary>
internal static class BiasRecognition
{
    public static void Apply(Draft draft, IReadOnlyCollection<string> outputs)
    {
        var readers = new DraftReaders(draft, outputs);
        foreach (var layer in draft.Layers.Where(layer => readers.Live.Contains(layer.Name)))
        {
            if (Added(readers, layer) is not var (value, literal) || !readers.IsReadOnce(value))
                continue;
            var reshape = readers.Producer(value) is { Operator: Reshape } between ? between : null;
            if (readers.Producer(reshape?.Inputs[0] ?? value) is not { Operator: Convolution { Integer: null, Clamp: ClampKind.None } or FullyConnected { Integer: null, Clamp: ClampKind.None } } weighted
                || weighted.Constants.Count != 1 || !readers.IsReadOnce(weighted.Name))
                continue;
            int channels = weighted.Type.Channels, axis = weighted.Operator is Convolution ? 1 : draft.TypeOf(value).Shape.Rank - 1;
            if (Bias(literal, draft.TypeOf(value).Shape, axis, channels) is not { } bias || draft.TypeOf(value).Shape != layer.Type.Shape)
                continue;
            if (reshape is null)
            {
                draft.Rewrite(layer, weighted.Operator, weighted.Inputs, weighted.Constants[0], bias);
            }
            else
            {
                draft.Rewrite(weighted, weighted.Operator, weighted.Inputs, weighted.Constants[0], bias);
                draft.Rewrite(layer, reshape.Operator, reshape.Inputs);
            }
        }
    }

    /// <summary>The value and the constant that a layer adds.</summary>
    private static (string Value, HostTensor Constant)? Added(DraftReaders readers, DraftLayer layer)
    {
        if (layer.Operator is Activation { Kind: ActivationKind.Affine, Alpha: 1, Integer: null } affine)
            return (layer.Inputs[0], HostTensor.Of([], [(float)affine.Beta]));
        if (layer.Operator is not Add { Integer: null, Clamp: ClampKind.None })
            return null;
        for (int i = 0; i < 2; i++)
        {
            if (readers.OperatorOf<Literal>(layer.Inputs[i], out var literal) is { Integer: null } && literal.Constants[0].Host is { } constant)
                return (layer.Inputs[1 - i], constant);
        }
        return null;
    }

    /// <summary>The constant as one value a channel, or null where it varies along another axis.</summary>
    private static HostTensor? Bias(HostTensor constant, Shape shape, int axis, int channels)
    {
        if (axis < 0 || shape[axis] != channels)
            return null;
        if (constant.Elements == 1)
            return HostTensor.Uniform([channels], constant.Real(0), DataType.Float);
        int at = axis - (shape.Rank - constant.Rank);
        if (constant.Elements != channels || at < 0 || constant.Extents[at] != channels)
            return null;
        return constant.Reshape([channels]);
    }
}
