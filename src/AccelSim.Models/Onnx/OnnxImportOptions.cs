using AccelSim.Graph;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Models.Onnx;

/// <summary>What an import is asked for.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>Extents of symbolic dimensions by name (<c>--dim N=1</c>); <c>input:2</c> names the dimension 2 of an input that has no name.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// Values of graph inputs, where they are known: they fix the input's extents, and stand in where an operator needs a constant.
    /// </summary>
    public IReadOnlyDictionary<string, HostTensor> Inputs { get; init; } = new Dictionary<string, HostTensor>();

    /// <summary>m, the bits of requantization multipliers.</summary>
    public int MultiplierBits { get; init; } = Requantization.DefaultMultiplierBits;
}
