using System.Reflection;
using AccelSim.Gpu;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace AccelSim.Tests.Gpu;

/// <summary>
/// Without a CUDA device: every kernel compiles to PTX for Turing and Ampere, in the form that was meant. The newest target of ILGPU 1.5.3 is sm_80 with
/// ISA 8.0; PTX is forward compatible, so that a driver compiles the same text for sm_90: that is all that can be said of it here.
/// </summary>
[Collection(OnGpu.Name)]
public sealed class CudaCompilationTests
{
    private static readonly Type[] Words = [typeof(int), typeof(int), typeof(sbyte), typeof(WordPanel)];

    [Theory]
    [InlineData(7, 5)]
    [InlineData(8, 0)]
    public void EveryKernelCompilesToPtxOfItsForm(int major, int minor)
    {
        int withBarriers = 0, withDotProducts = 0;
        foreach (var (kernel, assembly) in Compile(new CudaArchitecture(major, minor), CudaInstructionSet.ISA_80, Kernels()))
        {
            string name = $"{kernel.DeclaringType!.Name}.{kernel.Name}<{string.Join(", ", kernel.GetGenericArguments().Select(type => type.Name))}>";
            Assert.Contains($".target sm_{major}{minor}", assembly, StringComparison.Ordinal);
            Assert.Contains(".entry", assembly, StringComparison.Ordinal);
            // Local memory is global memory with another name: an array or a struct that could not stay in registers. Only the result of inline PTX passes through it,
            // because ILGPU takes the address of a variable for it; whether ptxas keeps that variable in a register cannot be seen here.
            Assert.True(kernel.GetGenericArguments().Contains(typeof(WordPanel)) == assembly.Contains(".local", StringComparison.Ordinal), $"{name} uses local memory");
            bool isGroupKernel = kernel.DeclaringType == typeof(PanelKernel) || kernel.DeclaringType == typeof(VectorKernel) || kernel.DeclaringType == typeof(MatrixKernel);
            Assert.True(!isGroupKernel || assembly.Contains("bar.sync", StringComparison.Ordinal), $"{name} has no barrier");
            Assert.True(kernel.DeclaringType != typeof(MatrixKernel) || assembly.Contains(".shared", StringComparison.Ordinal), $"{name} has no shared memory");
            Assert.Equal(kernel.GetGenericArguments().Contains(typeof(WordPanel)), assembly.Contains("dp4a.s32.s32", StringComparison.Ordinal));
            withBarriers += assembly.Contains("bar.sync", StringComparison.Ordinal) ? 1 : 0;
            withDotProducts += assembly.Contains("dp4a", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.True(withBarriers >= 20 && withDotProducts == 6, $"{withBarriers} kernels with barriers, {withDotProducts} with dp4a");
    }

    /// <summary>Eight terms of eight rows: 64 multiply-adds between two barriers, none of them lost, and no more loads than operands.</summary>
    [Fact]
    public void ThePanelKernelReadsEachOperandOnce()
    {
        var kernel = typeof(PanelKernel).GetMethod(nameof(PanelKernel.Run))!.MakeGenericMethod([.. Words, typeof(DensePixels)]);
        string assembly = Compile(new CudaArchitecture(8, 0), CudaInstructionSet.ISA_80, [kernel]).Single().Assembly;
        // Nine terms: eight of the loop and the one of the loop for what remains.
        Assert.Equal(9 * PanelKernel.Rows, Count(assembly, "dp4a.s32.s32"));
        Assert.Equal(2, Count(assembly, "bar.sync"));
        // Offsets, columns and weights of nine terms, then the four constants of each of eight channels at most.
        Assert.InRange(Count(assembly, "ld.global"), 9 * (2 + PanelKernel.Rows), 9 * (2 + PanelKernel.Rows) + 4 * PanelKernel.Rows);

        static int Count(string text, string word) => text.Split(word).Length - 1;
    }

    private static IEnumerable<(MethodInfo Kernel, string Assembly)> Compile(CudaArchitecture architecture, CudaInstructionSet set, IEnumerable<MethodInfo> kernels)
    {
        using var context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, set, null);
        foreach (var kernel in kernels)
        {
            var compiled = backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization());
            yield return (kernel, Assert.IsType<PTXCompiledKernel>(compiled).PTXAssembly);
        }
    }

    private static IEnumerable<MethodInfo> Kernels()
    {
        Type[] products = [typeof(BatchedProduct), typeof(UnitProbabilities), typeof(TransposedProduct), typeof(WeightGradientProduct)];
        Type[][] macs = [[typeof(float), typeof(float), typeof(FloatMac)], [typeof(float), typeof(float), typeof(SquaredDistance)], [typeof(sbyte), typeof(int), typeof(CodeMac)]];
        Type[][] elements = [[typeof(float)], [typeof(sbyte)]];
        Type[][] words = [[typeof(float)], [typeof(int)]];
        Type[] columns = [typeof(DensePixels), typeof(PitchedPixels), typeof(OutputChannels)];
        Type[][] arithmetics = [[typeof(float), typeof(float), typeof(float), typeof(FloatPanel)], Words, [typeof(sbyte), typeof(int), typeof(sbyte), typeof(CodePanel)]];
        Type[][] panels = [.. arithmetics.SelectMany(_ => columns, (arithmetic, kind) => arithmetic.Append(kind).ToArray())];
        // Every public method of a class called so is a kernel: one that is added is compiled here, or its type arguments are missing below.
        var classes = typeof(ElementwiseKernels).Assembly.GetTypes().Where(type => type.Name.EndsWith("Kernel", StringComparison.Ordinal) || type.Name.EndsWith("Kernels", StringComparison.Ordinal)).ToList();
        Assert.True(classes.Count >= 8, "kernels were not found");
        foreach (var kernel in classes.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)))
        {
            IEnumerable<Type[]> arguments = kernel.GetGenericArguments() switch
            {
                [] => [[]],
                [{ Name: "TProduct" }] => products.Select(product => new[] { product }),
                [{ Name: "TWord" }] => words,
                [_] => elements,
                [_, _, _, _, _] => panels,
                _ => macs,
            };
            foreach (var types in arguments)
                yield return types.Length == 0 ? kernel : kernel.MakeGenericMethod(types);
        }
    }
}
