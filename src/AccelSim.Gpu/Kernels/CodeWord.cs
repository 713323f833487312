using System.Diagnostics.CodeAnalysis;
using ILGPU.Runtime.Cuda;

namespace AccelSim.Gpu;

/// <summary>Four int8 codes in a 32-bit word, the first in its lowest byte.</summary>
[ExcludeFromCodeCoverage]
internal static class CodeWord
{
    /// <summary>Codes of a word.</summary>
    public const int Codes = 4;

    public static int Of(int a, int b, int c, int d) => (a & 0xFF) | (b & 0xFF) << 8 | (c & 0xFF) << 16 | d << 24;

    /// <summary>sum + a₀·b₀ + a₁·b₁ + a₂·b₂ + a₃·b₃: one instruction on CUDA devices from sm_61 on (PTX ISA, dp4a), the same integer elsewhere.</summary>
    public static int MultiplyAdd(int a, int b, int sum)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("dp4a.s32.s32 %0, %1, %2, %3;", out int result, a, b, sum);
            return result;
        }
        return sum + (sbyte)a * (sbyte)b + (sbyte)(a >> 8) * (sbyte)(b >> 8) + (sbyte)(a >> 16) * (sbyte)(b >> 16) + (a >> 24) * (b >> 24);
    }
}
