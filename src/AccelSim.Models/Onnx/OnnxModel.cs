using AccelSim.Models.Onnx.Schema;
using Google.Protobuf;

namespace AccelSim.Models.Onnx;

/// <summary>A parsed ONNX file and the folder that its external data may be in.</summary>
/// <param name="Proto">The file's content.</param>
/// <param name="Name">The file's path for messages.</param>
/// <param name="Folder">Where external data are looked for, or null when there is no such place.</param>
/// <param name="Bytes">Size of the file: what is folded at import stays in proportion to it.</param>
public sealed record OnnxModel(ModelProto Proto, string Name, string? Folder, long Bytes)
{
    /// <summary>Reads a model file.</summary>
    /// <exception cref="OnnxException">The file is missing, truncated or no protobuf message.</exception>
    public static OnnxModel Load(string path)
    {
        byte[] bytes = ReadFile(path);
        return Parse(bytes, path, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>Reads a model from memory.</summary>
    /// <exception cref="OnnxException">The bytes are truncated or no protobuf message.</exception>
    public static OnnxModel Parse(byte[] bytes, string name, string? folder = null) =>
        new(Parse(ModelProto.Parser, bytes, name, "an ONNX model"), name, folder, bytes.LongLength);

    /// <summary>A model that was built in memory.</summary>
    public static OnnxModel Of(ModelProto proto, string name = "model") => new(proto, name, null, proto.CalculateSize());

    /// <summary>Reads a serialized TensorProto, the form of the ONNX backend tests' inputs and outputs.</summary>
    /// <exception cref="OnnxException">The file is missing, truncated or no protobuf message.</exception>
    public static TensorProto LoadTensor(string path) => Parse(TensorProto.Parser, ReadFile(path), path, "a tensor");

    private static byte[] ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new OnnxException($"{path}: there is no such file.");
            if (file.Length > Array.MaxLength)
                throw new OnnxException($"{path} has {file.Length} bytes; a protobuf message holds at most 2 GB: store the weights as external data.");
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OnnxException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static T Parse<T>(MessageParser<T> parser, byte[] bytes, string name, string what)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new OnnxException($"{name} is not {what}, or is truncated: {error.Message}", error);
        }
    }
}
