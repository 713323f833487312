using AccelSim.Graph;

namespace AccelSim.Rtl.Network;

/// <summary>Images for a pipeline and the codes that it must give; the N frames run back to back.</summary>
/// <param name="Input">int8 [N, C, H, W].</param>
/// <param name="Result">int8, as many elements a frame as the pipeline gives: [N, C, H, W] or [N, C].</param>
public sealed record NetworkVectors(Tensor Input, Tensor Result)
{
    public int Frames => Input.Shape[0];

    /// <exception cref="RtlException">A tensor is not int8 or has another shape than the pipeline's.</exception>
    internal void Check(StageGraph graph)
    {
        Require(Input, graph.Input, "images");
        Require(Result, graph.Graph.TypeOf(graph.Output), "results");

        void Require(Tensor tensor, TensorType type, string what)
        {
            if (tensor.Element != ElementType.Int8 || tensor.Shape != type.Shape.With(0, Frames))
                throw new RtlException($"The {what} of '{graph.Graph.Name}' must be int8 {type.Shape.With(0, Frames)}, but are {tensor.Element} {tensor.Shape}.");
        }
    }
}
