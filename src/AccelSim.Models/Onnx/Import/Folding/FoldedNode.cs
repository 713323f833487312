using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Import.Folding;

/// <summary>A node whose operands are all constants, evaluated on the host.</summary>
internal sealed class FoldedNode(NodeProto proto, NodeAttributes attributes, int opset, HostTensor?[] inputs, Action<long, string> requireModest)
{
    public NodeAttributes Attributes => attributes;

    public int Opset => opset;

    public string OperatorType => proto.OpType;

    public int InputCount => inputs.Length;

    public int OutputCount => proto.Output.Count;

    public bool Has(int input) => input < inputs.Length && inputs[input] is not null;

    /// <exception cref="OnnxException">The operand is missing.</exception>
    public HostTensor Input(int input) => Has(input) ? inputs[input]! : throw new OnnxException($"its input {input} is missing.");

    /// <summary>Integers of an operand or, in older operator sets, of an attribute; null where neither is given.</summary>
    public long[]? Integers(int input, string attribute) => Has(input) ? Input(input).Integers() : attributes.Ints(attribute)?.ToArray();

    /// <summary>Refuses results out of proportion to the file, before memory is taken.</summary>
    public void RequireModest(long elements) => requireModest(elements, "a folded constant");

    /// <summary>A tensor computed element by element, of integers or of floats as the type is.</summary>
    public HostTensor Make(ReadOnlySpan<int> extents, DataType type, Func<long, double> real, Func<long, long> integer)
    {
        long elements = HostTensor.Count(extents);
        RequireModest(elements);
        if (type.IsFloat())
        {
            var floats = new float[elements];
            for (long i = 0; i < elements; i++)
                floats[i] = (float)real(i);
            return HostTensor.Of(extents, floats, type);
        }
        var integers = new long[elements];
        for (long i = 0; i < elements; i++)
            integers[i] = integer(i);
        return HostTensor.Of(extents, integers, type);
    }
}
