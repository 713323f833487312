using System.Diagnostics.CodeAnalysis;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace AccelSim.Gpu;

/// <summary>Four int8 codes in a 32-bit word, the first in its lowest byte.</summary>
[ExcludeFromCodeCoverage]
internal static class CodeWord
{
    /// <summary>Codes of a word.</summary>
    public const int Codes = 4;

    public static int Of(int a, int b, int c, int d) => (a & 0xFF) | (b & 0xFF) << 8 | (c & 0xFF) << 16 | d << 24;

    /// <summary>[outputs, channels, taps] as [outputs, words of four channels, taps], 0 for channels past the last.</summary>
    public static int[] Pack(ReadOnlySpan<sbyte> weights, int outputs, int channels, int taps)
    {
        int words = (channels + Codes - 1) / Codes;
        int[] packed = new int[outputs * words * taps];
        for (int i = 0; i < weights.Length; i++)
        {
            var (place, tap) = Math.DivRem(i, taps);
            var (output, channel) = Math.DivRem(place, channels);
            packed[(output * words + channel / Codes) * taps + tap] |= (weights[i] & 0xFF) << (8 * (channel % Codes));
        }
        return packed;
    }

    /// <summary>sum + a₀·b₀ + a₁·b₁ + a₂·b₂ + a₃·b₃: one instruction on CUDA devices from sm_61 on (PTX ISA, dp4a), the same integer elsewhere.</summary>
    [IntrinsicImplementation]
    public static int MultiplyAdd(int a, int b, int sum) => Sum(a, b, sum);

    /// <summary>
    /// Teaches a context the instruction. Not by CudaAsm.Emit, which hands its result over through a variable in local memory.
    /// </summary>
    public static void Register(Context context)
    {
        var method = typeof(CodeWord).GetMethod(nameof(MultiplyAdd))!;
        context.GetIntrinsicManager().RegisterMethod(method, new PTXIntrinsic(typeof(CodeWord), nameof(EmitDotProduct), IntrinsicImplementationMode.GenerateCode));
        context.GetIntrinsicManager().RegisterMethod(method, new CLIntrinsic(typeof(CodeWord), nameof(Sum), IntrinsicImplementationMode.Redirect));
    }

    private static int Sum(int a, int b, int sum) =>
        sum + (sbyte)a * (sbyte)b + (sbyte)(a >> 8) * (sbyte)(b >> 8) + (sbyte)(a >> 16) * (sbyte)(b >> 16) + (a >> 24) * (b >> 24);

    private static void EmitDotProduct(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var (a, b, sum) = (generator.LoadPrimitive(value[0]), generator.LoadPrimitive(value[1]), generator.LoadPrimitive(value[2]));
        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand("dp4a.s32.s32");
        command.AppendArgument(result);
        command.AppendArgument(a);
        command.AppendArgument(b);
        command.AppendArgument(sum);
    }
}
