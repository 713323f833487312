using AccelSim.Models.Onnx.Import;

namespace AccelSim.Models.Onnx;

/// <summary>ONNX files to layer graphs: operator sets 6 to 25 of ONNX (https://onnx.ai/onnx/operators), and some of com.microsoft's quantized ones.</summary>
public static class OnnxImporter
{
    public const int OldestOpset = 6;

    public const int NewestOpset = 25;

    /// <summary>Imports a file.</summary>
    /// <exception cref="OnnxException">It cannot be imported; the message names file, node and operator, and the remedy.</exception>
    public static ImportedNetwork Import(string path, OnnxImportOptions? options = null, CancellationToken cancellation = default) =>
        Import(OnnxModel.Load(path), options, cancellation);

    /// <summary>Imports a parsed model.</summary>
    /// <exception cref="OnnxException">It cannot be imported; the message names file, node and operator, and the remedy.</exception>
    public static ImportedNetwork Import(OnnxModel model, OnnxImportOptions? options = null, CancellationToken cancellation = default) =>
        new GraphImport(model, options ?? new OnnxImportOptions()).Run(cancellation);
}
