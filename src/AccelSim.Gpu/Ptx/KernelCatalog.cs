using System.Reflection;

namespace AccelSim.Gpu;

/// <summary>A kernel with its type arguments, and the threads of a group of it.</summary>
internal sealed record CatalogedKernel(MethodInfo Method, int Threads)
{
    /// <summary>The class, the method where the class has several, and the type arguments that distinguish it.</summary>
    public string Name
    {
        get
        {
            string method = Method.Name == "Run" ? Method.DeclaringType!.Name : $"{Method.DeclaringType!.Name}.{Method.Name}";
            string[] arguments = [.. Method.GetGenericArguments().Where(type => !type.IsPrimitive && type != typeof(Windows)).Select(type => type.Name)];
            if (arguments.Length == 0)
                arguments = [.. Method.GetGenericArguments().Take(1).Select(type => type.Name)];
            return arguments.Length == 0 ? method : $"{method}<{string.Join(", ", arguments)}>";
        }
    }
}

/// <summary>Every kernel that an executor may load, on any device.</summary>
internal static class KernelCatalog
{
    private static readonly Type[] FloatPanels = [typeof(float), typeof(float), typeof(float), typeof(FloatPanel)];
    private static readonly Type[] WordPanels = [typeof(int), typeof(int), typeof(sbyte), typeof(WordPanel)];
    private static readonly Type[] CodePanels = [typeof(sbyte), typeof(int), typeof(sbyte), typeof(CodePanel)];
    private static readonly Type[] Shapes = [typeof(Tile128x128), typeof(Tile64x128), typeof(Tile64x64), typeof(Tile32x32)];

    /// <summary>In the order of their classes' names.</summary>
    public static IReadOnlyList<CatalogedKernel> All { get; } =
    [
        .. typeof(KernelCatalog).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Kernel", StringComparison.Ordinal) || type.Name.EndsWith("Kernels", StringComparison.Ordinal))
            .Where(type => type is { IsAbstract: true, IsSealed: true })
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .SelectMany(method => Instances(method).Select(types => new CatalogedKernel(types.Length == 0 ? method : method.MakeGenericMethod(types), Threads(method, types)))),
    ];

    private static IEnumerable<Type[]> Instances(MethodInfo kernel)
    {
        Type[] columns = [typeof(DensePixels), typeof(PitchedPixels), typeof(OutputChannels)];
        Type[] windows = [typeof(Window3Stride1), typeof(Window3Stride2), typeof(Window5Stride1), typeof(Window5Stride2), typeof(AnyWindow)];
        return kernel switch
        {
            { IsGenericMethod: false } => [[]],
            { DeclaringType.Name: nameof(TileKernel) } =>
            [
                .. Tiles(FloatPanels, typeof(PointwisePixels), typeof(int)), .. Tiles(FloatPanels, typeof(GatheredPixels), typeof(Windows)), .. Tiles(FloatPanels, typeof(DepthwisePixels), typeof(Windows)),
                .. Tiles(WordPanels, typeof(PointwiseCodes), typeof(int)), .. Tiles(WordPanels, typeof(GatheredCodes), typeof(Windows)), .. Tiles(WordPanels, typeof(DepthwiseCodes), typeof(Windows)),
            ],
            { DeclaringType.Name: nameof(DepthwiseRowsKernel) } => windows.SelectMany(window => new Type[][]
            {
                [typeof(float), typeof(float), typeof(FloatPanel), window], [typeof(sbyte), typeof(int), typeof(CodePanel), window],
            }),
            { DeclaringType.Name: nameof(PanelKernel) } => columns.SelectMany(kind => new Type[][] { [.. FloatPanels, kind], [.. WordPanels, kind] }),
            { DeclaringType.Name: nameof(VectorKernel) } => columns.SelectMany(kind => new Type[][] { [.. FloatPanels, kind], [.. WordPanels, kind], [.. CodePanels, kind] }),
            { DeclaringType.Name: nameof(ProductKernels) } =>
                new[] { typeof(BatchedProduct), typeof(UnitProbabilities), typeof(TransposedProduct), typeof(WeightGradientProduct) }.Select(product => new[] { product }),
            { DeclaringType.Name: nameof(MatrixKernel) } or { DeclaringType.Name: nameof(DepthwiseKernel) } =>
            [
                [typeof(float), typeof(float), typeof(FloatMac)], [typeof(float), typeof(float), typeof(SquaredDistance)], [typeof(sbyte), typeof(int), typeof(CodeMac)],
            ],
            _ when kernel.GetGenericArguments() is [{ Name: "TWord" }] => [[typeof(float)], [typeof(int)]],
            _ when kernel.GetGenericArguments() is [{ Name: "TElement" or "T" }] => [[typeof(float)], [typeof(sbyte)]],
            _ => throw new NotSupportedException($"{kernel.DeclaringType!.Name}.{kernel.Name} is not cataloged: say here with which types it is loaded."),
        };
    }

    /// <summary>After a depthwise convolution there is no wide tile (<see cref="DeviceProfile.FusesDepthwise"/>).</summary>
    private static IEnumerable<Type[]> Tiles(Type[] arithmetic, Type operand, Type place) => Shapes
        .Where(shape => shape != typeof(Tile64x128) || (operand != typeof(DepthwisePixels) && operand != typeof(DepthwiseCodes)))
        .Select(shape => (Type[])[.. arithmetic, operand, place, shape]);

    private static int Threads(MethodInfo kernel, Type[] types) => kernel switch
    {
        { DeclaringType.Name: nameof(TileKernel) } => Activator.CreateInstance(types[^1]) is ITileShape shape ? shape.ThreadRows * shape.ThreadColumns : 0,
        { DeclaringType.Name: nameof(MatrixKernel) } or { DeclaringType.Name: nameof(ProductKernels), Name: nameof(ProductKernels.Tiled) } => KernelShape.TileThreads,
        { DeclaringType.Name: nameof(PanelKernel) } or { DeclaringType.Name: nameof(VectorKernel) } => DeviceProfile.CudaGroups[^1],
        _ => KernelShape.Group,
    };
}
