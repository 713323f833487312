using System.Reflection;
using AccelSim.Gpu;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace AccelSim.Tests.Gpu;

/// <summary>Without a CUDA device: every kernel at least compiles to PTX, for Turing and Ampere (the newest target of ILGPU 1.5.3 is sm_80, which later devices run too).</summary>
[Collection(OnGpu.Name)]
public sealed class CudaCompilationTests
{
    [Theory]
    [InlineData(7, 5)]
    [InlineData(8, 0)]
    public void EveryKernelCompilesToPtx(int major, int minor)
    {
        using var context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        var architecture = new CudaArchitecture(major, minor);
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, null);
        foreach (var kernel in Kernels())
        {
            var compiled = backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization());
            string assembly = Assert.IsType<PTXCompiledKernel>(compiled).PTXAssembly;
            Assert.Contains($".target sm_{major}{minor}", assembly, StringComparison.Ordinal);
            Assert.Contains(".entry", assembly, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<MethodInfo> Kernels()
    {
        Type[] products = [typeof(BatchedProduct), typeof(UnitProbabilities), typeof(TransposedProduct), typeof(WeightGradientProduct)];
        Type[][] macs = [[typeof(float), typeof(float), typeof(FloatMac)], [typeof(float), typeof(float), typeof(SquaredDistance)], [typeof(sbyte), typeof(int), typeof(CodeMac)]];
        Type[][] elements = [[typeof(float)], [typeof(sbyte)]];
        // Every public method of a class called so is a kernel: one that is added is compiled here, or its type arguments are missing below.
        var classes = typeof(ElementwiseKernels).Assembly.GetTypes().Where(type => type.Name.EndsWith("Kernel", StringComparison.Ordinal) || type.Name.EndsWith("Kernels", StringComparison.Ordinal)).ToList();
        Assert.True(classes.Count >= 8, "kernels were not found");
        foreach (var kernel in classes.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)))
        {
            IEnumerable<Type[]> arguments = kernel.GetGenericArguments() switch
            {
                [] => [[]],
                [{ Name: "TProduct" }] => products.Select(product => new[] { product }),
                [_] => elements,
                _ => macs,
            };
            foreach (var types in arguments)
                yield return types.Length == 0 ? kernel : kernel.MakeGenericMethod(types);
        }
    }
}
