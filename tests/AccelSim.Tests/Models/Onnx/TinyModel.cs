using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using Google.Protobuf;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>A model of a few nodes, built from the protobuf classes, with the values of its inputs.</summary>
internal sealed class TinyModel
{
    private int _names;

    public TinyModel(int opset, Random random)
    {
        (Opset, Random) = (opset, random);
        // The oldest file format that may hold the operator set; from version 4 on initializers need not be inputs too.
        Proto = new ModelProto { IrVersion = opset >= 21 ? 10 : 8, ProducerName = "AccelSim.Tests", Graph = new GraphProto { Name = "tiny" } };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    public int Opset { get; }

    public Random Random { get; }

    public ModelProto Proto { get; }

    public Dictionary<string, HostTensor> Inputs { get; } = [];

    public string Input(int[] shape, double low = -2, double high = 2) => Input(Uniform(shape, low, high));

    public string Input(HostTensor value)
    {
        string name = Name("x");
        Proto.Graph.Input.Add(Info(name, value.Type, [.. value.Extents]));
        Inputs[name] = value;
        return name;
    }

    /// <summary>A constant in one of the ways that a model may hold it: an initializer, one that is listed as input too, a Constant node, or an input with a value.</summary>
    public string Constant(HostTensor value, bool mayBeInput = true)
    {
        switch (Random.Next(mayBeInput ? 4 : 3))
        {
            case 0:
                string name = Name("c");
                Proto.Graph.Initializer.Add(Tensor(value, name));
                return name;
            case 1:
                string listed = Name("c");
                Proto.Graph.Initializer.Add(Tensor(value, listed));
                Proto.Graph.Input.Add(Info(listed, value.Type, [.. value.Extents]));
                return listed;
            case 2:
                return Node("Constant", [], ("value", Tensor(value, "")));
            default:
                return Input(value);
        }
    }

    public string Constant(int[] shape, double low = -1, double high = 1) => Constant(Uniform(shape, low, high));

    public string Integers(params long[] values) => Constant(HostTensor.Of([values.Length], values));

    public string Node(string type, IEnumerable<string> inputs, params (string Name, object? Value)[] attributes) => Nodes(type, 1, inputs, attributes)[0];

    public string[] Nodes(string type, int outputs, IEnumerable<string> inputs, params (string Name, object? Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = Name(type) };
        if (type.StartsWith("QLinear", StringComparison.Ordinal) && type is not ("QLinearConv" or "QLinearMatMul"))
        {
            node.Domain = "com.microsoft";
            if (Proto.OpsetImport.Count == 1)
                Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        }
        node.Input.AddRange(inputs);
        while (node.Input.Count > 0 && node.Input[^1].Length == 0)
            node.Input.RemoveAt(node.Input.Count - 1);
        for (int i = 0; i < outputs; i++)
            node.Output.Add(Name("y"));
        foreach (var (name, value) in attributes)
        {
            if (value is not null)
                node.Attribute.Add(Attribute(name, value));
        }
        Proto.Graph.Node.Add(node);
        return [.. node.Output];
    }

    /// <summary>Declares outputs, by default without a shape; ONNX Runtime infers it.</summary>
    public void Output(string name, DataType type = DataType.Float)
    {
        var info = new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } };
        Proto.Graph.Output.Add(info);
    }

    public HostTensor Uniform(int[] shape, double low, double high)
    {
        var values = new float[HostTensor.Count(shape)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(low + (high - low) * Random.NextDouble());
        return HostTensor.Of(shape, values);
    }

    public HostTensor Codes(int[] shape, DataType type, int low, int high)
    {
        var values = new long[HostTensor.Count(shape)];
        for (int i = 0; i < values.Length; i++)
            values[i] = Random.Next(low, high + 1);
        return Typed(shape, values, type);
    }

    public static HostTensor Typed(int[] shape, long[] values, DataType type) => type switch
    {
        DataType.Uint8 => HostTensor.Of(shape, Array.ConvertAll(values, value => (byte)value)),
        DataType.Int8 => HostTensor.Of(shape, Array.ConvertAll(values, value => (sbyte)value)),
        DataType.Int32 => HostTensor.Of(shape, Array.ConvertAll(values, value => (int)value)),
        _ => HostTensor.Of(shape, values, type),
    };

    /// <summary>An extent; small, so that cases are quick and edges frequent.</summary>
    public int Extent(int low, int high) => Random.Next(low, high + 1);

    public bool Coin(double probability = 0.5) => Random.NextDouble() < probability;

    public T OneOf<T>(params T[] choices) => choices[Random.Next(choices.Length)];

    public int[] Extents(int count, int low, int high) => [.. Enumerable.Range(0, count).Select(_ => Extent(low, high))];

    /// <summary>The protobuf form: raw data, or the typed field.</summary>
    public TensorProto Tensor(HostTensor value, string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)value.Type };
        proto.Dims.AddRange(value.Extents.Select(extent => (long)extent));
        bool raw = Coin();
        switch (value.Type)
        {
            case DataType.Float when raw:
                proto.RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(value.Floats()));
                break;
            case DataType.Float:
                proto.FloatData.AddRange(value.Floats());
                break;
            case DataType.Int64 when raw:
                proto.RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(value.Integers()));
                break;
            case DataType.Int64:
                proto.Int64Data.AddRange(value.Integers());
                break;
            case DataType.Uint8 or DataType.Int8 when raw:
                proto.RawData = ByteString.CopyFrom(Array.ConvertAll(value.Integers(), integer => (byte)integer));
                break;
            default:
                proto.Int32Data.AddRange(value.Integers().Select(integer => (int)integer));
                break;
        }
        return proto;
    }

    private string Name(string stem) => $"{stem}{_names++}";

    private static ValueInfoProto Info(string name, DataType type, int[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.AddRange(shape.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case bool flag:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, flag ? 1 : 0);
                break;
            case int integer:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, integer);
                break;
            case double real:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, (float)real);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (AttributeProto.Types.AttributeType.Tensor, tensor);
                break;
            case int[] integers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(integers.Select(integer => (long)integer));
                break;
            case float[] floats:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(floats);
                break;
            case string[] texts:
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new ArgumentException($"no attribute of {value.GetType()}");
        }
        return attribute;
    }
}
