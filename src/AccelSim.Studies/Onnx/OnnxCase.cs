using AccelSim.Models.Onnx;
using AccelSim.Models.Onnx.Tensors;

namespace AccelSim.Studies.Onnx;

/// <summary>One set of inputs and expected outputs of a model.</summary>
/// <param name="Name">Path below the folder that was asked for.</param>
/// <param name="ModelFile">The model.</param>
/// <param name="DataFolder">The folder of input_*.pb and output_*.pb; null for a light network, whose input is arange(n) ÷ n.</param>
/// <param name="Outputs">Files of the expected outputs, in order.</param>
public sealed record OnnxCase(string Name, string ModelFile, string? DataFolder, IReadOnlyList<string> Outputs)
{
    /// <summary>
    /// The cases below folders: a folder with model.onnx and test_data_set_* (the layout of the ONNX backend tests), and NAME.onnx beside
    /// NAME_output_0.pb (the layout of its light networks). Sorted by name.
    /// </summary>
    /// <exception cref="OnnxException">A folder is missing or holds no case.</exception>
    public static IReadOnlyList<OnnxCase> Find(IEnumerable<string> folders)
    {
        var cases = new List<OnnxCase>();
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
                throw new OnnxException($"{folder}: there is no such folder.");
            int before = cases.Count;
            foreach (string model in Directory.EnumerateFiles(folder, "*.onnx", new EnumerationOptions { RecurseSubdirectories = true }).Order(StringComparer.Ordinal))
                cases.AddRange(Of(model, folder));
            if (cases.Count == before)
                throw new OnnxException($"{folder} holds no case: model.onnx with test_data_set_*/input_*.pb and output_*.pb is needed, in it or below.");
        }
        return cases;
    }

    /// <summary>Input values by name.</summary>
    /// <exception cref="OnnxException">A file cannot be read.</exception>
    public IReadOnlyDictionary<string, HostTensor> Inputs(OnnxModel model)
    {
        var initializers = model.Proto.Graph?.Initializer.Select(initializer => initializer.Name).ToHashSet() ?? [];
        var names = (model.Proto.Graph?.Input ?? []).Select(input => input.Name).Where(name => !initializers.Contains(name)).ToList();
        var values = new Dictionary<string, HostTensor>();
        if (DataFolder is null)
        {
            foreach (string name in names)
                values[name] = Ramp(model.Proto.Graph!.Input.First(input => input.Name == name));
            return values;
        }
        for (int i = 0; i < names.Count; i++)
        {
            string file = Path.Combine(DataFolder, $"input_{i}.pb");
            if (File.Exists(file))
                values[names[i]] = TensorReader.Read(OnnxModel.LoadTensor(file));
        }
        return values;
    }

    /// <exception cref="OnnxException">A file cannot be read.</exception>
    public IReadOnlyList<HostTensor> Expected() => [.. Outputs.Select(file => TensorReader.Read(OnnxModel.LoadTensor(file)))];

    private static IEnumerable<OnnxCase> Of(string model, string root)
    {
        string folder = Path.GetDirectoryName(model)!;
        string[] sets = [.. Directory.EnumerateDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal)];
        foreach (string set in sets)
        {
            string relative = Path.GetRelativePath(root, folder);
            string name = relative == "." ? Path.GetFileName(Path.GetFullPath(folder)) : relative;
            yield return new OnnxCase(sets.Length == 1 ? name : $"{name}/{Path.GetFileName(set)}", model, set, Numbered(set, "output_"));
        }
        string stem = Path.GetFileNameWithoutExtension(model);
        if (sets.Length == 0 && Numbered(folder, $"{stem}_output_") is { Count: > 0 } outputs)
            yield return new OnnxCase(Path.ChangeExtension(Path.GetRelativePath(root, model), null), model, null, outputs);
    }

    private static List<string> Numbered(string folder, string prefix)
    {
        var files = new List<string>();
        while (Path.Combine(folder, $"{prefix}{files.Count}.pb") is var file && File.Exists(file))
            files.Add(file);
        return files;
    }

    private static HostTensor Ramp(Models.Onnx.Schema.ValueInfoProto input)
    {
        int[] extents = [.. (input.Type?.TensorType?.Shape?.Dim ?? []).Select(dimension => (int)Math.Clamp(dimension.DimValue, 1, int.MaxValue))];
        long count = HostTensor.Count(extents);
        if (count > Array.MaxLength)
            throw new OnnxException($"the input '{input.Name}' has {count} elements.");
        var values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = i / (float)values.Length;
        return HostTensor.Of(extents, values);
    }
}
