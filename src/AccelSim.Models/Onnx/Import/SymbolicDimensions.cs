using System.Collections.Immutable;
using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx.Import;

/// <summary>An input's extents: from the value given, from the file, or for symbolic ones from <c>--dim</c>; an unset batch is 1.</summary>
internal static class SymbolicDimensions
{
    /// <exception cref="OnnxException">A dimension is not set, or the given value does not fit.</exception>
    public static ImmutableArray<int> Extents(string input, TensorShapeProto? shape, OnnxImportOptions options, Action<string> note)
    {
        options.Inputs.TryGetValue(input, out var given);
        if (shape is null)
            return given?.Extents ?? throw new OnnxException($"the input '{input}' has no shape: infer shapes (onnx.shape_inference) and store them.");
        if (given is not null && given.Rank != shape.Dim.Count)
            throw new OnnxException($"the input '{input}' has {shape.Dim.Count} dimensions, but the given value has shape {HostTensor.Text(given.Extents)}.");
        if (shape.Dim.Count > HostTensor.LargestRank)
            throw new OnnxException($"the input '{input}' has {shape.Dim.Count} dimensions; at most {HostTensor.LargestRank} are supported.");
        var extents = ImmutableArray.CreateBuilder<int>(shape.Dim.Count);
        for (int i = 0; i < shape.Dim.Count; i++)
            extents.Add(Extent(input, i, shape.Dim[i], given?.Extents[i], options, note));
        return extents.MoveToImmutable();
    }

    private static int Extent(string input, int index, TensorShapeProto.Types.Dimension dimension, int? given, OnnxImportOptions options, Action<string> note)
    {
        if (dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && (dimension.DimValue != 0 || given is 0))
        {
            if (dimension.DimValue is < 0 or > int.MaxValue)
                throw new OnnxException($"dimension {index} of the input '{input}' is {dimension.DimValue}; dimensions are 1 to 2^31 − 1.");
            if (given is { } value && value != dimension.DimValue)
                throw new OnnxException($"dimension {index} of the input '{input}' is {dimension.DimValue}, but the given value has {value}.");
            return (int)dimension.DimValue;
        }
        string name = dimension.DimParam.Length > 0 ? dimension.DimParam : $"{input}:{index}";
        if (given is { } known)
            return known;
        if (options.Dimensions.TryGetValue(name, out int set) || options.Dimensions.TryGetValue($"{input}:{index}", out set))
            return set;
        if (index == 0)
        {
            note($"the batch '{name}' of the input '{input}' is taken as 1 (--dim {name}=1)");
            return 1;
        }
        throw new OnnxException($"dimension {index} of the input '{input}' is not fixed: set it, for example --dim {name}=224.");
    }
}
