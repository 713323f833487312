using AccelSim.Models.Onnx;
using AccelSim.Models.Onnx.Schema;
using AccelSim.Models.Onnx.Tensors;
using AccelSim.Studies.Onnx;
using AccelSim.Tests.Rtl;
using Google.Protobuf;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>Files that are wrong by accident or on purpose get one error that names the place; nothing is allocated on their word.</summary>
public sealed class HostileFileTests
{
    [Fact]
    public void A_truncated_file_is_refused()
    {
        byte[] bytes = Relu().ToByteArray();
        Assert.Contains("truncated", Refusal(() => OnnxModel.Parse(bytes[..^3], "cut.onnx")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_of_two_gigabytes_takes_no_memory()
    {
        var model = Relu();
        model.Graph.Initializer.Add(new TensorProto { Name = "huge", DataType = (int)TensorProto.Types.DataType.Float, Dims = { 512, 1024, 1024 }, RawData = ByteString.CopyFrom(1, 2, 3, 4) });
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Refusal(() => OnnxImporter.Import(OnnxModel.Of(model, "claim.onnx")));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Contains("claim.onnx", message, StringComparison.Ordinal);
        Assert.Contains("'huge'", message, StringComparison.Ordinal);
        Assert.Contains("2147483648 bytes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_beyond_the_file_is_refused()
    {
        // Field 7 (graph), length 2^31 − 1, and nothing behind it.
        Assert.Contains("truncated", Refusal(() => OnnxModel.Parse([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], "length.onnx")), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_nested_a_thousand_deep_are_refused()
    {
        byte[] nested = [];
        for (int i = 0; i < 1000; i++)
        {
            var writer = new MemoryStream();
            var output = new CodedOutputStream(writer);
            // graph (6) in attribute (5) in node (1), again and again.
            output.WriteTag(i % 3 == 0 ? 6 : i % 3 == 1 ? 5 : 1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(nested));
            output.Flush();
            nested = writer.ToArray();
        }
        byte[] file = [0x3A, .. Varint(nested.Length), .. nested];
        Refusal(() => OnnxImporter.Import(OnnxModel.Parse(file, "nested.onnx")));
    }

    [Fact]
    public void A_cycle_names_a_node()
    {
        var model = Model(("Relu", ["b"], ["a"]), ("Tanh", ["a"], ["b"]));
        string message = Refusal(() => OnnxImporter.Import(OnnxModel.Of(model)));
        Assert.Contains("cycle", message, StringComparison.Ordinal);
        Assert.Contains("(Relu)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Conv", "w", "'w', which no input, initializer or node produces")]
    [InlineData("Frobnicate", "x", "operator is not supported")]
    [InlineData("If", "x", "control flow")]
    public void A_node_that_cannot_be_imported_is_named(string type, string second, string reason)
    {
        var model = Model((type, ["x", second], ["b"]));
        string message = Refusal(() => OnnxImporter.Import(OnnxModel.Of(model, "net.onnx")));
        Assert.StartsWith("net.onnx: ", message, StringComparison.Ordinal);
        Assert.Contains($"node 'n0' ({type})", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_nodes_of_one_output_are_refused() =>
        Assert.Contains("'b'", Refusal(() => OnnxImporter.Import(OnnxModel.Of(Model(("Relu", ["x"], ["b"]), ("Tanh", ["x"], ["b"]))))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Expand", new long[] { 1 << 20, 1 << 20, 4 })]
    [InlineData("Tile", new long[] { 1 << 28, 1 })]
    public void A_small_file_cannot_ask_for_much(string type, long[] target)
    {
        var model = Model((type, ["x", "t"], ["b"]));
        var shape = new TensorProto { Name = "t", DataType = (int)TensorProto.Types.DataType.Int64, Dims = { target.Length } };
        shape.Int64Data.AddRange(target);
        model.Graph.Initializer.Add(shape);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(() => OnnxImporter.Import(OnnxModel.Of(model)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
    }

    [Fact]
    public void Symbolic_dimensions_are_set_by_name()
    {
        var model = Relu();
        model.Graph.Input[0].Type.TensorType.Shape = new TensorShapeProto { Dim = { Dim("N"), Dim("length") } };
        Assert.Contains("--dim length=", Refusal(() => OnnxImporter.Import(OnnxModel.Of(model))), StringComparison.Ordinal);
        var network = OnnxImporter.Import(OnnxModel.Of(model), new OnnxImportOptions { Dimensions = new Dictionary<string, int> { ["length"] = 5 } }, TestContext.Current.CancellationToken);
        Assert.Equal("1×5", network.Graph!.Inputs[0].Type.Shape.ToString());
        Assert.Contains(network.Notes, note => note.Contains("'N'", StringComparison.Ordinal));

        static TensorShapeProto.Types.Dimension Dim(string name) => new() { DimParam = name };
    }

    [Theory]
    [InlineData("../outside.bin", 0, "outside the model's folder")]
    [InlineData("/etc/passwd", 0, "outside the model's folder")]
    [InlineData("link/outside.bin", 0, "outside the model's folder")]
    [InlineData("missing.bin", 0, "missing beside the model")]
    [InlineData("data.bin", 4, "which has 8")]
    [InlineData("data.bin", 0, null)]
    public void External_data_stay_in_the_folder(string location, int offset, string? refusal)
    {
        using var scratch = new ScratchFolder();
        string folder = Path.Combine(scratch.Path, "model"), outside = Path.Combine(scratch.Path, "elsewhere");
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(outside);
        byte[] data = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];
        File.WriteAllBytes(Path.Combine(scratch.Path, "outside.bin"), data);
        File.WriteAllBytes(Path.Combine(outside, "outside.bin"), data);
        File.WriteAllBytes(Path.Combine(folder, "data.bin"), data);
        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), outside);
        var model = Model(("Add", ["x", "w"], ["b"]));
        var tensor = new TensorProto { Name = "w", DataType = (int)TensorProto.Types.DataType.Float, Dims = { 2 }, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{offset}" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "8" });
        model.Graph.Initializer.Add(tensor);
        string file = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(file, model.ToByteArray());
        if (refusal is not null)
        {
            Assert.Contains(refusal, Refusal(() => OnnxImporter.Import(file)), StringComparison.Ordinal);
            return;
        }
        var constant = Assert.Single(OnnxImporter.Import(file, cancellation: TestContext.Current.CancellationToken).Graph!.Constants.Values);
        Assert.Equal([1f, 2f], constant.Value.Float32.ToArray());
    }

    [Fact]
    public void Half_precision_and_double_weights_become_float32()
    {
        var half = new TensorProto { DataType = (int)TensorProto.Types.DataType.Float16, Dims = { 2 }, Int32Data = { 0x3C00, 0xC000 } };
        var brain = new TensorProto { DataType = (int)TensorProto.Types.DataType.Bfloat16, Dims = { 1 }, RawData = ByteString.CopyFrom(0x80, 0x3F) };
        var wide = new TensorProto { DataType = (int)TensorProto.Types.DataType.Double, Dims = { 1 }, DoubleData = { 0.25 } };
        Assert.Equal([1f, -2f], TensorReader.Read(half).Floats());
        Assert.Equal([1f], TensorReader.Read(brain).Floats());
        Assert.Equal([0.25f], TensorReader.Read(wide).Floats());
    }

    /// <summary>A slice of <c>accelsim onnx-fuzz</c> that is always the same.</summary>
    [Fact]
    public void Damaged_files_are_imported_or_refused()
    {
        var report = OnnxFuzzing.Run([SharedData.Require("onnx")], 4000, seed: 20261124, cancellation: TestContext.Current.CancellationToken);
        Assert.True(report.Defects.Count == 0, string.Join('\n', report.Defects.Select(defect => $"input {defect.Index}: {defect.Reason}")));
        Assert.InRange(report.Imported, 100, report.Inputs - 100);
    }

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7)
            bytes.Add((byte)(value & 127 | 128));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static ModelProto Relu() => Model(("Relu", ["x"], ["b"]));

    /// <summary>A model of one float input x [2] and the output b.</summary>
    private static ModelProto Model(params (string Type, string[] Inputs, string[] Outputs)[] nodes)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "g" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 13 });
        var type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 2 } } } } };
        model.Graph.Input.Add(new ValueInfoProto { Name = "x", Type = type });
        model.Graph.Output.Add(new ValueInfoProto { Name = "b", Type = type.Clone() });
        foreach (var (op, inputs, outputs) in nodes)
            model.Graph.Node.Add(new NodeProto { Name = $"n{model.Graph.Node.Count}", OpType = op, Input = { inputs }, Output = { outputs } });
        return model;
    }

    private static string Refusal(Action action) => Assert.Throws<OnnxException>(action).Message;
}
