using System.Collections.Immutable;

namespace AccelSim.Models.Onnx.Tensors;

/// <summary>
/// The codes behind a constant that the file stores quantized: real = scale[c] · (code − zero[c]), c the index along <see cref="Axis"/>
/// (one scale and zero point for all when there is but one).
/// </summary>
/// <param name="Codes">int8, uint8 or int32 codes.</param>
/// <param name="Scales">One, or one for each index along the axis.</param>
/// <param name="ZeroPoints">As many as scales, in the codes' type.</param>
/// <param name="Axis">The axis of the scales; 0 when there is but one.</param>
public sealed record QuantizedOrigin(HostTensor Codes, ImmutableArray<double> Scales, ImmutableArray<int> ZeroPoints, int Axis)
{
    public bool IsPerTensor => Scales.Length == 1;

    internal double Real(long index)
    {
        int channel = IsPerTensor ? 0 : (int)(index / Codes.Stride(Axis) % Scales.Length);
        return (float)Scales[channel] * (float)(Codes.Integer(index) - ZeroPoints[channel]);
    }
}
