using AccelSim.Graph;
using AccelSim.Models.Onnx.Schema;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>
/// A sweep is sequential by nature: a Loop over the units whose body updates unit i of every state. Written out it would be some ten nodes a unit, thousands for an image.
/// </summary>
internal static class HopfieldNodes
{
    public static OnnxValue Sweep(HopfieldSweep op, LayerNodes nodes)
    {
        var states = nodes.Input();
        int units = states.Shape[1];
        var body = Body(nodes, states.Shape, nodes.Constant(0)!, nodes.Integers("positions", [.. Enumerable.Range(0, units).Select(unit => (long)unit)]));
        var always = nodes.Writer.Constant("always", DataType.Bool, Shape.Of(), [true]);
        return nodes.Node("Loop", states.Shape, [nodes.Integer("units", units), always, states], OnnxAttribute.Of("body", body));
    }

    /// <summary>Weights and positions are read from the graph around it.</summary>
    private static GraphProto Body(LayerNodes nodes, Shape states, OnnxValue weight, OnnxValue positions)
    {
        var graph = new GraphProto { Name = nodes.Writer.Unique("sweep") };
        var (batch, units) = (states[0], states[1]);
        var unit = Value("unit", DataType.Int64, Shape.Of());
        var going = Value("going", DataType.Bool, Shape.Of());
        var state = Value("state", DataType.Float, states);
        graph.Input.Add([OnnxGraphWriter.ValueInfo(unit, false), OnnxGraphWriter.ValueInfo(going, false), OnnxGraphWriter.ValueInfo(state, false)]);
        var column = Add("Reshape", DataType.Float, Shape.Of(units, 1),
            [Add("Gather", DataType.Float, Shape.Of(units), [weight, unit], OnnxAttribute.Of("axis", 0)), nodes.Integers("column_shape", units, 1)]);
        var sum = Add("MatMul", DataType.Float, Shape.Of(batch, 1), [state, column]);
        var sign = Add("Sign", DataType.Float, Shape.Of(batch, 1), [sum]);
        var zero = Add("Equal", DataType.Bool, Shape.Of(batch, 1), [sum, nodes.Scalar("zero", 0)]);
        var here = Add("Equal", DataType.Bool, Shape.Of(units), [positions, unit]);
        var changes = Add("And", DataType.Bool, states, [here, Add("Not", DataType.Bool, Shape.Of(batch, 1), [zero])]);
        var next = Add("Where", DataType.Float, states, [changes, sign, state]);
        var on = Add("Identity", DataType.Bool, Shape.Of(), [going]);
        graph.Output.Add([OnnxGraphWriter.ValueInfo(on, false), OnnxGraphWriter.ValueInfo(next, false)]);
        foreach (var result in (OnnxValue[])[on, next])
            graph.ValueInfo.Remove(graph.ValueInfo.Single(info => info.Name == result.Name));
        return graph;

        OnnxValue Value(string role, DataType element, Shape shape) => new(nodes.Writer.Unique($"{graph.Name}/{role}"), element, shape);

        OnnxValue Add(string operation, DataType element, Shape shape, OnnxValue[] inputs, params AttributeProto[] attributes)
        {
            var result = Value(operation.ToLowerInvariant(), element, shape);
            graph.Node.Add(new NodeProto { Name = result.Name, OpType = operation, Input = { inputs.Select(input => input.Name) }, Output = { result.Name }, Attribute = { attributes } });
            graph.ValueInfo.Add(OnnxGraphWriter.ValueInfo(result, false));
            return result;
        }
    }
}
