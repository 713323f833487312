using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>What a device can do at most, as far as a kernel of ours can make it.</summary>
[ExcludeFromCodeCoverage]
internal static class CeilingKernels
{
    /// <summary>Multiply-adds of a thread in one round: eight chains, eight long.</summary>
    public const int MultiplyAddsOfRound = 64;

    /// <summary>Eight independent chains of multiply-adds in registers, the barrier where <see cref="PanelKernel"/> has it.</summary>
    public static void MultiplyAdd(ArrayView<float> output, float factor, int rounds)
    {
        float a = Group.IdxX, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7;
        for (int round = 0; round < rounds; round++)
        {
            a = Chain(a, factor);
            b = Chain(b, factor);
            c = Chain(c, factor);
            d = Chain(d, factor);
            e = Chain(e, factor);
            f = Chain(f, factor);
            g = Chain(g, factor);
            h = Chain(h, factor);
            Group.Barrier();
        }
        output[Grid.IdxX * Group.DimX + Group.IdxX] = a + b + c + d + e + f + g + h;
    }

    public static void Copy(ArrayView<float> from, ArrayView<float> to)
    {
        int index = Grid.IdxX * Group.DimX + Group.IdxX;
        to[index] = from[index];
    }

    private static float Chain(float x, float factor)
    {
        x = x * factor + 0.5f;
        x = x * factor + 0.25f;
        x = x * factor + 0.125f;
        x = x * factor + 0.5f;
        x = x * factor + 0.25f;
        x = x * factor + 0.125f;
        x = x * factor + 0.5f;
        return x * factor + 0.25f;
    }
}
