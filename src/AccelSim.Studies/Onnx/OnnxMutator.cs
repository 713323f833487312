using AccelSim.Models.Onnx.Schema;
using Google.Protobuf;

namespace AccelSim.Studies.Onnx;

/// <summary>Damages ONNX files as bytes and as messages: what one seed makes of some files is always the same.</summary>
public sealed class OnnxMutator(IReadOnlyList<byte[]> files, int seed)
{
    /// <summary>Numbers at which arithmetic on dimensions, axes and counts breaks.</summary>
    private static readonly long[] Extremes = [0, 1, -1, 2, 3, 7, 64, 255, 65536, 1 << 20, int.MaxValue, int.MinValue, 1L << 31, 1L << 40, long.MaxValue, long.MinValue];

    private readonly Random _random = new(seed);

    /// <summary>A damaged copy of one of the files; small files are chosen more often, since they are quicker.</summary>
    public byte[] Next()
    {
        byte[] file = Choose();
        byte[] damaged = _random.Next(5) switch
        {
            0 => Flipped(file),
            1 => file[.._random.Next(file.Length)],
            2 => Spliced(file),
            _ => Rewritten(file),
        };
        return _random.Next(8) == 0 && damaged.Length > 0 ? Flipped(damaged) : damaged;
    }

    private byte[] Choose()
    {
        while (true)
        {
            byte[] file = files[_random.Next(files.Count)];
            if (_random.NextDouble() < 2048.0 / (2048 + file.Length))
                return file;
        }
    }

    private byte[] Flipped(byte[] file)
    {
        byte[] copy = [.. file];
        for (int i = _random.Next(1, 9); i > 0; i--)
            copy[_random.Next(copy.Length)] = _random.Next(2) == 0 ? (byte)_random.Next(256) : (byte)(copy[_random.Next(copy.Length)] ^ 1 << _random.Next(8));
        return copy;
    }

    private byte[] Spliced(byte[] file)
    {
        byte[] other = Choose();
        int from = _random.Next(other.Length), length = _random.Next(Math.Min(4096, other.Length - from) + 1), at = _random.Next(file.Length);
        return [.. file[..at], .. other.AsSpan(from, length), .. file.AsSpan(_random.Next(2) == 0 ? at : Math.Min(file.Length, at + length))];
    }

    private byte[] Rewritten(byte[] file)
    {
        var model = ModelProto.Parser.ParseFrom(file);
        for (int i = _random.Next(1, 4); i > 0; i--)
            Rewrite(model);
        return model.ToByteArray();
    }

    private void Rewrite(ModelProto model)
    {
        var graph = model.Graph;
        if (graph is null || graph.Node.Count == 0)
            return;
        var node = Any(graph.Node);
        switch (_random.Next(20))
        {
            case 0 when node.Input.Count > 0:
                node.Input[_random.Next(node.Input.Count)] = AnyValue(graph);
                break;
            case 1 when node.Output.Count > 0:
                node.Output[_random.Next(node.Output.Count)] = AnyValue(graph);
                break;
            case 2 when node.Input.Count > 0:
                node.Input.RemoveAt(_random.Next(node.Input.Count));
                break;
            case 3:
                node.Input.Add(AnyValue(graph));
                break;
            case 4:
                graph.Node.Remove(node);
                break;
            case 5:
                graph.Node.Add(node.Clone());
                break;
            case 6:
                node.OpType = Any(ModelProto.Parser.ParseFrom(Choose()).Graph.Node).OpType;
                break;
            case 7:
                node.Attribute.AddRange(Any(ModelProto.Parser.ParseFrom(Choose()).Graph.Node).Attribute);
                break;
            case 8 or 9 or 10 when node.Attribute.Count > 0:
                Rewrite(Any(node.Attribute));
                break;
            case 11 when node.Attribute.Count > 0:
                node.Attribute.RemoveAt(_random.Next(node.Attribute.Count));
                break;
            case 12 or 13 when graph.Initializer.Count > 0:
                Rewrite(Any(graph.Initializer));
                break;
            case 14 or 15 when graph.Input.Count > 0:
                Rewrite(Any(graph.Input).Type?.TensorType);
                break;
            case 16 when model.OpsetImport.Count > 0:
                Any(model.OpsetImport).Version = _random.Next(30);
                break;
            case 17 when graph.Output.Count > 0:
                Any(graph.Output).Name = AnyValue(graph);
                break;
            case 18:
                graph.Input.Add(new ValueInfoProto { Name = AnyValue(graph), Type = Any(graph.Input.Count > 0 ? graph.Input : graph.Output).Type?.Clone() });
                break;
            default:
                graph.Initializer.Add(new TensorProto { Name = AnyValue(graph), DataType = _random.Next(28), Dims = { Extreme() } });
                break;
        }
    }

    private void Rewrite(AttributeProto attribute)
    {
        switch (_random.Next(6))
        {
            case 0:
                attribute.I = Extreme();
                break;
            case 1:
                attribute.F = _random.Next(4) switch
                {
                    0 => float.NaN,
                    1 => float.NegativeInfinity,
                    2 => 0,
                    _ => -1e30f,
                };
                break;
            case 2 when attribute.Ints.Count > 0:
                attribute.Ints[_random.Next(attribute.Ints.Count)] = Extreme();
                break;
            case 3:
                attribute.Ints.Add(Extreme());
                break;
            case 4 when attribute.T is not null:
                Rewrite(attribute.T);
                break;
            default:
                attribute.Type = (AttributeProto.Types.AttributeType)_random.Next(16);
                break;
        }
    }

    private void Rewrite(TensorProto tensor)
    {
        switch (_random.Next(7))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[_random.Next(tensor.Dims.Count)] = Extreme();
                break;
            case 1:
                tensor.Dims.Add(Extreme());
                break;
            case 2 when tensor.Dims.Count > 0:
                tensor.Dims.RemoveAt(_random.Next(tensor.Dims.Count));
                break;
            case 3:
                tensor.DataType = _random.Next(28);
                break;
            case 4 when tensor.Int64Data.Count > 0:
                tensor.Int64Data[_random.Next(tensor.Int64Data.Count)] = Extreme();
                break;
            case 5 when tensor.RawData.Length >= 8:
                byte[] raw = tensor.RawData.ToByteArray();
                BitConverter.TryWriteBytes(raw.AsSpan(_random.Next(raw.Length / 8) * 8), Extreme());
                tensor.RawData = ByteString.CopyFrom(raw);
                break;
            default:
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = _random.Next(3) switch { 0 => "../../etc/passwd", 1 => "/etc/passwd", _ => "data.bin" } });
                break;
        }
    }

    private void Rewrite(TypeProto.Types.Tensor? tensor)
    {
        if (tensor is null)
            return;
        if (_random.Next(3) == 0)
            tensor.ElemType = _random.Next(28);
        else if (tensor.Shape is { Dim.Count: > 0 } shape && _random.Next(3) > 0)
            Any(shape.Dim).DimValue = Extreme();
        else
            (tensor.Shape ??= new TensorShapeProto()).Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });
    }

    private long Extreme() => Extremes[_random.Next(Extremes.Length)] + (_random.Next(4) == 0 ? _random.Next(-2, 3) : 0);

    private T Any<T>(IList<T> list) => list[_random.Next(list.Count)];

    private string AnyValue(GraphProto graph)
    {
        var node = Any(graph.Node);
        return _random.Next(5) switch
        {
            0 when graph.Initializer.Count > 0 => Any(graph.Initializer).Name,
            1 when graph.Input.Count > 0 => Any(graph.Input).Name,
            2 when node.Output.Count > 0 => Any(node.Output),
            3 when node.Input.Count > 0 => Any(node.Input),
            _ => "",
        };
    }
}
