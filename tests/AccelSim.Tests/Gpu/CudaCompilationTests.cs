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
        const BindingFlags entries = BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly;
        foreach (var method in typeof(ElementwiseKernels).GetMethods(entries).Concat(typeof(PoolingKernels).GetMethods(entries)))
            yield return method;
        foreach (var method in typeof(MatrixKernel).GetMethods(entries).Concat(typeof(DepthwiseKernel).GetMethods(entries)))
        {
            yield return method.MakeGenericMethod(typeof(float), typeof(float), typeof(FloatMac));
            yield return method.MakeGenericMethod(typeof(float), typeof(float), typeof(SquaredDistance));
            yield return method.MakeGenericMethod(typeof(sbyte), typeof(int), typeof(CodeMac));
        }
    }
}
