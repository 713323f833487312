namespace AccelSim.Graph.Training;

internal sealed class BoltzmannLayerExpansion : TrainingExpansion<BoltzmannLayer>
{
    protected override string Expand(BoltzmannLayer op, LayerExpansion layer)
    {
        string product = layer.Emit("product", new MatrixProduct(TransposeB: !op.Downward), layer.X(0), layer.ConstantAt(0)!);
        return layer.Function(ActivationKind.Sigmoid, layer.Plus(product, layer.ConstantAt(op.Downward ? 2 : 1)!));
    }
}
