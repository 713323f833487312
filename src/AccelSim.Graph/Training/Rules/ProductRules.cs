namespace AccelSim.Graph.Training;

/// <summary>y = x·wᵀ + b: dx = dy·w, dw = dyᵀ·x.</summary>
internal sealed class FullyConnectedRule : GradientRule<FullyConnected>
{
    protected override void Apply(FullyConnected op, LayerBackward layer)
    {
        string x = layer.X(0), weight = layer.Layer.Constants[0];
        layer.To(x, () => layer.Emit("input", new MatrixProduct(), layer.Dy, weight));
        layer.To(weight, () => layer.Emit("weight", new MatrixProduct(TransposeA: true), layer.Dy, x));
        layer.To(layer.ConstantAt(1), () => layer.Sum(layer.Dy, [0], keep: false));
    }
}

/// <summary>For A·B: dA = dy·Bᵀ, dB = Aᵀ·dy; an operand that the product transposes gets the transpose of that.</summary>
internal sealed class MatrixProductRule : GradientRule<MatrixProduct>
{
    protected override void Apply(MatrixProduct op, LayerBackward layer)
    {
        string a = layer.X(0), b = layer.X(1), dy = layer.Dy;
        layer.To(a, () => layer.SumTo(
            op.TransposeA ? layer.Emit("left", new MatrixProduct(op.TransposeB, true), b, dy) : layer.Emit("left", new MatrixProduct(false, !op.TransposeB), dy, b), layer.ShapeOf(a)));
        layer.To(b, () => layer.SumTo(
            op.TransposeB ? layer.Emit("right", new MatrixProduct(true, op.TransposeA), dy, a) : layer.Emit("right", new MatrixProduct(!op.TransposeA, false), a, dy), layer.ShapeOf(b)));
    }
}

/// <summary>y[o] = Σ (x[i] − w[o, i])²: dx[i] = 2·(x[i]·Σ dy[o] − Σ dy[o]·w[o, i]). The centres are not learned.</summary>
internal sealed class RadialBasisRule : GradientRule<RadialBasis>
{
    protected override void Apply(RadialBasis op, LayerBackward layer)
    {
        string x = layer.X(0);
        layer.To(x, () => layer.Scaled(
            layer.Minus(layer.Times(x, layer.Sum(layer.Dy, [1])), layer.Emit("centres", new MatrixProduct(), layer.Dy, layer.Layer.Constants[0])), 2));
        layer.To(layer.Layer.Constants[0], () => throw new GraphException("the centres of a radial basis layer are fixed (LeCun et al. 1998)."));
    }
}
