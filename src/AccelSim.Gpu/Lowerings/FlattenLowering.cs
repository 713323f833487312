using AccelSim.Graph;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>Flatten keeps row-major order, so that its output is a copy of its input.</summary>
internal static class FlattenLowering
{
    public static LayerStep Flatten(LoweringContext context) => context.IsInteger ? Copy<sbyte>(context.Layer) : Copy<float>(context.Layer);

    private static LayerStep Copy<T>(Layer layer)
        where T : unmanaged => values => values.View<T>(layer.Inputs[0]).CopyTo(values.View<T>(layer.Name));
}
