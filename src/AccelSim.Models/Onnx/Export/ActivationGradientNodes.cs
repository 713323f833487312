using AccelSim.Graph;

namespace AccelSim.Models.Onnx.Export;

/// <summary>dy · f'(x), with the values of <see cref="ActivationGradient.Derivative"/> where f has no derivative.</summary>
internal static class ActivationGradientNodes
{
    public static OnnxValue Gradient(ActivationGradient op, LayerNodes nodes)
    {
        var (x, dy) = (nodes.Input(0), nodes.Input(1));
        return op.Kind switch
        {
            ActivationKind.Relu => nodes.Where(Above(0), dy, Real(0)),
            ActivationKind.Relu6 => nodes.Where(Between(0, 6), dy, Real(0)),
            ActivationKind.HardSigmoid => nodes.Where(Between(-3, 3), Times(dy, Real(1.0 / 6)), Real(0)),
            ActivationKind.Absolute => Times(dy, nodes.Each("Sign", x)),
            ActivationKind.Negate => nodes.Each("Neg", dy),
            ActivationKind.Clip => nodes.Where(nodes.Compare("And", nodes.Compare("GreaterOrEqual", x, Real(op.Alpha)), nodes.Compare("LessOrEqual", x, Real(op.Beta))), dy, Real(0)),
            ActivationKind.Affine => Times(dy, Real(op.Alpha)),
            _ => Times(dy, Slope()),
        };

        OnnxValue Slope() => op.Kind switch
        {
            ActivationKind.HardSwish => nodes.Where(
                nodes.Compare("LessOrEqual", x, Real(-3)), Real(0), nodes.Where(nodes.Compare("GreaterOrEqual", x, Real(3)), Real(1), Plus(Times(x, Real(1.0 / 3)), Real(0.5)))),
            ActivationKind.Sigmoid => nodes.Each("Sigmoid", x) is var s ? Times(s, Minus(Real(1), s)) : s,
            ActivationKind.Tanh => nodes.Each("Tanh", x) is var t ? Minus(Real(1), Times(t, t)) : t,
            ActivationKind.LeakyRelu => nodes.Where(Above(0), Real(1), Real(op.Alpha)),
            ActivationKind.Elu => nodes.Where(Above(0), Real(1), Times(nodes.Each("Exp", x), Real(op.Alpha))),
            ActivationKind.Swish => nodes.Each("Sigmoid", x) is var s ? Times(s, Plus(Real(1), Times(x, Minus(Real(1), s)))) : s,
            ActivationKind.Softplus => nodes.Each("Sigmoid", x),
            ActivationKind.Exp => nodes.Each("Exp", x),
            ActivationKind.Log => nodes.Each("Reciprocal", x),
            ActivationKind.Sqrt => nodes.Pair("Div", Real(0.5), nodes.Each("Sqrt", x)),
            ActivationKind.Reciprocal => nodes.Each("Neg", nodes.Each("Reciprocal", Times(x, x))),
            ActivationKind.Power => Times(nodes.Pair("Pow", x, Real(op.Alpha - 1)), Real(op.Alpha)),
            _ => throw new GraphException($"{op.Kind} has no useful derivative."),
        };

        OnnxValue Real(double value) => nodes.Scalar("value", value);
        OnnxValue Times(OnnxValue a, OnnxValue b) => nodes.Pair("Mul", a, b);
        OnnxValue Plus(OnnxValue a, OnnxValue b) => nodes.Pair("Add", a, b);
        OnnxValue Minus(OnnxValue a, OnnxValue b) => nodes.Pair("Sub", a, b);
        OnnxValue Above(double limit) => nodes.Compare("Greater", x, Real(limit));
        OnnxValue Between(double low, double high) => nodes.Compare("And", Above(low), nodes.Compare("Less", x, Real(high)));
    }
}
