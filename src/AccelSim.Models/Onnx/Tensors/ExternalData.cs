using System.Globalization;
using AccelSim.Models.Onnx.Schema;

namespace AccelSim.Models.Onnx.Tensors;

/// <summary>Tensor bytes in a file beside the model (ONNX external data): never outside the model's folder, and never more than the file holds.</summary>
internal static class ExternalData
{
    /// <summary>Reads the bytes of a tensor.</summary>
    /// <param name="proto">A tensor with data_location EXTERNAL.</param>
    /// <param name="folder">The model's folder, or null when it has none.</param>
    /// <param name="expected">The bytes that its shape asks for.</param>
    /// <exception cref="OnnxException">The path leaves the folder, the file is missing, or offset and length do not fit it or the shape.</exception>
    public static byte[] Read(TensorProto proto, string? folder, long expected)
    {
        var entries = new Dictionary<string, string>();
        foreach (var entry in proto.ExternalData)
            entries[entry.Key] = entry.Value;
        if (!entries.TryGetValue("location", out string? location) || location.Length == 0)
            throw new OnnxException("its external data have no location.");
        if (folder is null)
            throw new OnnxException($"its data are in the file '{location}', but the model was not read from a folder.");
        string path = Resolve(folder, location);
        long offset = Number(entries, "offset") ?? 0;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new OnnxException($"its data file '{location}' is missing beside the model.");
            long length = Number(entries, "length") ?? file.Length - offset;
            if (offset < 0 || length < 0 || offset > file.Length || length > file.Length - offset)
                throw new OnnxException($"its data are said to be bytes {offset} to {offset}+{length} of '{location}', which has {file.Length}.");
            if (length != expected)
                throw new OnnxException($"its data take {length} bytes of '{location}', but its shape and type ask for {expected}.");
            var bytes = new byte[length];
            using var stream = file.OpenRead();
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OnnxException($"its data file '{location}' cannot be read: {error.Message}", error);
        }
    }

    private static string Resolve(string folder, string location)
    {
        string[] parts = location.Split('/', '\\');
        if (location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal) || parts.Contains(".."))
            throw Outside(location);
        string root = Real(Path.GetFullPath(folder)), path = root;
        foreach (string part in parts)
        {
            path = Real(Path.Combine(path, part));
            if (path != root && !path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw Outside(location);
        }
        return path;
    }

    /// <summary>The path with a symbolic link at its end followed.</summary>
    private static string Real(string path)
    {
        try
        {
            FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            // A link without a target exists as a link only.
            if (!info.Exists && info.LinkTarget is null)
                return path;
            return Path.GetFullPath(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OnnxException($"its data file '{path}' cannot be read: {error.Message}", error);
        }
    }

    private static OnnxException Outside(string location) =>
        new($"its data file '{location}' is outside the model's folder: external data must be in the folder or below it.");

    private static long? Number(Dictionary<string, string> entries, string key)
    {
        if (!entries.TryGetValue(key, out string? text) || text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new OnnxException($"the {key} '{text}' of its external data is not a number.");
    }
}
