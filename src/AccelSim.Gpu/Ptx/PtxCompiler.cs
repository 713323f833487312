using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace AccelSim.Gpu;

/// <summary>Compiles kernels to PTX without a device.</summary>
internal sealed partial class PtxCompiler : IDisposable
{
    private readonly Context _context;
    private readonly PTXBackend _backend;

    public PtxCompiler(CudaTarget target)
    {
        Target = target;
        _context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        CodeWord.Register(_context);
        var architecture = target.Architecture;
        // ISA 8.0 is the first that knows every target here (sm_89 and sm_90 came with 7.8).
        _backend = new PTXBackend(_context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, null);
    }

    public CudaTarget Target { get; }

    /// <summary>
    /// The text. ILGPU 1.5.3 makes code for the architecture that it is given, but writes a .target of sm_80 at most: what was asked for is put there, which PTX
    /// allows, since a target has all features of the ones before it (PTX ISA, .target).
    /// </summary>
    public string Compile(CatalogedKernel kernel)
    {
        var compiled = (PTXCompiledKernel)_backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), new KernelSpecialization());
        return TargetDirective().Replace(compiled.PTXAssembly, $".target {Target.Name}", 1);
    }

    public void Dispose()
    {
        _backend.Dispose();
        _context.Dispose();
    }

    [GeneratedRegex(@"\.target sm_\d+")]
    private static partial Regex TargetDirective();
}
