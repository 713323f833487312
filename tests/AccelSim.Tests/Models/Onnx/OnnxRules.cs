using AccelSim.Models.Onnx.Schema;
using AttributeType = AccelSim.Models.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>
/// What ONNX's own checker asks of a model (IR specification: "Models", "Graphs", "Names Within a Graph"), and what a careful exporter owes beyond: a type for
/// every value, and nothing without a reader.
/// </summary>
internal static class OnnxRules
{
    public static void Check(ModelProto model)
    {
        Assert.True(model.IrVersion is >= 8 and <= 10, $"IR version {model.IrVersion}");
        Assert.Equal("AccelSim", model.ProducerName);
        var opset = Assert.Single(model.OpsetImport);
        Assert.Equal("", opset.Domain);
        Assert.InRange(opset.Version, 17, 21);
        var names = new HashSet<string>();
        Graph(model.Graph, new HashSet<string>(), names);
    }

    /// <summary>Checks one graph; <paramref name="around"/> are the values that a body may read. Returns what it reads of them.</summary>
    private static HashSet<string> Graph(GraphProto graph, HashSet<string> around, HashSet<string> names)
    {
        Assert.False(string.IsNullOrEmpty(graph.Name), "a graph without a name");
        var defined = new HashSet<string>();
        var read = new HashSet<string>();
        foreach (var input in graph.Input)
            Define(input.Name, "input");
        foreach (var initializer in graph.Initializer)
        {
            Define(initializer.Name, "initializer");
            Data(initializer);
        }
        Assert.Equal(graph.Node.Count, graph.Node.Select(node => node.Name).Distinct().Count());
        foreach (var node in graph.Node)
        {
            Assert.False(string.IsNullOrEmpty(node.OpType), $"{node.Name} has no operator");
            foreach (string input in node.Input.Where(input => input.Length > 0))
            {
                Assert.True(defined.Contains(input) || around.Contains(input), $"{node.Name} reads '{input}' before it is there");
                read.Add(input);
            }
            Assert.Equal(node.Attribute.Count, node.Attribute.Select(attribute => attribute.Name).Distinct().Count());
            foreach (var attribute in node.Attribute)
            {
                Attribute(node, attribute);
                if (attribute.G is { } body)
                    read.UnionWith(Graph(body, defined.Union(around).ToHashSet(), names));
            }
            foreach (string output in node.Output.Where(output => output.Length > 0))
                Define(output, "value");
        }
        Assert.NotEmpty(graph.Output);
        Assert.Equal(graph.Output.Count, graph.Output.Select(output => output.Name).Distinct().Count());
        foreach (var output in graph.Output)
            Assert.Contains(graph.Node, node => node.Output.Contains(output.Name));
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            Typed(value);
        string[] typed = [.. graph.Output.Concat(graph.ValueInfo).Select(value => value.Name)];
        Assert.Equal(typed.Order(), graph.Node.SelectMany(node => node.Output).Where(output => output.Length > 0).Order());
        foreach (var initializer in graph.Initializer)
            Assert.True(read.Contains(initializer.Name), $"nothing reads the initializer '{initializer.Name}'");
        return [.. read.Where(around.Contains)];

        void Define(string name, string what)
        {
            Assert.False(string.IsNullOrEmpty(name), $"{what} without a name");
            Assert.True(names.Add(name), $"two values are called '{name}'");
            defined.Add(name);
        }
    }

    private static void Typed(ValueInfoProto value)
    {
        var tensor = value.Type?.TensorType;
        Assert.True(tensor is { ElemType: > 0, Shape: not null }, $"'{value.Name}' has no type and shape");
        Assert.All(tensor.Shape.Dim, dimension => Assert.True(dimension.DimValue > 0, $"'{value.Name}' has a dimension without extent"));
    }

    private static void Data(TensorProto tensor)
    {
        long elements = tensor.Dims.Aggregate(1L, (product, extent) => product * extent);
        int size = (TensorProto.Types.DataType)tensor.DataType switch
        {
            TensorProto.Types.DataType.Int64 => 8,
            TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Int32 => 4,
            TensorProto.Types.DataType.Int8 or TensorProto.Types.DataType.Bool => 1,
            var other => throw new InvalidOperationException($"'{tensor.Name}' is {other}"),
        };
        if (tensor.DataLocation == TensorProto.Types.DataLocation.Default)
            Assert.Equal(elements * size, tensor.RawData.Length);
        else
            Assert.Equal((elements * size).ToString(System.Globalization.CultureInfo.InvariantCulture), tensor.ExternalData.Single(entry => entry.Key == "length").Value);
    }

    private static void Attribute(NodeProto node, AttributeProto attribute)
    {
        bool holds = attribute.Type switch
        {
            AttributeType.Float => attribute.HasF,
            AttributeType.Int => attribute.HasI,
            AttributeType.String => attribute.HasS,
            AttributeType.Graph => attribute.G is not null,
            AttributeType.Ints => attribute.Ints.Count > 0,
            AttributeType.Floats => attribute.Floats.Count > 0,
            AttributeType.Strings => attribute.Strings.Count > 0,
            _ => false,
        };
        Assert.True(holds, $"the attribute {attribute.Name} of {node.Name} ({node.OpType}) has no value of its type {attribute.Type}");
    }
}
